package compose_test

import (
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
)

const (
	fullOfTiDB = `{metadata: {name: full, namespace: shop}, spec: {br: {cluster: basic, rateLimit: 64, options: [a]}, backupType: db, tableFilter: [shop.*],
		env: [{name: A}], toolImage: "pingcap/br:v8.1.0", cleanPolicy: Delete, s3: {bucket: b, prefix: full, provider: aws}, gcs: {bucket: other}}}`
	logOfTiDB  = `{metadata: {name: log, namespace: shop}, spec: {backupMode: log, br: {cluster: basic, clusterNamespace: tidb}, s3: {bucket: b, prefix: log, provider: aws}}}`
	dumpOfTiDB = `{metadata: {name: dump, namespace: shop}, spec: {from: {host: h, secretName: s}, s3: {bucket: b, prefix: p, provider: aws}}, status: {backupPath: "s3://b/p/dump.tgz"}}`
)

// object is a manifest of a text in YAML; empty is none.
func objectOf(t *testing.T, text string) map[string]any {
	t.Helper()
	var out map[string]any
	if err := yaml.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestARestoreOfTiDBBeginsWithWhatTheBackupsSay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ full, log, want string }{
		"full": {fullOfTiDB, "", `{azblobKept: x, backupType: db, br: {cluster: basic, clusterNamespace: shop}, env: [{name: A}], s3: {bucket: b, prefix: full, provider: aws}, tableFilter: [shop.*], toolImage: "pingcap/br:v8.1.0"}`},
		"to a point in time": {fullOfTiDB, logOfTiDB, `{azblobKept: x, backupType: db, br: {cluster: basic, clusterNamespace: tidb}, pitrFullBackupStorageProvider: {s3: {bucket: b, prefix: full, provider: aws}},
			restoreMode: pitr, s3: {bucket: b, prefix: log, provider: aws}, tableFilter: [shop.*]}`},
		"log alone":     {"", logOfTiDB, `{azblobKept: x, br: {cluster: basic, clusterNamespace: tidb}, restoreMode: pitr, s3: {bucket: b, prefix: log, provider: aws}}`},
		"dump":          {dumpOfTiDB, "", `{azblobKept: x, s3: {bucket: b, path: "s3://b/p/dump.tgz", provider: aws}}`},
		"nothing":       {"", "", `{azblobKept: x, azblob: {container: old}}`},
		"volumes":       {`{metadata: {namespace: shop}, spec: {backupMode: volume-snapshot, br: {cluster: basic}, s3: {bucket: b}}}`, "", `{azblobKept: x, br: {cluster: basic, clusterNamespace: shop}, restoreMode: volume-snapshot, s3: {bucket: b}}`},
		"no place":      {`{metadata: {namespace: shop}, spec: {br: {cluster: basic}}}`, "", `{azblobKept: x, br: {cluster: basic, clusterNamespace: shop}}`},
		"dump nowhere":  {`{metadata: {namespace: shop}, spec: {}, status: {backupPath: "s3://b/p"}}`, "", `{azblobKept: x}`},
		"file of a pod": {`{metadata: {namespace: shop}, spec: {br: {cluster: basic}, local: {prefix: p}}}`, "", `{azblobKept: x, br: {cluster: basic, clusterNamespace: shop}, local: {prefix: p}}`},
	} {
		object := objectOf(t, `{spec: {azblobKept: x, azblob: {container: old}}}`)
		if err := compose.RestoreOf(object, objectOf(t, c.full), objectOf(t, c.log)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		got, _ := yaml.Marshal(object["spec"])
		want, _ := yaml.Marshal(objectOf(t, c.want))
		if string(got) != string(want) {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
}

func TestALogIsNotTakenForAFullBackup(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ full, log, want string }{
		{logOfTiDB, "", "it is a log backup"},
		{fullOfTiDB, fullOfTiDB, "spec.backupMode is not log"},
		{`{spec: {s3: {bucket: b}}}`, "", "records no path of its dump"},
	} {
		err := compose.RestoreOf(objectOf(t, `{spec: {}}`), objectOf(t, c.full), objectOf(t, c.log))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

func TestWhatTheOperatorRefusesInARestoreIsNamed(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string][]string{
		`{br: {cluster: a}, s3: {bucket: b, endpoint: "http://s3:9000"}}`:                                 nil,
		`{br: {cluster: a}, gcs: {bucket: b}, tikvGCLifeTime: 72h}`:                                       nil,
		`{br: {cluster: a}, azblob: {container: b}}`:                                                      nil,
		`{br: {cluster: a}, local: {volume: {name: v}, volumeMount: {name: v, mountPath: /x}}}`:           nil,
		`{to: {host: h, secretName: s}, storageSize: 1Gi, gcs: {path: "gcs://b/x.tgz"}}`:                  nil,
		`{br: {cluster: a}, s3: {bucket: b}, restoreMode: pitr, logRestoreStartTs: "470615379148800000"}`: nil,
		`{}`:                             {"spec.br.cluster"},
		`{br: {}}`:                       {"spec.br.cluster", "spec.s3"},
		`{br: {cluster: a}, azblob: {}}`: {"spec.azblob.container"},
		`{br: {cluster: a}, s3: {bucket: b, endpoint: "s3:9000"}, backupType: raw, tikvGCLifeTime: long}`: {"spec.backupType", "spec.s3.endpoint", "spec.tikvGCLifeTime"},
		`{br: {cluster: a}, s3: {bucket: b, endpoint: "http://"}, backupType: table}`:                     {"spec.br.db", "spec.br.table", "spec.s3.endpoint"},
		`{br: {cluster: a}, local: {volume: {name: v}, volumeMount: {mountPath: /x}}}`:                    {"spec.local.volumeMount.name"},
		`{br: {cluster: a}, local: {}}`:                                 {"spec.local.volumeMount.mountPath"},
		`{br: {cluster: a}, local: {volumeMount: {mountPath: "/x:y"}}}`: {"spec.local.volumeMount.mountPath"},
		`{to: {}}`: {"spec.to.host", "spec.to.secretName", "spec.storageSize", "spec.s3"},
		`{to: {host: h, secretName: s}, storageSize: 1Gi, s3: {bucket: b}}`: {"spec.s3.path"},
		`{restoreMode: pitr}`: {"spec.restoreMode"},
		`{br: {cluster: a}, s3: {bucket: b}, restoreMode: pitr, pitrRestoredTs: soon}`:                                                                        {"spec.pitrFullBackupStorageProvider", "spec.pitrRestoredTs"},
		`{br: {cluster: a}, s3: {bucket: b}, restoreMode: pitr, logRestoreStartTs: "2026-11-21T10:00:00Z", pitrFullBackupStorageProvider: {s3: {bucket: b}}}`: {"spec.logRestoreStartTs"},
		`{br: {cluster: a}, s3: {bucket: b}, restoreMode: pitr, pitrFullBackupStorageProvider: {s3: {}}}`:                                                     {"spec.pitrFullBackupStorageProvider.s3.bucket"},
		`{br: {cluster: a}, s3: {bucket: b}, pitrRestoredTs: "1", logRestoreStartTs: "1", pitrFullBackupStorageProvider: {s3: {}}}`:                           {"spec.pitrRestoredTs", "spec.logRestoreStartTs", "spec.pitrFullBackupStorageProvider"},
	} {
		object := map[string]any{"metadata": map[string]any{"name": "back"}, "spec": objectOf(t, spec)}
		var got []string
		for _, fault := range compose.Refused(object, compose.TiDB, backup.RoleRestore) {
			got = append(got, fault.Path)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", spec, got, want)
		}
	}
}

func TestTheNameOfARestoreOfTiDBIsThatOfItsJob(t *testing.T) {
	t.Parallel()
	for length, refused := range map[int]bool{55: false, 56: true} {
		object := objectOf(t, `{metadata: {name: `+strings.Repeat("a", length)+`}, spec: {br: {cluster: a}, s3: {bucket: b}}}`)
		if got := compose.Refused(object, compose.TiDB, backup.RoleRestore); (len(got) > 0) != refused {
			t.Errorf("%d characters: %v", length, got)
		}
	}
}
