package collect

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/redact"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero"
)

// restoreResults reads of a restore of Velero that ended with errors what these
// are, what it restored, and in which order its server restores.
func (g *gather) restoreResults(ctx context.Context) {
	o := g.ev.Object
	ofVelero := o.Role == backup.RoleRestore && g.hit.Kind != nil && g.hit.Kind.Archive() == velero.System
	if !ofVelero || !o.Phase.Terminal() || o.Deleting() || number(g.ev.Raw, "status", "errors") == 0 {
		return
	}
	results := &backup.RestoreResults{}
	g.ev.RestoreResults = results
	if !g.depth.Storage {
		results.Lookup, results.Error = backup.NotAsked, "storage was left alone"
		return
	}
	archive := g.readArchive(ctx, g.ev, ArchiveDepth{})
	redactArchive(&archive)
	results.Place, results.Lookup, results.Error = archive.Place, archive.Listing, archive.Error
	for _, role := range []backup.FileRole{backup.FileResults, backup.FileResources} {
		if results.Lookup == backup.Found && !archive.Holds(role) {
			results.Lookup, results.Error = backup.Failed, whyNotHeld(&archive, role)
		}
	}
	if results.Lookup != backup.Found {
		if results.Lookup == backup.NotAsked {
			results.Lookup = backup.Failed
		}
		return
	}
	results.Messages, results.Restored, results.Resources = archive.Messages, archive.Resources, g.resourcesOf(archive.Resources)
	results.Order, results.OrderWhy = g.restoreOrder(ctx)
}

func whyNotHeld(archive *backup.Archive, role backup.FileRole) string {
	if file := archive.File(role); file != nil {
		return strings.TrimSuffix(fmt.Sprintf("the file with its %s is %s: %s", role, file.State, file.Detail), ": ")
	}
	return fmt.Sprintf("there is no file with its %s", role)
}

// resourcesOf are the resources of kinds, as far as the cluster serves them.
func (g *gather) resourcesOf(kinds []backup.ArchivedKind) map[string]string {
	out := map[string]string{}
	for _, k := range kinds {
		parts := strings.Split(k.Kind, "/")
		group := strings.Join(parts[:max(0, len(parts)-2)], "/")
		for _, s := range g.served {
			if s.Group == group && s.Kind == parts[len(parts)-1] {
				out[k.Kind] = backup.Ref{Group: s.Group, Resource: s.Resource}.GroupResource()
			}
		}
	}
	return out
}

// restoreOrder reads the flags of the only server beside the target.
func (g *gather) restoreOrder(ctx context.Context) (*backup.RestoreOrder, string) {
	var orders []backup.RestoreOrder
	why := "no Deployment in namespace " + g.hit.Namespace + " has a container velero"
	err := g.list(ctx, deployments, g.hit.Namespace, cluster.ListOptions{}, func(item map[string]any) error {
		containers := items(item, "spec", "template", "spec", "containers")
		i := slices.IndexFunc(containers, func(c map[string]any) bool { return nested(c, "name") == "velero" })
		if i < 0 {
			return nil
		}
		list := "args"
		if c := texts(containers[i], "command"); slices.ContainsFunc(c, func(w string) bool { return strings.HasPrefix(w, velero.PrioritiesFlag) }) {
			list = "command"
		}
		image := nested(containers[i], "image")
		order, known := velero.Priorities(texts(containers[i], list), system.MinorVersion(image))
		order.Flag = redact.Text(order.Flag)
		if !known {
			why = "the order of the image " + image + " is not known here"
			return nil
		}
		order.Server = deployments.Ref(nested(item, "metadata", "namespace"), nested(item, "metadata", "name"))
		order.Image, order.Container, order.List = image, i, list
		orders = append(orders, order)
		return nil
	})
	switch {
	case err != nil:
		g.gap("deployments in namespace "+g.hit.Namespace, err)
		return nil, "deployments in namespace " + g.hit.Namespace + ": " + shortError(err)
	case len(orders) > 1:
		return nil, "several Deployments in namespace " + g.hit.Namespace + " run a server of Velero"
	case len(orders) == 0:
		return nil, why
	}
	return &orders[0], ""
}
