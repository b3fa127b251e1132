package compose

import (
	"slices"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestWhatAManifestNames(t *testing.T) {
	spec := "{resourcePolicy: {kind: configmap, name: p}, volumeSnapshotLocations: [a, b, c]}"
	named := References(manifest(t, "spec", spec), Velero, backup.RoleBackup)
	var got []string
	for _, r := range named {
		got = append(got, r.Path+" "+r.Served.Kind+" "+r.Name)
	}
	want := []string{
		"spec.resourcePolicy.name ConfigMap p", "spec.volumeSnapshotLocations[0] VolumeSnapshotLocation a",
		"spec.volumeSnapshotLocations[1] VolumeSnapshotLocation b", "spec.volumeSnapshotLocations[2] VolumeSnapshotLocation c",
	}
	if !slices.Equal(got, want) {
		t.Fatalf("named are %q, want %q", got, want)
	}
	if of := References(manifest(t, "spec", "{template: "+spec+"}"), Velero, backup.RoleSchedule); len(of) != 4 || of[0].Path != "spec.template.resourcePolicy.name" {
		t.Errorf("of a schedule %+v", of)
	}
	if of := append(References(manifest(t, "spec", spec), TiDB, backup.RoleBackup), References(manifest(t, "spec", spec), Velero, backup.RoleRestore)...); len(of) > 0 {
		t.Errorf("of others %+v", of)
	}

	policy := whole(t, "{data: {policies.yaml: x}}")
	aws, gcp := whole(t, "{spec: {provider: aws}}"), whole(t, "{spec: {provider: gcp}}")
	for _, tc := range []struct {
		objects []map[string]any
		want    []string
	}{
		{[]map[string]any{policy, aws, gcp, nil}, nil},
		{[]map[string]any{nil, nil, nil, nil}, nil},
		{[]map[string]any{{}, aws, gcp, aws}, []string{"spec.resourcePolicy.name", "spec.volumeSnapshotLocations[2]"}},
	} {
		if got := paths(Misfits(named, tc.objects)); !slices.Equal(got, tc.want) {
			t.Errorf("misfits %v, want %v", got, tc.want)
		}
	}
}
