package diagnose

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// shownVolumes is how many volumes are told of one by one.
const shownVolumes = 6

const copyByDefault = "--default-volumes-to-fs-backup"

func volumesPreflightEntries() []entry {
	const source = "pods, claims, volumes, snapshot classes and locations, and the server's flags; velero@v1.18.3 pkg/util/podvolume, internal/volumehelper, pkg/util/csi"
	return []entry{
		{Code{
			Code: "BK-B201", Title: "a volume in the scope of the backup would not be copied",
			Explain: "The backup will count as Completed, and a restore makes this volume without its data.",
			Why:     "No snapshot can be taken of it, and nobody asked for its files: its pod does not name it, does not run, or there is none; a label selector may miss it.",
			Fix:     "Name the volume in the annotation of its pod, or have the files of all volumes of this backup copied with --default-volumes-to-fs-backup. Put the annotation into the template of the Deployment or StatefulSet, too.",
			Danger:  "none", Source: source,
		}, onVolumes(judgeForeseen)},
		{Code{
			Code: "BK-B202", Title: "whether a volume would be copied is not known before",
			Explain: "Volume policies or the plugin of a provider decide over it during the backup.",
			Why:     "Policies in a ConfigMap and plugins of other makers are not looked into.",
			Fix:     "Look at the backup afterwards with `kubectl backup verify`.",
			Danger:  "none", Source: source,
		}, onVolumes(judgeUndecided)},
	}
}

func onVolumes(judge func(ev *backup.Evidence, v *backup.VolumesPreflight) []backup.Finding) func(*backup.Evidence) []backup.Finding {
	return func(ev *backup.Evidence) []backup.Finding {
		if ev.Preflight == nil || ev.Preflight.Volumes == nil {
			return nil
		}
		return judge(ev, ev.Preflight.Volumes)
	}
}

func judgeForeseen(ev *backup.Evidence, v *backup.VolumesPreflight) []backup.Finding {
	if v.Lookup != backup.Found {
		return one(unknown("BK-B201", ev.Object.Ref, unread("what becomes of the volumes", v.Lookup, v.Error)))
	}
	var left []backup.ForeseenVolume
	copied, meant := int64(0), int64(0)
	for _, volume := range v.Volumes {
		switch {
		case volume.State == backup.VolumeCopied:
			copied++
		case volume.State == backup.VolumeNotCopied && volume.Meant:
			meant++
		case volume.State == backup.VolumeNotCopied:
			left = append(left, volume)
		}
	}
	if len(left) == 0 {
		return one(fine("BK-B201", ev.Object.Ref, copiedWords(copied, meant)))
	}
	var all []backup.Finding
	for _, volume := range left[:min(len(left), shownVolumes)] {
		found := problem("BK-B201", backup.SeverityWarning, volumeRef(volume), volume.Name()+" would not be copied: "+orElse(volume.Why, "the reason is not known"))
		found.Fixes = copyFixes(volume)
		all = append(all, found)
	}
	if more := left[len(all):]; len(more) > 0 {
		all = append(all, problem("BK-B201", backup.SeverityWarning, ev.Object.Ref, counted(int64(len(more)), "more volume")+" would not be copied: "+namesOf(more)))
	}
	return all
}

// copiedWords say that every volume is copied that is meant to be.
func copiedWords(copied, meant int64) string {
	switch {
	case copied+meant == 0:
		return "no volume is in the scope"
	case meant == 0:
		return counted(copied, "volume") + " would be copied"
	}
	return fmt.Sprintf("%s would be copied, and %d left out on purpose", counted(copied, "volume"), meant)
}

func namesOf(volumes []backup.ForeseenVolume) string {
	var names []string
	for _, volume := range volumes {
		names = append(names, volume.Name())
	}
	return listed(first(names, shownVolumes))
}

func volumeRef(v backup.ForeseenVolume) backup.Ref {
	if v.Claim == "" {
		return backup.Ref{Version: "v1", Resource: "pods", Kind: "Pod", Namespace: v.Namespace, Name: v.Pod}
	}
	return backup.Ref{Version: "v1", Resource: "persistentvolumeclaims", Kind: "PersistentVolumeClaim", Namespace: v.Namespace, Name: v.Claim}
}

// copyFixes are the two ways to have the files of a volume copied: its pod names
// it, or this backup takes all.
func copyFixes(v backup.ForeseenVolume) []backup.Fix {
	var fixes []backup.Fix
	if v.OptIn != "" {
		words := inNamespace(v.Namespace, "kubectl", "annotate", "pod", v.Pod)
		fixes = append(fixes, backup.Fix{
			Does: "Has the files of the volume copied by each backup from now on, as long as the pod lives.", DoesNot: "It changes no template: a new pod has no annotation.",
			Commands: []string{command(append(words, "--overwrite", "backup.velero.io/backup-volumes="+v.OptIn)...)},
		})
	}
	if v.ByDefault {
		fixes = append(fixes, backup.Fix{Does: "With " + copyByDefault + " this backup copies the files of all volumes of running pods."})
	}
	return fixes
}

func judgeUndecided(ev *backup.Evidence, v *backup.VolumesPreflight) []backup.Finding {
	var open []backup.ForeseenVolume
	for _, volume := range v.Volumes {
		if volume.State == backup.VolumeUnknown {
			open = append(open, volume)
		}
	}
	if len(open) == 0 {
		return nil
	}
	return one(unknown("BK-B202", ev.Object.Ref, fmt.Sprintf("whether %s would be copied is not known before: %s (%s)", counted(int64(len(open)), "volume"), namesOf(open), orElse(open[0].Why, "policies decide"))))
}
