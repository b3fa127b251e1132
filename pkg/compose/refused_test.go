package compose

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestWhatVelerosServerRefuses(t *testing.T) {
	for _, tc := range []struct {
		spec string
		want []string // the fields
	}{
		{"{}", nil},
		{"{includedNamespaces: ['*'], excludedNamespaces: [a, 'b-*', 'c[0-9]'], ttl: 720h0m0s}", nil},
		{"{includedResources: [a], includedNamespaceScopedResources: [b]}", []string{"spec.includedNamespaceScopedResources"}},
		{"{includeClusterResources: false, excludedClusterScopedResources: [b]}", []string{"spec.excludedClusterScopedResources"}},
		{"{includedResources: [], excludedClusterScopedResources: [b]}", nil},
		{"{labelSelector: {}, orLabelSelectors: []}", []string{"spec.orLabelSelectors"}},
		{"{includedResources: ['*', a]}", []string{"spec.includedResources"}},
		{"{excludedResources: ['*']}", []string{"spec.excludedResources"}},
		{"{includedResources: [a], excludedResources: [a]}", []string{"spec.excludedResources"}},
		{"{excludedClusterScopedResources: ['*']}", nil},
		{"{excludedClusterScopedResources: ['*', a]}", []string{"spec.excludedClusterScopedResources"}},
		{"{includedClusterScopedResources: [a], excludedClusterScopedResources: ['*']}", []string{"spec.excludedClusterScopedResources"}},
		{"{includedNamespaces: [Shop]}", []string{"spec.includedNamespaces"}},
		{"{includedNamespaces: ['a**']}", []string{"spec.includedNamespaces"}},
		{"{includedNamespaces: ['a[']}", []string{"spec.includedNamespaces"}},
		{"{includedNamespaces: ['']}", nil},
		{"{ttl: 30d}", []string{"spec.ttl"}},
		{"{csiSnapshotTimeout: -1s, itemOperationTimeout: x}", []string{"spec.csiSnapshotTimeout", "spec.itemOperationTimeout"}},
		{"{hooks: {resources: [{pre: [{exec: {timeout: 30s}}], post: [{exec: {timeout: 30}}, {exec: {timeout: 1d}}]}]}}", []string{"spec.hooks.resources[0].post[1].exec.timeout"}},
		{"{resourcePolicy: {kind: Secret, name: a}}", []string{"spec.resourcePolicy.kind"}},
		{"{resourcePolicy: {kind: ConfigMap, name: a}}", nil},
		{"{uploaderConfig: {parallelFilesUpload: -1}}", []string{"spec.uploaderConfig.parallelFilesUpload"}},
	} {
		faults := Refused(manifest(t, "spec", tc.spec), Velero, backup.RoleBackup)
		if got := paths(faults); !slices.Equal(got, tc.want) {
			t.Errorf("%s: refused %v, want %v", tc.spec, got, tc.want)
		}
	}
}

func TestTheFieldOfATemplateIsNamed(t *testing.T) {
	schedule := manifest(t, "spec", "{template: {ttl: 30d, includedResources: [a], excludedNamespaceScopedResources: [b]}}")
	faults := Refused(schedule, Velero, backup.RoleSchedule)
	if got, want := paths(faults), []string{"spec.template.excludedNamespaceScopedResources", "spec.template.ttl"}; !slices.Equal(got, want) {
		t.Fatalf("refused %v, want %v", got, want)
	}
	if want := "spec.template.excludedNamespaceScopedResources: --exclude-namespace-scoped-resources is one of the new filters and --include-resources one of the old; Velero takes the ones or the others"; faults[0].Error() != want {
		t.Errorf("got  %s\nwant %s", faults[0].Error(), want)
	}
}

func TestAScheduleWhoseNameIsNoLabel(t *testing.T) {
	long := strings.Repeat("a", 64)
	object := whole(t, "{metadata: {name: "+long+"}, spec: {template: {}}}")
	if got := paths(Refused(object, Velero, backup.RoleSchedule)); !slices.Equal(got, []string{"metadata.name"}) {
		t.Errorf("refused %v, want metadata.name", got)
	}
	if got := append(Refused(object, Velero, backup.RoleBackup), Refused(whole(t, "{metadata: {name: "+long[1:]+"}}"), Velero, backup.RoleSchedule)...); len(got) > 0 {
		t.Errorf("refused %v", got)
	}
}

func TestWhatEBackupWants(t *testing.T) {
	for spec, want := range map[string][]string{
		"{}": {"spec.runMode", "spec.storageLocation"},
		"{runMode: Normal, storageLocation: obs}":                                                        nil,
		"{runMode: Normal, storageLocation: obs, includedNamespaces: [a], excludedNamespaces: [b]}":      {"spec.excludedNamespaces"},
		"{runMode: Normal, storageLocation: obs, includedNamespaces: [a], defaultVolumesToRestic: true}": nil,
	} {
		if got := paths(Refused(manifest(t, "spec", spec), EBackup, backup.RoleBackup)); !slices.Equal(got, want) {
			t.Errorf("%s: refused %v, want %v", spec, got, want)
		}
	}
}

func TestNothingIsSaidOfWhatIsNotKnown(t *testing.T) {
	object := manifest(t, "spec", "{ttl: 30d}")
	if faults := append(Refused(object, "restic", backup.RoleBackup), Refused(object, Velero, backup.RoleLocation)...); len(faults) > 0 {
		t.Errorf("refused %v", faults)
	}
}

func TestASchemaKnowsItsFields(t *testing.T) {
	schema := manifest(t, "properties", "{spec: {properties: {paused: {type: boolean}}}}")
	if !Knows(schema, "spec.paused") || Knows(schema, "spec.pause") || Knows(schema, "spec.paused.x") {
		t.Error("the schema has spec.paused and nothing else")
	}
}

// manifest is an object with one field, which is given as YAML.
func manifest(t *testing.T, field, text string) map[string]any {
	t.Helper()
	value, err := Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{field: value}
}

func paths(faults []Fault) []string {
	var out []string
	for _, fault := range faults {
		out = append(out, fault.Path)
	}
	return out
}
