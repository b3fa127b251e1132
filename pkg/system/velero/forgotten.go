package velero

import (
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const claimKind = "v1/PersistentVolumeClaim"

// addDisks adds the volumes of the vSphere plugin, which only the annotations of
// claims name.
func (s *volumeSources) addDisks(m *merged) {
	if s.contents == nil {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(s.contents.claims)) {
		found := s.contents.claims[key]
		annotation := found.Metadata.Annotations[snapshotAnnotation]
		if annotation == "" {
			continue
		}
		v := backup.ArchivedVolume{
			Namespace: found.Metadata.Namespace, Claim: found.Metadata.Name, Method: backup.MethodVSphere,
			State: backup.VolumeUnknown, Source: backup.FileContents,
		}
		handle, phase, err := diskOf(annotation)
		if err != nil {
			v.Why = err.Error()
		}
		v.Handle, v.NativePhase = handle, phase
		s.contents.complete(&v)
		m.add(v)
	}
}

// addForgotten adds each claim of the backup of which no file says what became of
// its data, and what pods use that is in no backup.
func (s *volumeSources) addForgotten(m *merged) {
	for _, key := range s.claims() {
		if _, known := m.byClaim[key]; known {
			continue
		}
		namespace, name, _ := strings.Cut(key, "/")
		v := backup.ArchivedVolume{Namespace: namespace, Claim: name, Method: backup.MethodNone, State: backup.VolumeNotCopied, Source: backup.FileResources}
		if !s.read {
			v.State, v.Why = backup.VolumeUnknown, "the files that would say so could not be read"
		}
		s.contents.complete(&v)
		if i, known := m.find(v); known {
			refine(&m.all[i], v)
			continue
		}
		m.add(v)
	}
	if s.contents == nil {
		return
	}
	for _, p := range s.contents.pods {
		for _, volume := range p.Spec.Volumes {
			s.addUnclaimed(m, p, volume)
		}
	}
}

// claims are the namespace/name of all claims in the backup, in order: those in
// the tarball, and those that are only in the list because backing them up failed.
func (s *volumeSources) claims() []string {
	all := slices.Clone(namesOf(s.resources, claimKind))
	if s.contents != nil {
		all = slices.AppendSeq(all, maps.Keys(s.contents.claims))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// addUnclaimed adds a hostPath of a pod, or its claim if that is not in the backup.
func (s *volumeSources) addUnclaimed(m *merged, p *pod, volume podVolume) {
	v := backup.ArchivedVolume{
		Namespace: p.Metadata.Namespace, Pod: p.Metadata.Name, PodVolume: volume.Name, Node: p.Spec.NodeName,
		Method: backup.MethodNone, State: backup.VolumeNotCopied, Source: backup.FileContents,
	}
	switch claim := volume.PersistentVolumeClaim; {
	case volume.HostPath != nil:
		v.Why, v.Meant = "hostPath "+volume.HostPath.Path+", which Velero copies in no way", true
	case claim == nil:
		return
	default:
		v.Claim = claim.ClaimName
		if _, there := s.contents.claims[v.Namespace+"/"+v.Claim]; there {
			return
		}
		v.Why = "the claim itself is not in the backup"
		if s.record != nil && s.record.Volumes.Selector {
			v.Why += ": the label selector of the backup misses it"
		} else {
			v.Why += ": its filters leave it out, or it is labelled velero.io/exclude-from-backup"
		}
	}
	if _, known := m.find(v); !known {
		m.add(v)
	}
}

// explain says why volumes were not copied where no file says so, and more where
// the recorded reason says only that no method was responsible.
func (s *volumeSources) explain(m *merged) {
	if s.contents == nil {
		return
	}
	for i := range m.all {
		v := &m.all[i]
		if v.State != backup.VolumeNotCopied || v.Meant || v.Source == backup.FileContents {
			continue
		}
		if _, packed := s.contents.claims[v.Namespace+"/"+v.Claim]; !packed {
			v.Why = s.whyNotPacked(v.Claim)
			continue
		}
		why, meant := s.contents.whyNotCopied(s.record, v.Namespace, v.Claim)
		switch {
		case v.Why == "":
			v.Why = why
		case why != "":
			v.Why = why + " (recorded: " + v.Why + ")"
		}
		v.Meant = meant
	}
}

// whyNotPacked finds what the run says about a claim that it counts and that is
// not in the tarball. Messages of errors name an object as " name: /NAME message: …".
func (s *volumeSources) whyNotPacked(claim string) string {
	why := "the claim itself could not be backed up"
	for _, message := range s.messages {
		if strings.Contains(message.Text, "/"+claim+" ") {
			return why + ": " + strings.TrimSpace(message.Text)
		}
	}
	return why
}
