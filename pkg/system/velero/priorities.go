package velero

import (
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// PrioritiesFlag is the flag of the server that says in which order resources are restored.
const PrioritiesFlag = "--restore-resource-priorities"

// defaultPriorities are the values of the flag where it is not set, by the first
// minor version 1.x that has them, youngest first. That of 1.9 and of versions after 1.18 is not known.
// Source: velero@v1.4.3 to v1.18.3, defaultRestorePriorities below pkg/cmd/server.
func defaultPriorities(minor int64) (string, bool) {
	const (
		first   = "customresourcedefinitions,namespaces,storageclasses,volumesnapshotclass.snapshot.storage.k8s.io,volumesnapshotcontents.snapshot.storage.k8s.io,volumesnapshots.snapshot.storage.k8s.io,"
		volumes = "persistentvolumes,persistentvolumeclaims,"
		moved   = "datauploads.velero.io," + volumes
		old     = first + volumes + "secrets,configmaps,serviceaccounts,limitranges,pods,replicasets.apps"
		config  = "secrets,configmaps,limitranges,"
		pods    = "pods,replicasets.apps,clusterclasses.cluster.x-k8s.io,"
		reached = "endpoints,services"
		last    = ",-,clusterbootstraps.run.tanzu.vmware.com,clusters.cluster.x-k8s.io,clusterresourcesets.addons.cluster.x-k8s.io"
		carvel  = last + ",apps.kappctrl.k14s.io,packageinstalls.packaging.carvel.dev"
	)
	for _, d := range []struct {
		since int64
		value string
	}{
		{19, ""},
		{17, first + moved + "clusterroles,roles,serviceaccounts,clusterrolebindings,rolebindings," + config + "priorityclasses," + pods + reached + carvel},
		{15, first + moved + "serviceaccounts," + config + pods + reached + carvel},
		{12, first + moved + "serviceaccounts," + config + pods + reached + last},
		{11, first + volumes + "serviceaccounts," + config + pods + reached + last},
		{10, first + volumes + "serviceaccounts," + config + pods + "services" + last},
		{9, ""}, // changed between its patches
		{5, old + ",clusters.cluster.x-k8s.io,clusterresourcesets.addons.cluster.x-k8s.io"},
		{4, old},
	} {
		if minor >= d.since {
			return d.value, d.value != ""
		}
	}
	return "", false
}

// Priorities is the order in which a server of a minor version 1.x restores,
// whose container has these arguments. It is not known where a version of which
// the default is not known decides.
func Priorities(args []string, minor int64) (order backup.RestoreOrder, known bool) {
	standard, known := defaultPriorities(minor)
	order.First, order.Last = splitPriorities(standard, nil, nil)
	order.Argument = slices.IndexFunc(args, func(arg string) bool { return arg == PrioritiesFlag || strings.HasPrefix(arg, PrioritiesFlag+"=") })
	if order.Argument < 0 {
		return order, known
	}
	_, value, joined := strings.Cut(args[order.Argument], "=")
	if !joined && order.Argument+1 < len(args) {
		order.Argument, order.Apart = order.Argument+1, true
		value = args[order.Argument]
	}
	order.Flag = value
	order.First, order.Last = splitPriorities(value, order.First, order.Last)
	return order, known || strings.Contains(value, ",-,") // else a part of it is the default
}

// splitPriorities reads a value of the flag. What it does not say of one part is
// left as it was. Source: velero@v1.18.3 pkg/types/priority.go Set.
func splitPriorities(value string, first, last []string) (high, low []string) {
	if value == "" {
		return first, last
	}
	words := strings.Split(value, ",")
	at := slices.Index(words, "-")
	switch {
	case at < 0:
		return words, last
	case at == 0 && len(words) == 1:
		return first, last
	case at == 0:
		return first, words[1:]
	case at == len(words)-1:
		return words[:at], last
	}
	return words[:at], words[at+1:]
}
