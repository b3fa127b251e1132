package collect

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero"
)

var (
	claimsServed  = backup.Served{Version: "v1", Resource: "persistentvolumeclaims", Kind: "PersistentVolumeClaim", Namespaced: true}
	volumesServed = backup.Served{Version: "v1", Resource: "persistentvolumes", Kind: "PersistentVolume"}
	spacesServed  = backup.Served{Version: "v1", Resource: "namespaces", Kind: "Namespace"}
)

// PreflightVolumes tells of the volumes in the scope of a new backup of Velero, or
// of a schedule's, what will become of them; nil for other systems.
func (c *Collector) PreflightVolumes(ctx context.Context, kind *system.Kind, manifest map[string]any) *backup.VolumesPreflight {
	if _, _, err := c.Kinds(ctx); err != nil {
		return nil
	}
	draft, of := c.storing(kind, manifest)
	if of == nil || of.Role != backup.RoleBackup || of.Archive() != system.ArchiveVelero {
		return nil
	}
	out := &backup.VolumesPreflight{}
	volumes, err := c.foresee(ctx, of.Served.Group, draft)
	out.Volumes, out.Lookup, out.Error = volumes, lookup(err), shortError(err)
	return out
}

func (c *Collector) foresee(ctx context.Context, group string, draft map[string]any) ([]backup.ForeseenVolume, error) {
	namespace := nested(draft, "metadata", "namespace")
	flags, err := c.serverFlags(ctx, namespace)
	if err != nil {
		return nil, err
	}
	f, err := velero.Foresee(draft, flags)
	if err != nil {
		return nil, err
	}
	for _, list := range c.foreseen(group, namespace, f) {
		options := cluster.ListOptions{LabelSelector: list.selector, Metadata: list.selector != ""}
		if err := c.list(ctx, list.served, list.namespace, options, list.add); err != nil {
			return nil, err
		}
	}
	return f.Volumes(), nil
}

// foreseen is a list of what decides over volumes, and who takes its items.
type foreseen struct {
	served              backup.Served
	namespace, selector string
	add                 func(map[string]any) error
}

// foreseen are the lists in the order in which they are taken: namespaces that are
// left out before pods, and pods before the claims that they use.
func (c *Collector) foreseen(group, home string, f *velero.Foresight) []foreseen {
	namespaces := f.Namespaces()
	if len(namespaces) == 0 {
		namespaces = []string{""}
	}
	lists := []foreseen{{spacesServed, "", velero.ExcludeLabel + "=true", f.AddNamespace}}
	for _, namespace := range namespaces {
		lists = append(lists, foreseen{pods, namespace, "", f.AddPod})
	}
	for _, namespace := range namespaces {
		lists = append(lists, foreseen{claimsServed, namespace, "", f.AddClaim})
	}
	lists = append(lists, foreseen{volumesServed, "", "", f.AddVolume})
	if classes, ok := c.resource("snapshot.storage.k8s.io", "volumesnapshotclasses"); ok {
		lists = append(lists, foreseen{classes, "", "", f.AddSnapshotClass})
	}
	if locations, ok := c.resource(group, "volumesnapshotlocations"); ok {
		lists = append(lists, foreseen{locations, home, "", f.AddSnapshotLocation})
	}
	return lists
}
