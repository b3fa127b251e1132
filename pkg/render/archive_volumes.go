package render

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// fewVolumes are how many volumes are shown at first: those with a problem come first.
const fewVolumes = 30

// volumes says of each volume how its data was copied, or why it was not.
func (p *page) volumes(a *backup.Archive, detail Detail) {
	if len(a.Volumes) == 0 {
		switch {
		case a.VolumesRead == backup.Yes:
			p.section("Volumes: <none>")
		case a.Role == backup.RoleBackup:
			p.section("Volumes: not known; what speaks of them could not be read")
		}
		return
	}
	p.section("Volumes (" + volumeCounts(a.Volumes) + "):")
	sorted := slices.Clone(a.Volumes)
	slices.SortStableFunc(sorted, func(a, b backup.ArchivedVolume) int { return cmp.Compare(urgency(a), urgency(b)) })
	shown := sorted[:detail.most(fewVolumes, len(sorted))]
	for _, v := range shown {
		p.item(2, volumeMark(v), span{v.Name(), strong}, say("  "), volumeState(v, a.Role))
		if detail == Whole {
			p.fields(6, volumeFields(v, p.style))
		}
	}
	p.more(len(sorted) - len(shown))
	if a.VolumesRead == backup.No {
		p.item(2, mark(backup.StatusUnknown, ""), say("not all that speaks of volumes could be read: there may be more"))
	}
}

// volumeCounts is "3, 1 not copied, 1 failed".
func volumeCounts(all []backup.ArchivedVolume) string {
	count := map[backup.VolumeState]int{}
	for _, v := range all {
		count[v.State]++
	}
	text := fmt.Sprint(len(all))
	for _, part := range []struct {
		state backup.VolumeState
		words string
	}{{backup.VolumeFailed, "failed"}, {backup.VolumeNotCopied, "not copied"}, {backup.VolumeMoving, "moving"}, {backup.VolumeUnknown, "unknown"}} {
		if n := count[part.state]; n > 0 {
			text += fmt.Sprintf(", %d %s", n, part.words)
		}
	}
	return text
}

// urgency puts what is lost before what is wanted so, and that before what is there.
func urgency(v backup.ArchivedVolume) int {
	switch {
	case v.State == backup.VolumeFailed:
		return 0
	case v.State == backup.VolumeNotCopied && !v.Meant:
		return 1
	case v.State == backup.VolumeUnknown:
		return 2
	case v.State == backup.VolumeMoving:
		return 3
	case v.State == backup.VolumeNotCopied:
		return 4
	}
	return 5
}

func volumeMark(v backup.ArchivedVolume) span {
	switch {
	case v.State == backup.VolumeCopied && v.Bytes != nil && *v.Bytes == 0 && !v.Meant && v.Method != backup.MethodNativeSnapshot:
		return mark(backup.StatusProblem, backup.SeverityWarning)
	case v.State == backup.VolumeCopied:
		return mark(backup.StatusOK, "")
	case v.State == backup.VolumeNotCopied && v.Meant:
		return mark(backup.StatusSkipped, "")
	case v.State == backup.VolumeMoving:
		return underWay()
	case v.State == backup.VolumeUnknown:
		return mark(backup.StatusUnknown, "")
	}
	return mark(backup.StatusProblem, "")
}

// underWay is the symbol of what has not ended.
func underWay() span { return span{"\u2026", warn} }

// volumeState is one line about a volume: "moved by kopia, 100 MiB, from node-1".
func volumeState(v backup.ArchivedVolume, role backup.Role) span {
	switch v.State {
	case backup.VolumeNotCopied:
		return span{joinWith(": ", "NOT COPIED", oneLine(v.Why)), notCopiedTone(v)}
	case backup.VolumeFailed:
		return span{joinWith(": ", joinComma("FAILED", volumeMethod(v, role)), oneLine(v.Why)), bad}
	}
	word := ""
	if v.State == backup.VolumeMoving || v.State == backup.VolumeUnknown {
		word = string(v.State)
	}
	node := ""
	if v.Node != "" {
		node = "on " + v.Node
	}
	return say(joinWith(": ", joinComma(volumeMethod(v, role), volumeSize(v), node, word), oneLine(v.Why)))
}

func notCopiedTone(v backup.ArchivedVolume) tone {
	if v.Meant {
		return plain
	}
	return bad
}

// volumeMethod says how a volume was copied, and where that copy is.
func volumeMethod(v backup.ArchivedVolume, role backup.Role) string {
	verb := "copied"
	if role == backup.RoleRestore {
		verb = "restored"
	}
	switch v.Method {
	case backup.MethodPodVolume:
		return joinWords("files "+verb, by(v.Driver))
	case backup.MethodCSIMoved:
		return joinWords("CSI snapshot, data "+verb, by(v.Driver))
	case backup.MethodCSISnapshot:
		return joinWords("CSI snapshot", at(v.Driver))
	case backup.MethodNativeSnapshot:
		return joinWords("native snapshot", at(v.Driver))
	case backup.MethodVSphere:
		return "uploaded by the vSphere plugin"
	case backup.MethodNone, "":
		return joinWords("no method is recorded", by(v.Driver))
	}
	return string(v.Method)
}

func by(name string) string {
	if name == "" {
		return ""
	}
	return "by " + name
}

func at(name string) string {
	if name == "" {
		return ""
	}
	return "at " + name
}

// volumeSize is what was copied, and what of it lies in the bucket for this volume alone.
func volumeSize(v backup.ArchivedVolume) string {
	var parts []string
	if v.Bytes != nil {
		parts = append(parts, Bytes(*v.Bytes))
	}
	if v.Incremental != nil {
		parts = append(parts, Bytes(*v.Incremental)+" of them new")
	}
	if v.Stored != nil && v.Stored.Lookup == backup.Found {
		parts = append(parts, Bytes(v.Stored.Data.Bytes)+" in the bucket")
	}
	return joinComma(parts...)
}

func volumeFields(v backup.ArchivedVolume, s Style) fields {
	var f fields
	if v.Claim != "" {
		f.add("Claim", joinWith("/", v.Namespace, v.Claim))
	}
	f.add("Volume", v.PV)
	if v.Pod != "" {
		f.add("Pod", joinWith(": ", joinWith("/", v.Namespace, v.Pod), v.PodVolume))
	}
	f.add("Capacity", sizeWord(v.Capacity))
	f.add("Handle", v.Handle)
	f.add("Driver", v.Driver)
	f.add("Operation", v.Operation)
	f.add("Content", v.Content)
	f.add("Zone", v.Zone)
	f.add("IOPS", v.IOPS)
	if v.Local != nil {
		f.add("Kept beside it", joinComma("VolumeSnapshotContent "+v.Local.Content, v.Local.Handle, at(v.Local.Driver), Bytes(v.Local.Bytes)))
	}
	f.add("Phase", v.NativePhase)
	f.add("Result", v.Result)
	f.add("Started", times(v.Started, s))
	f.add("Finished", times(v.Finished, s))
	if v.Bytes != nil {
		f.add("Bytes", fmt.Sprint(*v.Bytes))
	}
	f.add("Told by", string(v.Source))
	return f
}
