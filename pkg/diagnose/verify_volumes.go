package diagnose

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func archiveVolumeEntries() []entry {
	const noCopy = "the data of the volume is in no backup"
	return []entry{
		{Code{
			Code: "BK-R120", Title: "copying a volume failed",
			Explain: "The backup itself records that the copy of this volume failed. A restore brings the claim back without its data.",
			Why:     "The data mover or the snapshot failed; the recorded message says where.",
			Fix:     "Mend the cause and make a new backup.",
			Danger:  noCopy, Source: "the volume information or the PodVolumeBackups in the bucket",
		}, onArchive(judgeVolumes("BK-R120", func(v backup.ArchivedVolume) string {
			if v.State != backup.VolumeFailed {
				return ""
			}
			return fmt.Sprintf("copying volume %s (%s) failed", v.Name(), v.Method) + because(v.Why)
		}))},
		{Code{
			Code: "BK-R124", Title: "a volume was not copied, and nobody wanted that",
			Explain: "The claim is in the backup, its data is not, and the backup counts as complete all the same.",
			Why:     "Nothing says that the volume shall be copied: no opt-in annotation on the pod, no default, no snapshotter that is responsible; or its pod did not run, or its volume is a hostPath.",
			Fix:     "Set defaultVolumesToFsBackup, annotate the pods with backup.velero.io/backup-volumes, or set up snapshots; then make a new backup.",
			Danger:  noCopy, Source: "velero@v1.18.3 pkg/util/podvolume/pod_volume.go, pkg/podvolume/backupper.go",
		}, onArchive(judgeVolumes("BK-R124", func(v backup.ArchivedVolume) string {
			if v.State != backup.VolumeNotCopied || v.Meant {
				return ""
			}
			return fmt.Sprintf("volume %s was NOT COPIED", v.Name()) + reason(v.Why)
		}))},
		{Code{
			Code: "BK-R125", Title: "a volume was not copied, as asked or by its kind",
			Explain: "An annotation, a volume policy or the spec of the backup leaves the volume out, or there is nothing to copy.",
			Why:     "Scratch data is often left out on purpose.",
			Fix:     "Nothing needs to be done if that is meant; else take the annotation or the rule away.",
			Danger:  noCopy, Source: "the volume information in the bucket, the pods in the tarball",
		}, onArchive(judgeLeftOut)},
		{Code{
			Code: "BK-R128", Title: "what became of a volume is not known",
			Explain: "Nothing that could be read says whether the data of this volume is there. That never counts as fine.",
			Why:     "The files about volumes are missing or unreadable, a plugin that this tool does not know copied it, or the upload ends after the backup does.",
			Fix:     "Ask the plugin's own tools. For the vSphere plugin, wait until its Upload is Completed.",
			Danger:  noCopy, Source: archiveSource,
		}, onArchive(judgeUnknownVolumes)},
		{Code{
			Code: "BK-R130", Title: "data of the backup still moves",
			Explain: "The stored files tell of work that has not ended. A restore made now leaves out what is not there yet.",
			Why:     "Data movers and snapshots go on after the objects were stored; a server that was stopped meanwhile leaves it like this, too.",
			Fix:     "Wait until the data is there. If nothing moves any more, diagnose the backup.",
			Danger:  "A restore from it is incomplete.", Source: "the stored phase, item operations and volume information",
		}, onArchived(judgeUnfinished)},
		{Code{
			Code: "BK-R131", Title: "the backup protects no data",
			Explain: "The spec asks for the data of volumes, the backup holds claims, and the data of none of them was copied.",
			Why:     "Node agents, snapshotters or their locations are not set up, so that Velero skips every volume without an error.",
			Fix:     "Set up the node agent or snapshots, then make a new backup.",
			Danger:  noCopy, Source: archiveSource,
		}, onRecord(judgeUnprotected)},
	}
}

// because adds a reason that others wrote.
func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + gist(why)
}

// reason adds why something was left out. That is said first; what was recorded
// about it follows, and is shown as proof.
func reason(why string) string {
	why, _, _ = strings.Cut(oneLine(why), " (recorded: ")
	if runes := []rune(why); len(runes) > gistLimit {
		why = string(runes[:gistLimit-1]) + "…"
	}
	if why == "" {
		return ""
	}
	return ": " + why
}

// judgeVolumes finds the volumes of which the judge says something.
func judgeVolumes(code string, says func(backup.ArchivedVolume) string) func(*backup.Archive, backup.Ref) []backup.Finding {
	return func(a *backup.Archive, subject backup.Ref) []backup.Finding {
		var all []backup.Finding
		for _, v := range a.Volumes {
			if title := says(v); title != "" {
				found := problem(code, backup.SeverityCause, subject, title)
				found.Proof = volumeProof(a, v)
				all = append(all, found)
			}
		}
		return all
	}
}

