package velero

import (
	"encoding/json"
	"slices"
	"testing"
)

const manifest = `{"apiVersion":"v1","kind":"List","items":[
 {"kind":"CustomResourceDefinition","metadata":{"name":"backups.velero.io"},"spec":{"names":{"kind":"Backup"},
  "versions":[{"schema":{"openAPIV3Schema":{"properties":{"spec":{"properties":{"ttl":{"type":"string"}}}}}}}]}},
 {"kind":"Deployment","spec":{"template":{"spec":{"containers":[{"args":["server"]}]}}}},
 {"kind":"BackupStorageLocation","spec":{"config":{"region":"us-east-1"}},"status":{}}]}`

func items(t *testing.T, encoded []byte) []map[string]any {
	t.Helper()
	var found list
	if err := json.Unmarshal(encoded, &found); err != nil {
		t.Fatal(err)
	}
	return found.Items
}

func TestPrepare(t *testing.T) {
	definitions, rest, err := Prepare([]byte(manifest))
	if err != nil {
		t.Fatal(err)
	}
	if found := items(t, definitions); len(found) != 1 || found[0]["kind"] != "CustomResourceDefinition" {
		t.Errorf("definitions are %v", found)
	}
	found := items(t, rest)
	container := at(found[0], "spec", "template", "spec", "containers").([]any)[0].(map[string]any)
	if args := container["args"].([]any); args[0] != "server" || !slices.Contains(args, any("--item-operation-sync-frequency=1s")) {
		t.Errorf("arguments are %v", args)
	}
	if at(found[1], "spec", "config", "checksumAlgorithm") != "" || at(found[1], "spec", "config", "region") != "us-east-1" {
		t.Errorf("location is %v", found[1])
	}
}

func TestPrepareWantsTheServerAndItsLocation(t *testing.T) {
	for name, manifest := range map[string]string{
		"nothing":           `{"items":[]}`,
		"no location":       `{"items":[{"kind":"Deployment","spec":{"template":{"spec":{"containers":[{}]}}}}]}`,
		"two containers":    `{"items":[{"kind":"Deployment","spec":{"template":{"spec":{"containers":[{},{}]}}}}]}`,
		"location of a gap": `{"items":[{"kind":"BackupStorageLocation","spec":{}}]}`,
		"no JSON":           `velero`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := Prepare([]byte(manifest)); err == nil {
				t.Error("taken without an error")
			}
		})
	}
}

func TestEBackupAddsItsFields(t *testing.T) {
	definitions, _, err := Prepare([]byte(manifest))
	if err != nil {
		t.Fatal(err)
	}
	extended, err := EBackup(definitions)
	if err != nil {
		t.Fatal(err)
	}
	version := at(items(t, extended)[0], "spec", "versions").([]any)[0].(map[string]any)
	fields := at(version, "schema", "openAPIV3Schema", "properties", "spec", "properties").(map[string]any)
	if fields["runMode"] == nil || fields["appData"] == nil || fields["ttl"] == nil {
		t.Errorf("fields are %v", fields)
	}
	if _, err := EBackup([]byte(`{"items":[{"spec":{"names":{"kind":"Restore"},"versions":[{}]}}]}`)); err == nil {
		t.Error("a definition without a schema was taken")
	}
}
