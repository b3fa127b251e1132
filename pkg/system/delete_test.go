package system

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// kindFor is the kind of a built-in profile that reads a resource.
func kindFor(t *testing.T, group, version, resource, kind string) *Kind {
	t.Helper()
	registry, err := Load(Options{})
	if err != nil {
		t.Fatal(err)
	}
	kinds := registry.Match([]backup.Served{{Group: group, Version: version, Resource: resource, Kind: kind, Namespaced: true, Preferred: true}}, nil)
	if len(kinds) != 1 {
		t.Fatalf("%d kinds read %s", len(kinds), resource)
	}
	return kinds[0]
}

func veleroBackup(phase string, spec map[string]any) map[string]any {
	spec["storageLocation"] = "default"
	return map[string]any{
		"apiVersion": "velero.io/v1", "kind": "Backup", "spec": spec, "status": map[string]any{"phase": phase},
		"metadata": map[string]any{"name": "demo", "namespace": "velero", "uid": "u1"},
	}
}

// storageIs puts the location of the backup, in a phase; without one there is none.
func storageIs(k *Kind, phase, mode string) {
	ref := backup.Ref{Group: "velero.io", Resource: "backupstoragelocations", Namespace: "velero", Name: "default"}
	if phase == "" {
		k.Related().Put(ref, nil, backup.Absent)
		return
	}
	k.Related().Put(ref, map[string]any{"spec": map[string]any{"accessMode": mode}, "status": map[string]any{"phase": phase}}, backup.Found)
}

func TestDeletionOfAVeleroBackup(t *testing.T) {
	for name, c := range map[string]struct {
		phase, location, mode string
		effect                backup.Effect
		applies               backup.Answer
		says                  string
	}{
		"ended":              {"Completed", "Available", "ReadWrite", backup.EffectErases, backup.Yes, ""},
		"running":            {"InProgress", "Available", "", backup.EffectErases, backup.No, "it is running"},
		"read only":          {"Completed", "Available", "ReadOnly", backup.EffectErases, backup.No, "ReadOnly"},
		"away":               {"Completed", "Unavailable", "", backup.EffectErases, backup.No, "not Available"},
		"no location":        {"Completed", "", "", backup.EffectErases, backup.Yes, ""},
		"never ran":          {"FailedValidation", "Available", "", backup.EffectDeletes, backup.Yes, ""},
		"not begun":          {"Queued", "Available", "", backup.EffectDeletes, backup.Yes, ""},
		"of a later version": {"Dreaming", "Available", "", backup.EffectErases, backup.No, "later version"},
	} {
		kind := kindFor(t, "velero.io", "v1", "backups", "Backup")
		storageIs(kind, c.location, c.mode)
		got := kind.Deletion(veleroBackup(c.phase, map[string]any{}))
		if got.Effect != c.effect || got.Applies != c.applies || !strings.Contains(got.WhyNot, c.says) || !got.Trusted {
			t.Errorf("%s: %+v", name, got)
		}
		if request := got.Create; (request != nil) != (c.effect == backup.EffectErases) || request != nil && request.Ref.Name != "demo-" {
			t.Errorf("%s: the request is %+v", name, request)
		}
		if got.Effect == backup.EffectErases && got.Keep.Applies != backup.No {
			t.Errorf("%s: Velero keeps no data, got %+v", name, got.Keep)
		}
	}
	unread := kindFor(t, "velero.io", "v1", "backups", "Backup").Deletion(veleroBackup("Completed", map[string]any{}))
	if unread.Applies != backup.Unknown {
		t.Errorf("of a location that nobody read: %+v", unread)
	}
}

func tidbBackup(policy, mode string, finalizers []any, conditions ...any) map[string]any {
	return map[string]any{
		"apiVersion": "pingcap.com/v1alpha1", "kind": "Backup",
		"metadata": map[string]any{"name": "demo", "namespace": "db", "uid": "u1", "finalizers": finalizers},
		"spec":     map[string]any{"cleanPolicy": policy, "backupMode": mode, "br": map[string]any{"cluster": "basic"}},
		"status":   map[string]any{"conditions": conditions},
	}
}

func condition(name string) any {
	return map[string]any{"type": name, "status": "True", "lastTransitionTime": "2026-01-05T03:00:00Z"}
}

