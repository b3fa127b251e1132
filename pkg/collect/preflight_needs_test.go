package collect_test

import (
	"context"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

// A new backup of TiDB needs the service account of its Jobs and the cluster that it
// backs up; its Secret is looked at with the place.
func TestPreflightOfWhatABackupNeeds(t *testing.T) {
	source := newRecorded(t, "testdata/tidb-stuck")
	c := collector(t, source)
	kind := kindOf(t, c, backup.RoleBackup)
	draft := map[string]any{
		"apiVersion": "pingcap.com/v1alpha1", "kind": "Backup", "metadata": map[string]any{"name": "new", "namespace": "tidb-test"},
		"spec": map[string]any{"serviceAccount": "nobody", "br": map[string]any{"cluster": "nosuch"}, "s3": map[string]any{"bucket": "backup", "secretName": "s3"}},
	}
	got := c.PreflightNeeds(context.Background(), kind, draft)
	if len(got) != 2 || got[0].Ref.Name != "nobody" || got[1].Ref.Name != "nosuch" || got[0].Lookup != backup.Absent || got[1].Lookup != backup.Absent {
		t.Errorf("%+v", got)
	}
	source.deny = []string{"serviceaccounts"}
	if got := c.PreflightNeeds(context.Background(), kind, draft); len(got) != 2 || got[0].Lookup != backup.Denied {
		t.Errorf("%+v", got)
	}
}

// A restore of TiDB needs its Secrets too, with their keys; its cluster has a check of its own.
func TestPreflightOfWhatARestoreNeeds(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string]int{
		`{br: {cluster: basic}, ` + atFull + `}`: 2,
		`{to: {host: tidb, secretName: password}, s3: {provider: aws, path: "s3://backup/dump/a.tgz", secretName: keys}}`: 3,
	} {
		_, c := tidbWithBucket(t)
		manifest := decoded(t, `{apiVersion: pingcap.com/v1alpha1, kind: Restore, metadata: {name: back, namespace: tidb-test}, spec: `+spec+`}`)
		needs := c.PreflightNeeds(t.Context(), kindOf(t, c, backup.RoleRestore), manifest)
		if len(needs) != want {
			t.Errorf("%s: %+v", spec, needs)
		}
		for _, need := range needs {
			if there := need.Ref.Name != "password"; (need.Lookup == backup.Found) != there || len(need.MissingKeys) > 0 {
				t.Errorf("%s: %+v", spec, need)
			}
		}
	}
}

// The location of a backup of Velero is looked at with the place.
func TestPreflightOfWhatABackupOfVeleroNeeds(t *testing.T) {
	c := collector(t, veleroWithKeys(t))
	if got := c.PreflightNeeds(context.Background(), kindOf(t, c, backup.RoleBackup), manifestOf(map[string]any{"storageLocation": "nosuch"})); len(got) > 0 {
		t.Errorf("%+v", got)
	}
	if got := c.PreflightNeeds(context.Background(), kindOf(t, c, backup.RoleLocation), manifestOf(nil)); len(got) > 0 {
		t.Errorf("a location: %+v", got)
	}
}

// What can be wrong with a schedule is asked before it is set to work.
func TestPreflightOfAScheduleThatIsLate(t *testing.T) {
	source := newRecorded(t, "testdata/tidb-stuck")
	source.served = append(source.served, backup.Served{Group: "pingcap.com", Version: "v1alpha1", Resource: "backupschedules", Kind: "BackupSchedule", Namespaced: true, Preferred: true, Verbs: []string{"list"}})
	c := collector(t, source)
	kind := kindOf(t, c, backup.RoleSchedule)
	raw := map[string]any{
		"apiVersion": "pingcap.com/v1alpha1", "kind": "BackupSchedule",
		"metadata": map[string]any{"name": "nightly", "namespace": "tidb-test", "creationTimestamp": "2020-01-01T00:00:00Z"},
		"spec":     map[string]any{"schedule": "0 1 * * *"},
	}
	hit := collect.Hit{Kind: kind, Served: kind.Served, Namespace: "tidb-test", Name: "nightly"}
	got := c.PreflightSchedule(context.Background(), hit, raw)
	if len(got) != 1 || got[0].Code != "BK-T102" || len(got[0].Hits) != 1 {
		t.Errorf("%+v", got)
	}
}
