package compose

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const fullBackup = "br: {cluster: basic}, s3: {provider: aws, bucket: b, prefix: p}"

func TestWhatTiDBOperatorWouldMakeInvalid(t *testing.T) {
	for _, tc := range []struct {
		spec string
		want string // paths of the faults, or a part of the only fault
	}{
		{fullBackup, ""},
		{fullBackup + ", backupType: db", "spec.br.db"},
		{fullBackup + ", backupType: table", "spec.br.db spec.br.table"},
		{fullBackup + ", backupType: raw", "spec.backupType"},
		{fullBackup + ", gcs: {bucket: b, projectId: q}", "spec.gcs"},
		{fullBackup + ", backoffRetryPolicy: {minRetryDuration: 300s, retryTimeout: soon}", "spec.backoffRetryPolicy.retryTimeout"},
		{"br: {}, s3: {bucket: b}", "spec.br.cluster"},
		{"br: {cluster: basic}", "spec.s3"},
		{"br: {cluster: basic}, s3: {endpoint: 'minio:9000'}", "spec.s3.bucket spec.s3.endpoint"},
		{"br: {cluster: basic}, s3: {bucket: b, endpoint: 'http://minio:9000'}", ""},
		{"br: {cluster: basic}, gcs: {bucket: b}", "spec.gcs.projectId"},
		{"br: {cluster: basic}, azblob: {prefix: p}", "spec.azblob.container"},
		{"br: {cluster: basic}, local: {prefix: p}", ""},
		{"s3: {bucket: b}", "spec.br.cluster"},
		{"s3: {bucket: b}, backupMode: log", "spec.br.cluster"},
		{"s3: {bucket: b, endpoint: minio}, from: {host: h, secretName: s}, storageSize: 1Gi", ""},
		{"s3: {bucket: b}, from: {host: h}", "spec.from.secretName spec.storageSize"},
		{fullBackup + ", backupMode: log", ""},
		{fullBackup + ", backupMode: log, commitTs: '400036290571534337'", ""},
		{fullBackup + ", backupMode: log, commitTs: '2026-11-21T09:00:00Z'", ""},
		{fullBackup + ", backupMode: log, commitTs: soon, logStop: true, logTruncateUntil: '2026-11-21 09:00:00'", "spec.commitTs spec.logStop spec.logTruncateUntil"},
	} {
		faults := Refused(whole(t, "{metadata: {name: a}, spec: {"+tc.spec+"}}"), TiDB, backup.RoleBackup)
		if got := strings.Join(paths(faults), " "); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.spec, got, tc.want)
		}
	}
}

func TestWhatTiDBOperatorWouldMakeInvalidInASchedule(t *testing.T) {
	for _, tc := range [][2]string{
		{"backupTemplate: {" + fullBackup + "}, maxReservedTime: 720h", ""},
		{"backupTemplate: {" + fullBackup + "}, maxReservedTime: 30d", "spec.maxReservedTime"},
		{"backupTemplate: {" + fullBackup + "}, maxReservedTime: -1h", "spec.maxReservedTime"},
		{"backupTemplate: {}", "spec.backupTemplate.s3 spec.backupTemplate.br.cluster"},
		{"backupTemplate: {s3: {bucket: b}, from: {host: h, secretName: s}}", ""},
		{"backupTemplate: {" + fullBackup + "}, logBackupTemplate: {" + fullBackup + ", backupMode: log}", ""},
		{"backupTemplate: {" + fullBackup + "}, logBackupTemplate: {" + fullBackup + "}", "spec.logBackupTemplate.backupMode"},
	} {
		if got := strings.Join(paths(Refused(whole(t, "{metadata: {name: a}, spec: {"+tc[0]+"}}"), TiDB, backup.RoleSchedule)), " "); got != tc[1] {
			t.Errorf("%s: %q, want %q", tc[0], got, tc[1])
		}
	}
	if got := Refused(map[string]any{}, TiDB, backup.RoleLocation); got != nil {
		t.Errorf("a location: %v", got)
	}
}

func TestNamesOfWhichNoJobCouldBeMade(t *testing.T) {
	for _, tc := range []struct {
		role       backup.Role
		spec       string
		fits, long int
	}{
		{backup.RoleBackup, fullBackup, 56, 57},
		{backup.RoleBackup, fullBackup + ", backupMode: log", 43, 44},
		{backup.RoleSchedule, "backupTemplate: {" + fullBackup + "}", 36, 37},
	} {
		for length, want := range map[int]string{tc.fits: "", tc.long: "metadata.name"} {
			object := whole(t, "{metadata: {name: "+strings.Repeat("a", length)+"}, spec: {"+tc.spec+"}}")
			if got := strings.Join(paths(Refused(object, TiDB, tc.role)), " "); got != want {
				t.Errorf("a %s with a name of %d: %q, want %q", tc.role, length, got, want)
			}
		}
	}
}

