package diagnose

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func restoreHelperEntry() entry {
	return entry{Code{
		Code: "BK-B360", Title: "the restore helper's image may not be pullable",
		Explain: "Each restored pod whose files come from a repository is held by an init container until they are there. Where its image cannot be pulled the restore waits until it times out.",
		Why:     "The image comes from a registry from which no running pod has one, as where a cluster is cut off from the internet.",
		Fix:     "Name an image that can be pulled in a ConfigMap of Velero's namespace, labelled velero.io/plugin-config and velero.io/pod-volume-restore=RestoreItemAction (before 1.10 velero.io/restic), key image.",
		Danger:  nothingLost, Source: "velero@v1.18.3 pkg/restore/actions/pod_volume_restore_action.go, internal/velero/images.go of 1.9 to 1.18; the images of running pods",
	}, onRestore(judgeRestoreHelper)}
}

// helperImage is the image of the init container, or why it is not known
// (internal/velero/images.go of Velero 1.9, 1.10 and 1.16).
func helperImage(s *backup.RestoreServer) (image, from, unknown string) {
	if s.Helper != "" {
		return s.Helper, s.HelperFrom.Human(), ""
	}
	if s.HelperRead.Lookup != backup.Found {
		return "", "", notRead("the ConfigMap that may name it", s.HelperRead)
	}
	if s.Lookup != backup.Found || s.Image == "" {
		return "", "", notRead("the server's Deployment", s.Read)
	}
	bare, _, _ := strings.Cut(s.Image, "@")
	tag := bare[strings.LastIndex(bare, ":")+1:]
	major, minor, ok := minor(tag)
	switch {
	case !ok || major != 1 || !strings.HasSuffix(strings.TrimSuffix(bare, ":"+tag), "/velero"):
		return "", "", "the version of " + s.Image + " is not known"
	case minor >= 16:
		return s.Image, "the server's own", ""
	case minor >= 10:
		return "velero/velero-restore-helper:" + tag, "the default of Velero " + tag, ""
	}
	return "velero/velero-restic-restore-helper:" + tag, "the default of Velero " + tag, ""
}

func judgeRestoreHelper(r restoring) []backup.Finding {
	const code = "BK-B360"
	s, used := r.look.Server, r.look.Images
	if s == nil || used == nil {
		return nil
	}
	if !slices.ContainsFunc(r.look.Volumes, func(v backup.ArchivedVolume) bool { return v.Method == backup.MethodPodVolume }) {
		if r.look.VolumesRead != backup.Yes {
			return one(unknown(code, r.subject, "whether files of volumes are restored is not known"))
		}
		return one(fine(code, r.subject, "no files of volumes are restored, so that no helper is needed"))
	}
	image, from, why := helperImage(s)
	if why != "" {
		return one(unknown(code, r.subject, "which image the restore helper has is not known: "+why))
	}
	registry := backup.Registry(image)
	pods := used.Pods[registry]
	text := fmt.Sprintf("the restore helper's image %s (%s) is of registry %s", image, from, registry)
	switch {
	case pods > 0:
		return one(fine(code, r.subject, text+", as those of "+counted(pods, "running pod")))
	case used.Lookup != backup.Found:
		return one(unknown(code, r.subject, notRead("whether pods have images of "+registry, used.Read)))
	}
	found := problem(code, backup.SeverityWarning, r.subject, text+", from which no running pod has one")
	for _, other := range slices.Sorted(maps.Keys(used.Pods)) {
		found.Proof = append(found.Proof, backup.Proof{Text: counted(used.Pods[other], "running pod"), Source: other})
	}
	return one(found)
}

func restoreOrderEntry() entry {
	return entry{Code{
		Code: "BK-B370", Title: "the server restores in an order that breaks things",
		Explain: "What others need has to be restored before them: a claim before the pod that mounts it, so that the volume comes from the backup and is not a new one.",
		Why:     "The server was started with --restore-resource-priorities, which replaces Velero's own order as a whole.",
		Fix:     "Take the flag away, or write Velero's own order into it and add to that.",
		Danger:  "A claim that a controller makes anew is empty.", Source: "velero@v1.18.3 pkg/cmd/server/config/config.go, defaultRestorePriorities; the arguments of the Deployment",
	}, onRestore(judgeServerOrder)}
}

// restoredBefore are pairs of which the first has to be restored before the second.
func restoredBefore() [][2]string {
	return [][2]string{
		{"namespaces", "persistentvolumeclaims"}, {"storageclasses", "persistentvolumeclaims"}, {"persistentvolumes", "persistentvolumeclaims"},
		{"volumesnapshots.snapshot.storage.k8s.io", "persistentvolumeclaims"}, {"persistentvolumeclaims", "pods"}, {"serviceaccounts", "pods"},
		{"secrets", "pods"}, {"configmaps", "pods"}, {"limitranges", "pods"}, {"serviceaccounts", "secrets"}, {"pods", "replicasets.apps"},
		{"replicasets.apps", "deployments.apps"}, {"pods", "statefulsets.apps"}, {"pods", "daemonsets.apps"}, {"endpoints", "services"},
	}
}

func judgeServerOrder(r restoring) []backup.Finding {
	const code = "BK-B370"
	s := r.look.Server
	switch {
	case s == nil:
		return nil
	case s.Lookup != backup.Found:
		return one(unknown(code, r.subject, notRead("the server's Deployment, which tells the order of the restore,", s.Read)))
	case s.Priorities == "":
		return one(fine(code, r.subject, "the server restores in Velero's own order"))
	}
	order := backup.RestoreOrder{}
	order.First, order.Last = priorities(s.Priorities)
	var wrong []string
	for _, pair := range restoredBefore() {
		if order.Compare(pair[0], pair[1]) > 0 {
			wrong = append(wrong, pair[1]+" before "+pair[0])
		}
	}
	if len(wrong) > 0 {
		return one(problem(code, backup.SeverityWarning, r.subject, "the server restores "+few(wrong, 0)))
	}
	return one(fine(code, r.subject, "the server restores in an order of its own: "+few(order.First, 0)))
}

// priorities are the resources that are restored first, and behind a "-" those that
// are restored last.
func priorities(text string) (first, last []string) {
	all := strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' })
	if i := slices.Index(all, "-"); i >= 0 {
		return all[:i], all[i+1:]
	}
	return all, nil
}