func TestDeletionOfATidbBackup(t *testing.T) {
	held := []any{"tidb.pingcap.com/backup-protection"}
	kind := kindFor(t, "pingcap.com", "v1alpha1", "backups", "Backup")
	for name, c := range map[string]struct {
		raw     map[string]any
		effect  backup.Effect
		applies backup.Answer
		keeps   backup.Answer
		set     string
		strip   bool
	}{
		"Delete":             {tidbBackup("Delete", "snapshot", held, condition("Complete")), backup.EffectErases, backup.Yes, backup.Yes, "OnFailure", false},
		"Delete, failed":     {tidbBackup("Delete", "snapshot", held, condition("Failed")), backup.EffectErases, backup.Yes, backup.Yes, "Retain", true},
		"Delete, running":    {tidbBackup("Delete", "snapshot", held, condition("Running")), backup.EffectErases, backup.Yes, backup.No, "OnFailure", false},
		"OnFailure":          {tidbBackup("OnFailure", "snapshot", held, condition("Complete")), backup.EffectDeletes, backup.Yes, backup.Yes, "", false},
		"OnFailure, failed":  {tidbBackup("OnFailure", "snapshot", held, condition("Failed")), backup.EffectErases, backup.Yes, backup.Yes, "Retain", true},
		"Retain":             {tidbBackup("Retain", "snapshot", nil, condition("Complete")), backup.EffectDeletes, backup.Yes, backup.Yes, "", false},
		"Retain, set late":   {tidbBackup("Retain", "snapshot", held, condition("Complete")), backup.EffectDeletes, backup.No, backup.Yes, "Retain", true},
		"a log that runs":    {tidbBackup("Delete", "log", held, condition("Running")), backup.EffectErases, backup.No, backup.No, "", false},
		"a log that stopped": {tidbBackup("Delete", "log", held, condition("Stopped")), backup.EffectErases, backup.Yes, backup.No, "", false},
	} {
		got := kind.Deletion(c.raw)
		if got.Effect != c.effect || got.Applies != c.applies || got.Keep.Applies != c.keeps || (got.Keep.Strip != "") != c.strip {
			t.Errorf("%s: %+v", name, got)
		}
		if set := got.Keep.Set; (len(set) > 0) != (c.set != "") || len(set) > 0 && set[0].Value != c.set {
			t.Errorf("%s: sets %v, want %s", name, set, c.set)
		}
	}
	running := kind.Deletion(tidbBackup("Delete", "snapshot", held, condition("Running")))
	if len(running.Warns) != 1 || !running.StopsRun {
		t.Errorf("of a run nobody warns: %+v", running)
	}
}

func TestCancellation(t *testing.T) {
	velero, tidb := kindFor(t, "velero.io", "v1", "backups", "Backup"), kindFor(t, "pingcap.com", "v1alpha1", "backups", "Backup")
	for name, c := range map[string]struct {
		got     func() (backup.Cancellation, []backup.WorkRole)
		applies backup.Answer
		says    string
		works   bool
	}{
		"moving": {func() (backup.Cancellation, []backup.WorkRole) {
			return velero.Cancellation(veleroBackup("WaitingForPluginOperations", map[string]any{}))
		}, backup.Yes, "Velero cannot stop", true},
		"ended": {func() (backup.Cancellation, []backup.WorkRole) {
			return velero.Cancellation(veleroBackup("Completed", map[string]any{}))
		}, backup.No, "does not run", true},
		"not begun": {func() (backup.Cancellation, []backup.WorkRole) {
			return velero.Cancellation(veleroBackup("Queued", map[string]any{}))
		}, backup.Yes, "", false},
		"TiDB, snapshot": {func() (backup.Cancellation, []backup.WorkRole) {
			return tidb.Cancellation(tidbBackup("Delete", "snapshot", nil, condition("Running")))
		}, backup.No, "only by deleting", false},
		"TiDB, log": {func() (backup.Cancellation, []backup.WorkRole) {
			return tidb.Cancellation(tidbBackup("Delete", "log", nil, condition("Running")))
		}, backup.Yes, "", false},
		"a schedule, say": {func() (backup.Cancellation, []backup.WorkRole) {
			return kindFor(t, "velero.io", "v1", "schedules", "Schedule").Cancellation(map[string]any{})
		}, backup.No, "knows no way", false},
	} {
		found, roles := c.got()
		if found.Applies != c.applies || !strings.Contains(found.WhyNot, c.says) || (len(roles) > 0) != c.works {
			t.Errorf("%s: %+v, %v", name, found, roles)
		}
	}
	if set, fields := kindFor(t, "velero.io", "v2alpha1", "datauploads", "DataUpload").Stopping(); len(set) != 1 || !slices.Equal(fields, []string{"spec.cancel"}) {
		t.Errorf("a DataUpload is stopped by %v, in %v", set, fields)
	}
}