func TestABackupOfATiDBSchedule(t *testing.T) {
	how, ok := SchedulingOf(TiDB)
	if !ok {
		t.Fatal("TiDB Operator has no schedules")
	}
	at := time.Date(2026, 11, 21, 10, 7, 12, 0, time.FixedZone("", 3600))
	if got := how.ChildName("nightly", at); got != "nightly-2026-11-21t09-07-12" {
		t.Errorf("its name is %s", got)
	}
	const head = "apiVersion: pingcap.com/v1alpha1, metadata: {name: s, namespace: ns, uid: u, labels: {a: b}, annotations: {m: o}}"
	for spec, want := range map[string]string{
		"backupTemplate: {br: {cluster: c}, s3: {prefix: p/}}, imagePullSecrets: [{name: x}]":                `{"br":{"cluster":"c"},"imagePullSecrets":[{"name":"x"}],"s3":{"prefix":"p/c-pd.ns-2379-2026-11-21t09-07-12"}}`,
		"backupTemplate: {br: {cluster: c, clusterNamespace: o}, gcs: {bucket: b}}":                          `{"br":{"cluster":"c","clusterNamespace":"o"},"gcs":{"bucket":"b","prefix":"c-pd.o-2379-2026-11-21t09-07-12"}}`,
		"backupTemplate: {br: {cluster: c}}":                                                                 `{"br":{"cluster":"c"}}`,
		"backupTemplate: {from: {host: h}, s3: {prefix: p}}, storageClassName: fast":                         `{"from":{"host":"h"},"s3":{"prefix":"p"},"storageClassName":"fast","storageSize":"100Gi"}`,
		"backupTemplate: {from: {host: h}, storageClassName: own}, storageClassName: fast, storageSize: 1Gi": `{"from":{"host":"h"},"storageClassName":"own","storageSize":"1Gi"}`,
		"backupTemplate: {from: {host: h}, storageSize: 2Gi}":                                                `{"from":{"host":"h"},"storageSize":"2Gi"}`,
		"schedule: x": `{"storageSize":"100Gi"}`,
	} {
		object := map[string]any{"metadata": map[string]any{}}
		if err := how.Child(object, whole(t, "{"+head+", spec: {"+spec+"}}"), at); err != nil {
			t.Errorf("%s: %v", spec, err)
		}
		if got := asJSON(t, object["spec"]); got != want {
			t.Errorf("%s gives\n%s, want\n%s", spec, got, want)
		}
		const meta = `{"annotations":{"m":"o"},"labels":{"a":"b","app.kubernetes.io/instance":"s","app.kubernetes.io/managed-by":"backup-schedule-operator","app.kubernetes.io/name":"backup-schedule","tidb.pingcap.com/backup-schedule":"s"},` +
			`"ownerReferences":[{"apiVersion":"pingcap.com/v1alpha1","blockOwnerDeletion":true,"controller":true,"kind":"BackupSchedule","name":"s","uid":"u"}]}`
		if got := asJSON(t, object["metadata"]); got != meta {
			t.Errorf("%s gives\n%s, want\n%s", spec, got, meta)
		}
	}
}

// A copy with the schedule's label would count as one of its backups, and be deleted as too old.
func TestACopyIsNoBackupOfTheSchedule(t *testing.T) {
	object := map[string]any{}
	other := whole(t, "{metadata: {labels: {a: b, tidb.pingcap.com/backup-schedule: s, app.kubernetes.io/instance: s, app.kubernetes.io/managed-by: x}}, spec: {}}")
	if err := Like(object, other, "spec", "spec"); err != nil {
		t.Fatal(err)
	}
	if got, want := asJSON(t, Get(object, "metadata.labels")), `{"a":"b"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestATiDBScheduleHasTheFieldsOfItsBackups(t *testing.T) {
	for _, f := range tidbBackupFields() {
		want := f.Path
		if below, ok := strings.CutPrefix(want, "spec"); ok {
			want = "spec.backupTemplate" + below
		}
		if got, ok := Find(f.Flag, TiDB, backup.RoleSchedule); !ok || got.Path != want {
			t.Errorf("--%s of a schedule sets %q, want %q", f.Flag, got.Path, want)
		}
	}
	if got := FlagAt("spec.backupTemplate.azblob.container", TiDB, backup.RoleSchedule); got != "--bucket" {
		t.Errorf("the container is set by %s", got)
	}
}

func TestWhichFlagsAreEnough(t *testing.T) {
	for _, tc := range []struct {
		system string
		role   backup.Role
		flags  []string
		set    []string
		want   bool
	}{
		{TiDB, backup.RoleBackup, []string{"bucket"}, nil, true},
		{TiDB, backup.RoleBackup, []string{"labels"}, []string{"spec.ttl=1h"}, false},
		{TiDB, backup.RoleBackup, nil, []string{"spec.s3={bucket: b}"}, true},
		{TiDB, backup.RoleSchedule, []string{"schedule"}, []string{"spec.s3.bucket=b"}, false},
		{TiDB, backup.RoleSchedule, nil, []string{"spec.backupTemplate.gcs.bucket=b"}, true},
		{TiDB, backup.RoleLocation, nil, nil, true},
		{Velero, backup.RoleBackup, nil, nil, true},
	} {
		if got := Enough(tc.system, tc.role, tc.flags, tc.set); got != tc.want {
			t.Errorf("%s, a %s with %v: %t", tc.system, tc.role, tc.flags, got)
		}
	}
	if got := SystemsWith(backup.RoleBackup, "labels", "tidb-cluster"); !slices.Equal(got, []string{TiDB}) {
		t.Errorf("labels and tidb-cluster: %v", got)
	}
	if log := whole(t, "{spec: {backupMode: log}}"); !Endless(log, TiDB) || Endless(log, Velero) || Endless(whole(t, "{spec: {}}"), TiDB) {
		t.Error("what ends by itself is not told")
	}
}