// volumeProof is what the archive says about a volume, and where.
func volumeProof(a *backup.Archive, v backup.ArchivedVolume) []backup.Proof {
	text := fmt.Sprintf("%s, method %s", v.State, v.Method)
	if v.Bytes != nil {
		text += ", " + bytesText(*v.Bytes)
	}
	if v.Why != "" {
		text += ": " + shorten(v.Why)
	}
	source := a.Place
	if file := a.File(v.Source); file != nil {
		source = file.Key
	}
	return []backup.Proof{{Text: text, Source: source, At: v.Finished}}
}

func judgeLeftOut(a *backup.Archive, subject backup.Ref) []backup.Finding {
	var left []backup.ArchivedVolume
	for _, v := range a.Volumes {
		if v.State == backup.VolumeNotCopied && v.Meant {
			left = append(left, v)
		}
	}
	if len(left) == 0 {
		return nil
	}
	found := problem("BK-R125", backup.SeverityInfo, subject, counted(int64(len(left)), "volume")+" left out, as asked or because Velero never copies such")
	for _, v := range left[:min(len(left), proofLimit)] {
		found.Proof = append(found.Proof, backup.Proof{Text: v.Name() + because(v.Why), Source: volumeProof(a, v)[0].Source})
	}
	return one(found)
}

// proofLimit is how many volumes or operations of one kind are named as proof.
const proofLimit = 10

func judgeUnknownVolumes(a *backup.Archive, subject backup.Ref) []backup.Finding {
	var all []backup.Finding
	for _, v := range a.Volumes {
		if v.State == backup.VolumeUnknown && !infoAbsent(v) {
			all = append(all, unknown("BK-R128", subject, fmt.Sprintf("what became of volume %s is not known", v.Name())+because(v.Why), volumeProof(a, v)...))
		}
	}
	if len(all) == 0 && a.VolumesRead != backup.Yes && a.Holds(backup.FileObject) {
		return one(unknown("BK-R128", subject, "which volumes the backup should hold is not known, because files that say so could not be read"))
	}
	return all
}

func judgeUnfinished(ev *backup.Evidence) []backup.Finding {
	a, title := ev.Archive, "data of the backup still moves"
	if a.Run != nil && a.Run.Mode == "log" {
		return nil // it runs until it is stopped
	}
	proof := unfinishedWork(ev.Object)
	if len(proof) == 0 {
		title += ", or did when its files were stored"
	}
	if r := a.Record; r != nil && r.Phase == backup.PhaseRunning {
		proof = append(proof, recordProof("status.phase", r.NativePhase))
	}
	for _, o := range a.Operations {
		if o.Phase == backup.PhasePending || o.Phase == backup.PhaseRunning {
			proof = append(proof, backup.Proof{Text: fmt.Sprintf("operation of %s on %s is %s", o.Plugin, o.Item.Human(), o.Native), Source: "item operations", At: o.Updated})
		}
	}
	for _, v := range a.Volumes {
		if v.State == backup.VolumeMoving {
			proof = append(proof, backup.Proof{Text: fmt.Sprintf("volume %s is %s", v.Name(), orElse(v.NativePhase, string(v.State))), Source: string(v.Source)})
		}
	}
	switch {
	case len(proof) == 0:
		return nil
	case !ev.Object.Phase.Terminal() && ev.Object.Phase != "" && ev.Object.Phase != backup.PhaseUnknown:
		title = "the " + roleWord(a) + " has not ended"
	}
	found := problem(codeMoves, backup.SeverityCause, archiveSubject(ev), title)
	found.Proof = proof[:min(len(proof), proofLimit)]
	return one(found)
}

func judgeUnprotected(a *backup.Archive, r *backup.ArchiveRecord, subject backup.Ref) []backup.Finding {
	p := r.Volumes
	asked := p.Snapshots == backup.Yes || p.Move == backup.Yes || p.FileSystem == backup.Yes
	if !asked || len(a.Volumes) == 0 {
		return nil
	}
	lost := int64(0)
	for _, v := range a.Volumes {
		switch {
		case v.State != backup.VolumeNotCopied:
			return nil
		case !v.Meant:
			lost++
		}
	}
	if lost == 0 {
		return nil
	}
	found := problem("BK-R131", backup.SeverityCause, subject, fmt.Sprintf("the backup protects no data: none of %s was copied", counted(int64(len(a.Volumes)), "volume")))
	found.Proof = []backup.Proof{recordProof("spec.snapshotVolumes", p.Snapshots), recordProof("spec.snapshotMoveData", p.Move), recordProof("spec.defaultVolumesToFsBackup", p.FileSystem)}
	return one(found)
}