func TestWhatABackupProtects(t *testing.T) {
	kind := kindFor(t, "velero.io", "v1", "backups", "Backup")
	for name, c := range map[string]struct {
		spec   map[string]any
		names  []string
		limits string
	}{
		"everything":             {map[string]any{}, []string{"*"}, ""},
		"one namespace":          {map[string]any{"includedNamespaces": []any{"shop"}, "includedResources": nil}, []string{"shop"}, ""},
		"what the server leaves": {map[string]any{"excludedResources": []any{"volumesnapshots.snapshot.storage.k8s.io"}}, []string{"*"}, ""},
		"some resources":         {map[string]any{"includedResources": []any{"configmaps"}}, []string{"*"}, "includedResources"},
		"without volumes":        {map[string]any{"snapshotVolumes": false}, []string{"*"}, "snapshotVolumes"},
		"by labels, not secrets": {map[string]any{"labelSelector": map[string]any{"matchLabels": map[string]any{"a": "b"}}, "excludedResources": []any{"secrets"}}, []string{"*"}, "labelSelector, excludedResources"},
	} {
		got := kind.Coverage(veleroBackup("Completed", c.spec))
		if !got.Known || !slices.Equal(got.Names, c.names) || got.Limits != c.limits {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := kindFor(t, "velero.io", "v1", "schedules", "Schedule").Coverage(map[string]any{}); got.Known {
		t.Errorf("a schedule holds %+v", got)
	}
	if got := kindFor(t, "pingcap.com", "v1alpha1", "backups", "Backup").Coverage(tidbBackup("", "snapshot", nil)); !slices.Equal(got.Names, []string{"db/basic"}) {
		t.Errorf("of TiDB: %+v", got)
	}
}

func TestKin(t *testing.T) {
	kind := kindFor(t, "velero.io", "v1", "backups", "Backup")
	restore := func(of, phase string) map[string]any {
		return map[string]any{"spec": map[string]any{"backupName": of}, "status": map[string]any{"phase": phase}}
	}
	queries := kind.KinQueries(veleroBackup("Completed", map[string]any{}))
	if len(queries) != 2 || queries[0].Fate != backup.FateBlocks || queries[1].Fate != backup.FateGoes {
		t.Fatalf("%+v", queries)
	}
	for name, c := range map[string]struct {
		item         map[string]any
		blocks, goes backup.Answer
	}{
		"running":    {restore("demo", "InProgress"), backup.Yes, backup.Yes},
		"ended":      {restore("demo", "Completed"), backup.No, backup.Yes},
		"of another": {restore("other", "InProgress"), backup.No, backup.No},
	} {
		if blocks, goes := queries[0].Matches(c.item), queries[1].Matches(c.item); blocks != c.blocks || goes != c.goes {
			t.Errorf("%s: blocks %v, goes %v", name, blocks, goes)
		}
	}
}

func TestWhatAProfileMayNotSayOfDeleting(t *testing.T) {
	for says, spec := range map[string]KindSpec{
		"neither deletes nor erases": {Delete: []DeleteSpec{{Effect: backup.EffectStrips, Does: "x"}}},
		"does is empty":              {Delete: []DeleteSpec{{Effect: backup.EffectErases}}},
		"no field of the spec":       {Delete: []DeleteSpec{{Effect: backup.EffectErases, Does: "x", Keep: []KeepSpec{{Set: []FieldSpec{{Path: "/metadata/finalizers"}}}}}}},
		"both needed":                {Kin: []KinSpec{{Resource: "x"}}},
		"neither goes nor blocks":    {Kin: []KinSpec{{Resource: "x", Where: "true"}}},
		"cancel[0]: set":             {Cancel: []CancelSpec{{Set: []FieldSpec{{Path: "/status/phase"}}}}},
		"is no role":                 {Cancel: []CancelSpec{{Works: []backup.WorkRole{"x"}}}},
	} {
		if err := spec.validateRemoval(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want %q, got %v", says, err)
		}
	}
}
