package compose

import (
	"reflect"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// veleroRestoreFlags are those of `velero restore create` that say something about
// the Restore (velero@v1.18.3 pkg/cmd/cli/restore/create.go).
var veleroRestoreFlags = []string{
	"from-backup", "from-schedule", "include-namespaces", "exclude-namespaces", "namespace-mappings", "labels", "annotations",
	"include-resources", "exclude-resources", "existing-resource-policy", "status-include-resources", "status-exclude-resources",
	"selector", "or-selector", "item-operation-timeout", "restore-volumes", "preserve-nodeports", "include-cluster-resources",
	"allow-partially-failed", "resource-modifier-configmap", "resource-policies-configmap", "write-sparse-files", "parallel-files-download",
}

func TestEachFlagOfVelerosOwnCommandIsThere(t *testing.T) {
	t.Parallel()
	for _, flag := range veleroRestoreFlags {
		if _, ok := Find(flag, Velero, backup.RoleRestore); !ok {
			t.Errorf("--%s is missing", flag)
		}
	}
	if _, ok := Find("storage-class-mapping", Velero, backup.RoleRestore); ok {
		t.Error("a flag of e-backup is one of Velero")
	}
	if !Creates(EBackup, backup.RoleRestore) {
		t.Error("no restore of e-backup can be made")
	}
}

func TestFlagsOfARestoreBecomeItsFields(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ flag, typed, want string }{
		{"from-backup", "nightly", `{"spec":{"backupName":"nightly"}}`},
		{"allow-partially-failed", "true", `{"spec":{}}`},
		{"namespace-mappings", "a:b", `{"spec":{"namespaceMapping":{"a":"b"}}}`},
		{"restore-volumes", "false", `{"spec":{"restorePVs":false}}`},
		{"existing-resource-policy", "update", `{"spec":{"existingResourcePolicy":"update"}}`},
		{"status-include-resources", "workflows", `{"spec":{"restoreStatus":{"includedResources":["workflows"]}}}`},
		{"resource-modifier-configmap", "m", `{"spec":{"resourceModifier":{"kind":"configmap","name":"m"}}}`},
		{"item-operation-timeout", "1d", `{"spec":{"itemOperationTimeout":"24h0m0s"}}`},
		{"parallel-files-download", "3", `{"spec":{"uploaderConfig":{"parallelFilesDownload":3}}}`},
		{"hooks-file", "resources: [{name: a}]", `{"spec":{"hooks":{"resources":[{"name":"a"}]}}}`},
		{"labels", "a.example.com/b=c", `{"spec":{},"metadata":{"labels":{"a.example.com/b":"c"}}}`},
	} {
		field, ok := Find(c.flag, Velero, backup.RoleRestore)
		object := map[string]any{"spec": map[string]any{}}
		if !ok || field.Apply(object, []string{c.typed}) != nil {
			t.Errorf("--%s=%s is not taken", c.flag, c.typed)
			continue
		}
		got, _ := yaml.Marshal(object)
		want, _ := yaml.JSONToYAML([]byte(c.want))
		if string(got) != string(want) {
			t.Errorf("--%s=%s gives\n%s, want\n%s", c.flag, c.typed, got, want)
		}
	}
}

func TestValuesOfFlagsThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	for flag, typed := range map[string]string{
		"namespace-mappings": "a", "existing-resource-policy": "replace", "hooks-file": ": [", "parallel-files-download": "x", "restore-volumes": "maybe",
	} {
		field, _ := Find(flag, Velero, backup.RoleRestore)
		if err := field.Apply(map[string]any{}, []string{typed}); err == nil || !strings.Contains(err.Error(), "--"+flag) {
			t.Errorf("--%s=%s: %v", flag, typed, err)
		}
	}
	field, _ := Find("namespace-mappings", Velero, backup.RoleRestore)
	if err := field.Apply(map[string]any{}, []string{"a:"}); err == nil {
		t.Error("a namespace without a name is taken")
	}
}

func TestWhatTheServerWouldRefuseOfARestoreIsFound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		`{backupName: a}`:                  nil,
		`{scheduleName: a}`:                nil,
		`{}`:                               {"spec.backupName"},
		`{backupName: a, scheduleName: b}`: {"spec.backupName"},
		`{backupName: a, labelSelector: {}, orLabelSelectors: []}`:                       {"spec.orLabelSelectors"},
		`{backupName: a, includedNamespaces: ['*', b]}`:                                  {"spec.includedNamespaces"},
		`{backupName: a, excludedResources: ['*']}`:                                      {"spec.excludedResources"},
		`{backupName: a, includedNamespaces: [b], excludedNamespaces: [b, c]}`:           {"spec.excludedNamespaces"},
		`{backupName: a, includedResources: [nodes, pods], excludedResources: [events]}`: {"spec.includedResources"},
	} {
		var spec map[string]any
		if err := yaml.Unmarshal([]byte(text), &spec); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, fault := range CheckRestore(map[string]any{"spec": spec}) {
			got = append(got, fault.Path)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: faults %v, want %v", text, got, want)
		}
	}
}
