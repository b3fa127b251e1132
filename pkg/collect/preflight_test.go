package collect_test

import (
	"context"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// kindOf is the kind of a role that the recorded cluster serves.
func kindOf(t *testing.T, c *collect.Collector, role backup.Role) *system.Kind {
	t.Helper()
	kind, err := c.KindFor(context.Background(), role, "", func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	return kind
}

func manifestOf(spec map[string]any) map[string]any {
	return map[string]any{"apiVersion": "velero.io/v1", "kind": "Backup", "metadata": map[string]any{"name": "new", "namespace": "velero"}, "spec": spec}
}

// setFlags has the recorded server started with these flags.
func setFlags(r *recorded, flags ...any) {
	deployment := r.objects["deployments.apps"][0]
	containers := deployment["spec"].(map[string]any)["template"].(map[string]any)["spec"].(map[string]any)["containers"].([]any)
	containers[0].(map[string]any)["args"] = append([]any{"server"}, flags...)
}

func TestPreflightOfANamedLocation(t *testing.T) {
	source := veleroWithKeys(t)
	bsl(source)["spec"].(map[string]any)["default"] = true
	c := withStorage(t, source, bucketOf(t, "b", nightlyFiles(t)))
	kind := kindOf(t, c, backup.RoleBackup)
	for _, spec := range []map[string]any{{"storageLocation": "default"}, {}} {
		got := c.PreflightStorage(context.Background(), kind, manifestOf(spec))
		if got == nil || got.Location.Name != "default" || got.Lookup != backup.Found || got.Named != (len(spec) == 1) || got.Seen.Location.Root.Listed != backup.Yes {
			t.Errorf("%v: %+v", spec, got)
		}
	}
	if got := c.PreflightStorage(context.Background(), kind, manifestOf(map[string]any{"storageLocation": "nosuch"})); got.Lookup != backup.Absent || got.Seen != nil {
		t.Errorf("%+v", got)
	}
}

// Without a default one the server takes the one that it was started with.
func TestPreflightOfTheServersLocation(t *testing.T) {
	for flag, want := range map[string]string{"--v=4": "default", "--default-backup-storage-location=other": "other"} {
		source := veleroWithKeys(t)
		setFlags(source, flag)
		c := collector(t, source)
		if got := c.PreflightStorage(context.Background(), kindOf(t, c, backup.RoleBackup), manifestOf(nil)); got.Location.Name != want || got.Named {
			t.Errorf("%s: %+v", flag, got.Location)
		}
	}
	denied := veleroWithKeys(t)
	denied.deny = []string{"backupstoragelocations.velero.io"}
	c := collector(t, denied)
	if got := c.PreflightStorage(context.Background(), kindOf(t, c, backup.RoleBackup), manifestOf(nil)); got.Lookup != backup.Denied {
		t.Errorf("%+v", got)
	}
}

// TiDB names its place itself: it is looked at as if the object were there, with those of others.
func TestPreflightOfAPlaceOfItsOwn(t *testing.T) {
	source := newRecorded(t, "testdata/tidb-stuck")
	source.secrets = map[string]map[string][]byte{"tidb-test/s3": {"access_key": []byte("A"), "secret_key": []byte("B")}}
	c := withStorage(t, source, bucketOf(t, "backup", map[string]string{"mine/data": "x"}))
	kind := kindOf(t, c, backup.RoleBackup)
	draft := func(prefix string) map[string]any {
		return map[string]any{
			"apiVersion": "pingcap.com/v1alpha1", "kind": "Backup", "metadata": map[string]any{"name": "new", "namespace": "tidb-test"},
			"spec": map[string]any{"s3": map[string]any{"provider": "aws", "bucket": "backup", "prefix": prefix, "endpoint": "http://s3.example.com", "region": "us-east-1", "secretName": "s3"}},
		}
	}
	got := c.PreflightStorage(context.Background(), kind, draft("mine"))
	if got == nil || got.Location.Kind != "" || got.Seen.Location.Root.Listed != backup.Yes || !got.Seen.Storage[0].Class.HoldsData() || got.Seen.NeighboursLookup != backup.Found || got.Seen.Location.Secret.Lookup != backup.Found {
		t.Fatalf("%+v", got)
	}
	if got := c.PreflightStorage(context.Background(), kind, draft("free")); got.Seen.Storage[0].Class.HoldsData() {
		t.Errorf("%+v", got.Seen.Storage)
	}
	if got := c.PreflightStorage(context.Background(), kind, manifestOf(nil)); got != nil {
		t.Errorf("a manifest without a place: %+v", got)
	}
	if got := c.PreflightVolumes(context.Background(), kind, draft("mine")); got != nil {
		t.Errorf("volumes of TiDB: %+v", got)
	}
}

func TestPreflightOfVolumes(t *testing.T) {
	source := veleroWithKeys(t)
	source.objects["persistentvolumeclaims"] = []map[string]any{{
		"metadata": map[string]any{"name": "db", "namespace": "shop"}, "status": map[string]any{"phase": "Bound"},
		"spec": map[string]any{"volumeName": "pv"},
	}}
	source.objects["persistentvolumes"] = []map[string]any{{"metadata": map[string]any{"name": "pv"}, "spec": map[string]any{"nfs": map[string]any{}}}}
	c := collector(t, source)
	kind := kindOf(t, c, backup.RoleBackup)
	got := c.PreflightVolumes(context.Background(), kind, manifestOf(map[string]any{"includedNamespaces": []any{"shop"}}))
	if got == nil || got.Lookup != backup.Found || len(got.Volumes) != 1 || got.Volumes[0].Claim != "db" || got.Volumes[0].State != backup.VolumeNotCopied {
		t.Errorf("%+v", got)
	}
	for _, resource := range []string{"persistentvolumes", "deployments.apps"} {
		source.deny = []string{resource}
		if got := c.PreflightVolumes(context.Background(), kind, manifestOf(nil)); got.Lookup != backup.Denied || got.Error == "" {
			t.Errorf("%s: %+v", resource, got)
		}
	}
}
