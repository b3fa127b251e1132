package storage

import (
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// classify says what the sighting proves, and no more. It expects that the
// first listing and the control request succeeded.
//
// Data that was seen decides first. Without data the place is only Empty or
// Residue if the listing ended and old versions are known not to exist.
// Open uploads hold nothing that a person could restore, so uploads that could
// not be listed make the place Residue at worst, and never Empty.
func classify(s *sighting) (backup.VerdictClass, backup.UnknownReason) {
	switch {
	case s.hasData():
		return s.dataClass(), ""
	case s.cut:
		return backup.VerdictUnknown, backup.ReasonCutShort
	case s.oldData.Objects > 0 || !s.versions.Known() || s.versionsCut:
		return backup.VerdictHidden, ""
	case len(s.current) > 0 || s.oldResidue.Objects > 0 || s.deleteMarkers.Objects > 0:
		return backup.VerdictResidue, ""
	case s.openUploads.Objects > 0 || s.uploads != backup.Found || s.uploadsCut:
		return backup.VerdictResidue, ""
	}
	return backup.VerdictEmpty, ""
}

// dataClass calls data Partial only where the marker is known not to be there.
func (s *sighting) dataClass() backup.VerdictClass {
	switch {
	case s.hasCompletion():
		return backup.VerdictComplete
	case s.markers.known && (!s.cut || s.searched):
		return backup.VerdictPartial
	}
	return backup.VerdictData
}

// fill writes what was seen into the verdict.
func (s *sighting) fill(v *backup.StorageVerdict) {
	v.Current = backup.Count{Objects: int64(len(s.current)), AtLeast: s.cut}
	for _, object := range s.current {
		v.Current.Bytes += object.Bytes
	}
	v.OldVersions = backup.Count{
		Objects: s.oldData.Objects + s.oldResidue.Objects, Bytes: s.oldData.Bytes + s.oldResidue.Bytes, AtLeast: s.versionsCut,
	}
	v.DeleteMarkers = backup.Count{Objects: s.deleteMarkers.Objects, AtLeast: s.versionsCut}
	v.OpenUploads = backup.Count{Objects: s.openUploads.Objects, AtLeast: s.uploadsCut}
	v.Versions, v.Uploads = s.versions, s.uploads
	v.Sample, v.FreshLock, v.BucketEmpty = s.sample(), s.freshLock, s.bucket
	if !s.newest.IsZero() {
		newest := s.newest
		v.Newest = &newest
	}
}

// remarks are what a reader of the class should know beside it.
func (s *sighting) remarks() string {
	notes := s.notes
	if s.cut && !s.hasData() {
		notes = append(notes, "the first page holds locks, markers and checkpoints only, and the listing goes on")
	}
	if s.cut && s.hasData() && s.markers.known && !s.searched && !s.hasCompletion() {
		notes = append(notes, "the completion marker was not looked for everywhere")
	}
	if s.versionsCut {
		notes = append(notes, "the list of old versions goes on")
	}
	if s.uploadsCut {
		notes = append(notes, "the list of open uploads goes on")
	}
	return strings.Join(notes, "; ")
}
