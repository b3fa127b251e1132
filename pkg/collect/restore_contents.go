package collect

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero"
)

// readContents streams the tarball of the backup once.
func (r *restoreLook) readContents(ctx context.Context) (backup.RestoreContents, error) {
	ev := backup.Evidence{Object: r.look.Source.Object}
	files, err := r.OpenFiles(ctx, ev, backup.FileContents)
	if err != nil {
		return backup.RestoreContents{}, err
	}
	defer func() { _ = files.Close() }()
	file := files.Archive.File(backup.FileContents)
	if file == nil || file.State == backup.FileMissing {
		return backup.RestoreContents{}, fmt.Errorf("the tarball of the backup: %w", fs.ErrNotExist)
	}
	found, err := velero.ReadRestoring(ctx, files.bucket, file.Key, velero.Restoring{
		Selected: func(item velero.Item) bool { return r.scope.item(item.Resource, item.Namespace) },
		Renamed:  r.scope.renamed(),
	})
	if damage := (*velero.DamageError)(nil); errors.As(err, &damage) {
		found.State, found.Damage = velero.ObjectState(err), shortError(damage)
	}
	return found, err
}

var (
	storageClasses = backup.Served{Group: "storage.k8s.io", Version: "v1", Resource: "storageclasses", Kind: "StorageClass"}
	configMaps     = backup.Served{Version: "v1", Resource: "configmaps", Kind: "ConfigMap", Namespaced: true}
)

// The labels by which plugins of Velero find their ConfigMaps
// (velero@v1.18.3 pkg/plugin/framework/common/plugin_config.go).
const (
	classPlugin  = "velero.io/plugin-config,velero.io/change-storage-class=RestoreItemAction"
	helperPlugin = "velero.io/plugin-config,velero.io/pod-volume-restore=RestoreItemAction"
	resticPlugin = "velero.io/plugin-config,velero.io/restic=RestoreItemAction" // before 1.10, and e-backup
)

// classes lists the storage classes, and how the restore exchanges them.
func (r *restoreLook) classes(ctx context.Context) {
	classes := &backup.StorageClasses{Provisioners: map[string]string{}, Mapped: map[string]string{}}
	classes.Read = r.each(ctx, storageClasses, "", cluster.ListOptions{}, func(item map[string]any) {
		classes.Provisioners[nested(item, "metadata", "name")] = nested(item, "provisioner")
	})
	take := func(pairs map[string]any, by string) {
		for from := range pairs {
			classes.Mapped[from], classes.MappedBy = nested(pairs, from), by
		}
	}
	take(object(r.spec, "storageClassMapping"), "spec.storageClassMapping")
	seen := r.each(ctx, configMaps, r.home, cluster.ListOptions{LabelSelector: classPlugin}, func(item map[string]any) {
		take(object(item, "data"), "ConfigMap "+nested(item, "metadata", "name"))
	})
	if seen.Lookup != backup.Found {
		classes.Unmapped = seen.Error
	}
	<-r.listed
	if archive := r.look.Source.Archive; archive != nil && r.scope.item("storageclasses.storage.k8s.io", "") {
		for _, kind := range archive.Resources {
			if kind.Kind == "storage.k8s.io/v1/StorageClass" {
				classes.Restored = kind.Names
			}
		}
	}
	r.look.Classes = classes
}

// ports lists the node ports that Services of the cluster have.
func (r *restoreLook) ports(ctx context.Context) {
	ports := &backup.NodePorts{Owners: map[int64]string{}}
	ports.Read = r.each(ctx, services, "", cluster.ListOptions{}, func(item map[string]any) {
		for _, port := range items(item, "spec", "ports") {
			if n := number(port, "nodePort"); n > 0 {
				ports.Owners[n] = nested(item, "metadata", "namespace") + "/" + nested(item, "metadata", "name")
			}
		}
	})
	r.look.Ports = ports
}

// zones lists the zones of the nodes.
func (r *restoreLook) zones(ctx context.Context) {
	zones := &backup.NodeZones{}
	zones.Read = r.each(ctx, nodes, "", cluster.ListOptions{Metadata: true}, func(item map[string]any) {
		labels := object(item, "metadata", "labels")
		zone := nested(labels, "topology.kubernetes.io/zone")
		if zone == "" {
			zone = nested(labels, "failure-domain.beta.kubernetes.io/zone")
		}
		if zone == "" {
			zones.Unlabelled++
			return
		}
		zones.Zones = appendOnce(zones.Zones, zone)
	})
	r.look.Zones = zones
}
