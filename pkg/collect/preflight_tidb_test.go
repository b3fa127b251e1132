package collect_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

// stampOf is a time as TiDB writes it into a checkpoint.
func stampOf(at time.Time) string {
	return string(binary.LittleEndian.AppendUint64(nil, uint64(at.UnixMilli())<<18))
}

func decoded(t *testing.T, text string) map[string]any {
	t.Helper()
	var out map[string]any
	if err := yaml.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// intoTiDB looks before a restore in namespace tidb-test, with a bucket that holds a
// full backup, a log and a dump.
func intoTiDB(t *testing.T, spec, full, log string, skip ...backup.PreflightCheck) *backup.TiDBRestoreLook {
	t.Helper()
	source, c := tidbWithBucket(t)
	source.objects["tidbclusters.pingcap.com"] = []map[string]any{
		decoded(t, `{metadata: {name: basic, namespace: tidb-test}, spec: {version: v8.1.0}}`),
		decoded(t, `{metadata: {name: image, namespace: other}, spec: {tikv: {image: "registry.example.com:5000/tikv:v7.5.1"}}}`),
	}
	return lookBeforeTiDB(t, c, spec, full, log, skip...)
}

func tidbWithBucket(t *testing.T) (*recorded, *collect.Collector) {
	t.Helper()
	source := newRecorded(t, "testdata/tidb-stuck")
	source.served = append(source.served, backup.Served{Group: "pingcap.com", Version: "v1alpha1", Resource: "restores", Kind: "Restore", Namespaced: true, Verbs: []string{"list"}})
	source.secrets = map[string]map[string][]byte{"tidb-test/keys": {"access_key": []byte("A"), "secret_key": []byte("B")}}
	source.objects["serviceaccounts"] = []map[string]any{decoded(t, `{metadata: {name: tidb-backup-manager, namespace: tidb-test}}`)}
	end := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	return source, withStorage(t, source, bucketOf(t, "backup", map[string]string{
		"full/backupmeta": "\x08\x01\x12\x08\"8.1.0\"\n", "full/1/a.sst": "data",
		"log/v1/20261121/a.log": "data", "log/v1/global_checkpoint/1.ts": stampOf(end), "dump/a.tgz": "data",
	}))
}

func lookBeforeTiDB(t *testing.T, c *collect.Collector, spec, full, log string, skip ...backup.PreflightCheck) *backup.TiDBRestoreLook {
	t.Helper()
	manifest := decoded(t, `{apiVersion: pingcap.com/v1alpha1, kind: Restore, metadata: {name: back, namespace: tidb-test}, spec: `+spec+`}`)
	return c.RestoreTiDB(t.Context(), kindOf(t, c, backup.RoleRestore), manifest, decoded(t, full), decoded(t, log), skip)
}

const (
	atFull    = `s3: {provider: aws, bucket: backup, prefix: full, secretName: keys}`
	atLog     = `s3: {provider: aws, bucket: backup, prefix: log, secretName: keys}`
	namedFull = `{metadata: {name: demo, namespace: tidb-test}, spec: {br: {cluster: basic}, s3: {provider: aws, bucket: backup, prefix: old, secretName: gone}},
		status: {commitTs: "2026-11-21T08:00:00Z", backupPath: "s3://backup/old", phase: Complete, conditions: [{type: Complete, status: "True"}]}}`
	namedLog = `{metadata: {name: log, namespace: tidb-test}, spec: {backupMode: log, br: {cluster: basic}},
		status: {commitTs: "2026-11-21T07:00:00Z", logSuccessTruncateUntil: "2026-11-21T07:30:00Z"}}`
)

// The place and the keys are those of the restore, the status that of the Backup.
func TestAFullBackupOfTiDBIsSeenAsTheRestoreWillSeeIt(t *testing.T) {
	t.Parallel()
	l := intoTiDB(t, `{br: {cluster: basic}, `+atFull+`}`, namedFull, `null`)
	full := l.Full
	if full == nil || !full.Named || full.Seen.Archive.Listing != backup.Found || full.Seen.Archive.Place != "s3://backup/full/" || full.Seen.Object.Phase != backup.PhaseCompleted || full.Version != "8.1.0" || full.From == nil || full.From.Hour() != 8 {
		t.Errorf("full %+v, archive %+v", full, full.Seen.Archive)
	}
	if l.Log != nil || l.Cluster == nil || l.Cluster.Lookup != backup.Found || l.Cluster.Version != "8.1.0" {
		t.Errorf("%+v, cluster %+v", l, l.Cluster)
	}
	unnamed := intoTiDB(t, `{br: {cluster: image, clusterNamespace: other}, `+atFull+`}`, `null`, `null`)
	if s := unnamed.Full; s.Named || s.Seen.Object.Phase != backup.PhaseUnknown || s.Seen.Archive.Listing != backup.Found || s.From != nil || unnamed.Cluster.Version != "7.5.1" {
		t.Errorf("%+v, cluster %+v", s, unnamed.Cluster)
	}
}

// A Job has the keys of the log alone, so that the full backup is read with them.
func TestALogAndItsFullBackupAreReadWithTheSameKeys(t *testing.T) {
	t.Parallel()
	spec := `{br: {cluster: gone}, restoreMode: pitr, pitrRestoredTs: "2026-11-21T08:30:00Z", env: [{name: A, value: b}], ` + atLog + `,
		pitrFullBackupStorageProvider: {s3: {provider: aws, bucket: backup, prefix: full, secretName: other}}}`
	l := intoTiDB(t, spec, namedFull, namedLog)
	if l.Full.Seen.Archive.Listing != backup.Found || l.Full.Seen.Object.Locations[0].Credentials.Secret != "keys" || l.Until == nil || l.Cluster.Lookup != backup.Absent {
		t.Errorf("full %+v, until %v, cluster %+v", l.Full.Seen.Archive, l.Until, l.Cluster)
	}
	if run := l.Log.Seen.Archive.Run; run == nil || run.CheckpointAt == nil || run.CheckpointAt.Hour() != 9 || l.Log.From.Minute() != 30 {
		t.Errorf("log %+v", l.Log)
	}
	alone := intoTiDB(t, `{br: {cluster: basic}, restoreMode: pitr, logRestoreStartTs: "2026-11-21T08:30:00Z", `+atLog+`}`, `null`, namedLog)
	if alone.Full != nil || alone.Start == nil || alone.Log == nil {
		t.Errorf("%+v", alone)
	}
}

func TestADumpIsOneFile(t *testing.T) {
	t.Parallel()
	spec := `{to: {host: tidb, secretName: password}, s3: {provider: aws, path: "s3://backup/dump/a.tgz", secretName: keys}}`
	l := intoTiDB(t, spec, `null`, `null`)
	if l.Full == nil || len(l.Full.Seen.Storage) != 1 || !l.Full.Seen.Storage[0].Class.HoldsData() || l.Host != "tidb" || l.Cluster != nil {
		t.Errorf("%+v, storage %+v", l, l.Full.Seen.Storage)
	}
}

func TestWhatIsNotKnownBeforeARestoreOfTiDBIsSaid(t *testing.T) {
	t.Parallel()
	source, c := tidbWithBucket(t)
	c.Storage, source.deny = nil, []string{"tidbclusters.pingcap.com", "serviceaccounts"}
	l := lookBeforeTiDB(t, c, `{br: {cluster: basic}, `+atFull+`}`, namedFull, `null`)
	if l.Cluster.Lookup != backup.Denied || !strings.Contains(l.Full.Seen.Archive.Error, "not contacted") || l.Full.VersionRead.Lookup == backup.Found || l.Full.VersionRead.Lookup == "" {
		t.Errorf("%+v, %+v, full %+v", l, l.Cluster, l.Full)
	}
	dump := lookBeforeTiDB(t, c, `{to: {host: tidb}, s3: {provider: aws, path: "s3://backup/dump/a.tgz"}}`, `null`, `null`)
	if len(dump.Full.Seen.Storage) != 0 {
		t.Errorf("%+v", dump.Full.Seen.Storage)
	}
	skipped := intoTiDB(t, `{br: {cluster: basic}, `+atFull+`}`, namedFull, `null`, backup.CheckBackup, backup.CheckVersions, backup.CheckPointInTime, backup.CheckCluster)
	if skipped.Full != nil || skipped.Cluster != nil {
		t.Errorf("%+v", skipped)
	}
	nowhere := intoTiDB(t, `{br: {cluster: basic}}`, `null`, `null`)
	if nowhere.Full.VersionRead.Lookup == backup.Found {
		t.Errorf("%+v", nowhere.Full)
	}
}
