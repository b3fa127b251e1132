package velero

import (
	"encoding/json"
	"fmt"
)

// EBackup adds the fields of Huawei's e-backup to Velero's definitions.
func EBackup(definitions []byte) ([]byte, error) {
	var all list
	if err := json.Unmarshal(definitions, &all); err != nil {
		return nil, fmt.Errorf("read definitions: %w", err)
	}
	text := map[string]any{"type": "string"}
	mapping := map[string]any{"type": "object", "additionalProperties": text}
	backup := map[string]any{
		"runMode": map[string]any{"type": "string", "enum": []string{"Normal", "AppOnly", "DataOnly", "DryRun"}},
		"appData": map[string]any{"type": "object", "properties": map[string]any{
			"volumes": map[string]any{"type": "string", "enum": []string{"Restic", "Snapshot"}},
		}},
	}
	restore := map[string]any{"storageClassMapping": mapping, "imageRepositoryMapping": mapping}
	for _, item := range all.Items {
		var err error
		switch at(item, "spec", "names", "kind") {
		case "Backup":
			err = addFields(item, backup, "spec")
		case "Schedule":
			err = addFields(item, backup, "spec", "template")
		case "Restore":
			err = addFields(item, restore, "spec")
		}
		if err != nil {
			return nil, err
		}
	}
	return json.Marshal(all)
}

// addFields adds properties to an object in the schema of a definition.
func addFields(definition, fields map[string]any, path ...string) error {
	versions, ok := at(definition, "spec", "versions").([]any)
	if !ok {
		return fmt.Errorf("definition %v has no versions", at(definition, "metadata", "name"))
	}
	for _, version := range versions {
		schema := at(version.(map[string]any), "schema", "openAPIV3Schema")
		for _, name := range path {
			inner, _ := schema.(map[string]any)
			schema = at(inner, "properties", name)
		}
		object, _ := schema.(map[string]any)
		properties, ok := at(object, "properties").(map[string]any)
		if !ok {
			return fmt.Errorf("definition %v has no %v", at(definition, "metadata", "name"), path)
		}
		for name, field := range fields {
			properties[name] = field
		}
	}
	return nil
}
