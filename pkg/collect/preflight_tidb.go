package collect

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// tidbLook gathers what a restore of TiDB would meet.
type tidbLook struct {
	*Collector
	kind     *system.Kind
	manifest map[string]any
	skip     []backup.PreflightCheck
	look     *backup.TiDBRestoreLook
}

// RestoreTiDB looks at what a restore of TiDB would meet: the manifest is that of the
// restore, full and log are the Backups that it is made from, as far as one is named.
// What could not be read is said at each part; what is only for checks in skip is left out.
func (c *Collector) RestoreTiDB(ctx context.Context, kind *system.Kind, manifest, full, log map[string]any, skip []backup.PreflightCheck) *backup.TiDBRestoreLook {
	ctx, cancel := context.WithTimeoutCause(ctx, restoreTime, errRestoreTime)
	defer cancel()
	t := &tidbLook{Collector: c, kind: kind, manifest: manifest, skip: skip, look: &backup.TiDBRestoreLook{}}
	t.look.Start, t.look.Until = pointInTime(nested(manifest, "spec", "logRestoreStartTs")), pointInTime(nested(manifest, "spec", "pitrRestoredTs"))
	var wg sync.WaitGroup
	for _, part := range t.parts(full, log) {
		if slices.ContainsFunc(part.checks, t.wants) {
			wg.Go(func() { part.read(ctx) })
		}
	}
	wg.Wait()
	return t.look
}

func (t *tidbLook) wants(check backup.PreflightCheck) bool { return !slices.Contains(t.skip, check) }

// parts are what is read: the cluster, and what is restored, which
// is a dump, a full backup, or a log and the full backup that it goes on from.
func (t *tidbLook) parts(full, log map[string]any) []restorePart {
	of := []backup.PreflightCheck{backup.CheckBackup, backup.CheckVersions, backup.CheckPointInTime}
	parts := []restorePart{
		{t.target, []backup.PreflightCheck{backup.CheckCluster, backup.CheckVersions}},
	}
	spec := object(t.manifest, "spec")
	mode := nested(spec, "restoreMode")
	switch {
	case object(spec, "br") == nil:
		return append(parts, restorePart{func(ctx context.Context) { t.look.Full = t.dump(ctx) }, of})
	case mode != "pitr":
		return append(parts, restorePart{func(ctx context.Context) { t.look.Full = t.source(ctx, full, spec, mode) }, of})
	}
	parts = append(parts, restorePart{func(ctx context.Context) { t.look.Log = t.source(ctx, log, spec, "log") }, of})
	if place := fullPlace(spec); place != nil {
		parts = append(parts, restorePart{func(ctx context.Context) { t.look.Full = t.source(ctx, full, place, "snapshot") }, of})
	}
	return parts
}

// target reads the cluster into which is restored.
func (t *tidbLook) target(ctx context.Context) {
	spec := object(t.manifest, "spec")
	name, namespace := nested(spec, "br", "cluster"), nested(spec, "br", "clusterNamespace")
	if object(spec, "br") == nil {
		t.look.Host = nested(spec, "to", "host")
		return
	}
	if namespace == "" {
		namespace = nested(t.manifest, "metadata", "namespace")
	}
	served, known := t.resource(t.kind.Served.Group, "tidbclusters")
	if !known {
		served = backup.Served{Group: t.kind.Served.Group, Resource: "tidbclusters", Kind: "TidbCluster"}
	}
	found := &backup.TiDBCluster{Ref: served.Ref(namespace, name)}
	t.look.Cluster = found
	if !known {
		found.Read = backup.Read{Lookup: backup.Failed, Error: "the cluster serves no TidbClusters, as far as it says"}
		return
	}
	raw, err := t.Cluster.Get(ctx, served, namespace, name)
	found.Read, found.Version = read(ctx, err), tikvVersion(raw)
}

// tikvVersion is the version of TiKV, as the operator takes it (pingcap/tidb-operator@v1.6.0
// pkg/apis/pingcap/v1alpha1/tidbcluster.go, TiKVImage).
func tikvVersion(cluster map[string]any) string {
	version := nested(cluster, "spec", "tikv", "version")
	if version == "" {
		version = nested(cluster, "spec", "version")
	}
	if image := nested(cluster, "spec", "tikv", "image"); version == "" && image != "" {
		if _, tag, tagged := strings.Cut(image[strings.LastIndex(image, "/")+1:], ":"); tagged {
			version = tag
		}
	}
	return strings.TrimPrefix(version, "v")
}
