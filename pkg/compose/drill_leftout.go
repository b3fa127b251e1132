package compose

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// exposing are the kinds that make what is in a cluster reachable from outside, or
// give it a name there.
func exposing() []string {
	return []string{
		"ingresses.networking.k8s.io", "ingresses.extensions", "gateways.gateway.networking.k8s.io", "httproutes.gateway.networking.k8s.io",
		"grpcroutes.gateway.networking.k8s.io", "tlsroutes.gateway.networking.k8s.io", "tcproutes.gateway.networking.k8s.io", "udproutes.gateway.networking.k8s.io",
		"routes.route.openshift.io", "gateways.networking.istio.io", "virtualservices.networking.istio.io", "ingressroutes.traefik.io",
		"ingressroutetcps.traefik.io", "ingressrouteudps.traefik.io", "httpproxies.projectcontour.io", "dnsendpoints.externaldns.k8s.io",
	}
}

// unrestored are the kinds that Velero never restores
// (velero@v1.18.3 pkg/controller/restore_controller.go, nonRestorableResources).
func unrestored() []string {
	return []string{"events", "events.events.k8s.io", "backups.velero.io", "restores.velero.io", "resticrepositories.velero.io", "backuprepositories.velero.io"}
}

// DrillLeftOut are the kinds in a backup that its drill does not restore. Of these
// backups are the kinds of backup systems: their controllers would begin runs that
// write where the originals write, and their deletion may erase what these stored.
func DrillLeftOut(contents backup.DrillContents, backups []string, modifies bool) []backup.DrillLeftOut {
	counts := map[string]int64{}
	for _, object := range contents.Objects {
		counts[object.Resource]++
	}
	var out []backup.DrillLeftOut
	for resource, items := range counts {
		if why := whyLeftOut(resource, contents, backups, modifies); why != "" {
			out = append(out, backup.DrillLeftOut{Resource: resource, Items: items, Why: why})
		}
	}
	slices.SortFunc(out, func(a, b backup.DrillLeftOut) int { return cmp.Compare(a.Resource, b.Resource) })
	return out
}

func whyLeftOut(resource string, contents backup.DrillContents, backups []string, modifies bool) string {
	switch {
	case slices.Contains(unrestored(), resource):
		return "never restored"
	case slices.Contains(exposing(), resource):
		return "would be reachable from outside"
	case strings.HasSuffix(resource, ".snapshot.storage.k8s.io"): // Velero restores volumes from them
		return ""
	case strings.HasSuffix(resource, ".velero.io"):
		return "the server's own"
	case slices.Contains(backups, resource):
		return "would start a run of its own"
	case modifies:
		return ""
	case resource == "services" && len(contents.Services) > 0:
		return "some are reachable from outside, and this Velero cannot change them"
	case resource == "cronjobs.batch" && contents.CronJobs > 0:
		return "would start Jobs, and this Velero cannot suspend them"
	}
	return ""
}

// DrillChosen are the namespaces of a backup that hold something to restore.
func DrillChosen(contents backup.DrillContents, leftOut []backup.DrillLeftOut) []string {
	var out []string
	for _, object := range contents.Objects {
		left := slices.ContainsFunc(leftOut, func(l backup.DrillLeftOut) bool { return l.Resource == object.Resource })
		if !left && !slices.Contains(out, object.Namespace) {
			out = append(out, object.Namespace)
		}
	}
	slices.Sort(out)
	return out
}
