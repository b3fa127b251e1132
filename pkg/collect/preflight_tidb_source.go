package collect

import (
	"context"
	"errors"
	"time"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/tidb"
)

// tidbStorages are the sections of a spec that say where data lies.
var tidbStorages = []string{"s3", "gcs", "azblob", "local"}

// fullPlace is where the full backup lies below a log, with the keys of the log: the
// Job knows no others (pingcap/tidb-operator@v1.6.0 pkg/backup/restore/restore_manager.go).
func fullPlace(spec map[string]any) map[string]any {
	place := runtime.DeepCopyJSON(object(spec, "pitrFullBackupStorageProvider"))
	if len(place) == 0 {
		return nil
	}
	for _, storage := range tidbStorages {
		if section := object(place, storage); section != nil {
			delete(section, "secretName")
			if secret := nested(spec, storage, "secretName"); secret != "" {
				section["secretName"] = secret
			}
		}
	}
	for _, name := range []string{"env", "serviceAccount"} {
		if value, set := spec[name]; set {
			place[name] = value
		}
	}
	return place
}

// source reads a backup of BR as the Job will: at the place of the restore, with its
// keys. Of the Backup that is named the status is taken, but for the path that it
// recorded, since BR does not look there.
func (t *tidbLook) source(ctx context.Context, named, place map[string]any, mode string) *backup.TiDBSource {
	kind := t.kindOf(t.kind.Served.Group, "backups")
	s := &backup.TiDBSource{Named: named != nil}
	s.Seen = backup.Evidence{APIVersion: backup.APIVersion, Kind: "Evidence", At: t.Now().UTC(), Cluster: t.Cluster.Info(ctx)}
	if kind == nil {
		s.Seen.Archive = &backup.Archive{Error: "the cluster serves no Backups of TiDB"}
		return s
	}
	s.Seen.Raw = t.draft(kind, named, place, mode)
	s.Seen.Object = kind.View(s.Seen.Raw)
	if named == nil {
		s.Seen.Object.Phase = backup.PhaseUnknown
	}
	s.From = began(s.Seen.Raw)
	t.Archive(ctx, &s.Seen, ArchiveDepth{})
	if mode != "log" && t.wants(backup.CheckVersions) {
		var err error
		s.Version, err = t.version(ctx, s.Seen.Object)
		s.VersionRead = read(ctx, err)
	}
	return s
}

// draft is a Backup at the place from which is restored.
func (t *tidbLook) draft(kind *system.Kind, named, place map[string]any, mode string) map[string]any {
	served, namespace := kind.Served, nested(t.manifest, "metadata", "namespace")
	out := map[string]any{
		"apiVersion": served.Group + "/" + served.Version, "kind": served.Kind, "spec": map[string]any{"backupMode": mode, "br": map[string]any{}},
		"metadata": map[string]any{"namespace": namespace, "name": nested(t.manifest, "metadata", "name")},
	}
	if mode == "" {
		delete(object(out, "spec"), "backupMode")
	}
	if named != nil {
		out = runtime.DeepCopyJSON(named)
		delete(object(out, "status"), "backupPath")
		object(out, "metadata")["namespace"] = namespace
	}
	spec := object(out, "spec")
	for _, name := range append([]string{"env", "serviceAccount"}, tidbStorages...) {
		delete(spec, name)
		if value, set := place[name]; set {
			spec[name] = value
		}
	}
	return out
}

// version reads of which version the cluster was.
func (t *tidbLook) version(ctx context.Context, of backup.Object) (string, error) {
	location, err := archiveLocation(of)
	if err != nil {
		return "", err
	}
	if t.Storage == nil {
		return "", errors.New("storage was not contacted")
	}
	place, err := t.Storage.Open(ctx, t.Storage.Effective(location), of.Ref.Namespace)
	if err != nil {
		return "", err
	}
	defer func() { _ = place.Close() }()
	return tidb.ClusterVersion(ctx, place)
}

// dump looks whether the one file is there that Lightning will read.
func (t *tidbLook) dump(ctx context.Context) *backup.TiDBSource {
	s := &backup.TiDBSource{Seen: backup.Evidence{
		APIVersion: backup.APIVersion, Kind: "Evidence", At: t.Now().UTC(), Cluster: t.Cluster.Info(ctx), Raw: t.manifest, Object: t.kind.View(t.manifest),
	}}
	if t.Storage == nil {
		return s
	}
	for _, location := range s.Seen.Object.Locations {
		s.Seen.Storage = append(s.Seen.Storage, t.Storage.Probe(ctx, t.Storage.Effective(location), s.Seen.Object.Ref.Namespace))
	}
	return s
}

// began is from when on a Backup holds what was written: the time of a snapshot, or
// the later of the start of a log and of where it was truncated.
func began(b map[string]any) *time.Time {
	from := pointInTime(nested(b, "status", "commitTs"))
	cut := pointInTime(nested(b, "status", "logSuccessTruncateUntil"))
	if from != nil && cut != nil && cut.After(*from) {
		return cut
	}
	return from
}

// pointInTime is a timestamp that can be read, or nil.
func pointInTime(text string) *time.Time {
	at, err := tidb.ParseTimestamp(text)
	if err != nil {
		return nil
	}
	return &at
}
