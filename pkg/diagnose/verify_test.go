package diagnose

import (
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestVerify(t *testing.T) {
	for name, c := range map[string]struct {
		ev     *backup.Evidence
		change func(*backup.Evidence)
		status backup.Status
		says   string
	}{
		"fine":      {verified(), nil, backup.StatusOK, "restorable: the bucket holds what the backup says: 9 objects, 1 volume of 4.0 KiB"},
		"BR, fine":  {brVerified(), nil, backup.StatusOK, "the bucket holds what the backup says: 12 data files of 4.0 KiB"},
		"a warning": {verified(), onStored(func(r *backup.ArchiveRecord) { r.Expires = at("08:00:00") }), backup.StatusProblem, "restorable, but the backup has expired 1h0m ago"},
		"not all was read": {verified(), func(ev *backup.Evidence) {
			ev.Archive.Items = nil
			ev.Archive.File(backup.FileContents).State = backup.FileListed
		}, backup.StatusOK, "restorable as far as was looked: the tarball was not read"},
		"unknown, warned": {verified(), func(ev *backup.Evidence) {
			ev.Archive.VolumesRead, ev.Archive.Record.Expires = backup.No, at("08:00:00")
		}, backup.StatusProblem, "unknown whether it can be restored: which volumes"},
		"moves, cluster": {verified(), func(ev *backup.Evidence) { ev.Object.Data = backup.DataMoving }, backup.StatusProblem, "not restorable yet: data of the backup still moves"},
		"runs": {verified(), func(ev *backup.Evidence) {
			missingFiles(ev)
			ev.Object.Phase, ev.Archive.Record = backup.PhaseRunning, nil
		}, backup.StatusProblem, "not restorable yet: the backup has not ended"},
		"a volume":         {verified(), onVolume(func(v *backup.ArchivedVolume) { v.State = backup.VolumeFailed }), backup.StatusProblem, "not restorable in full: copying volume shop/db (PodVolumeBackup) failed"},
		"tarball cut off":  {verified(), onFile(backup.FileContents, backup.FileTruncated), backup.StatusProblem, "not restorable: the tarball is cut off"},
		"one problem":      {verified(), onFile(backup.FileVolumes, backup.FileMissing), backup.StatusProblem, "not restorable in full: the file of the volume information is missing in the bucket"},
		"unknown":          {verified(), onFile(backup.FileLog, backup.FileUnread), backup.StatusUnknown, "unknown whether it can be restored: the file of the log could not be read"},
		"not listed":       {verified(), func(ev *backup.Evidence) { ev.Archive.Listing = backup.NotAsked }, backup.StatusUnknown, "could not be listed: nobody tried"},
		"no archive":       {verified(), func(ev *backup.Evidence) { ev.Archive = nil }, backup.StatusUnknown, "nothing is known"},
		"two problems":     {verified(), func(ev *backup.Evidence) { missingFiles(ev); ev.Archive.Record.Expires = at("08:00:00") }, backup.StatusProblem, "not restorable: the bucket holds nothing of the backup (and 1 more)"},
		"only a bucket":    {verified(), func(ev *backup.Evidence) { ev.Object = backup.Object{} }, backup.StatusOK, "the bucket holds"},
		"nothing is known": {verified(), func(ev *backup.Evidence) { ev.Object, ev.Archive.Record = backup.Object{}, nil }, backup.StatusOK, "the bucket holds"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.change != nil {
				c.change(c.ev)
			}
			got := Verify(*c.ev)
			if got.Status != c.status || !strings.Contains(got.Verdict, c.says) {
				t.Errorf("%s: %q, want %s: %q", got.Status, got.Verdict, c.status, c.says)
			}
		})
	}
}

// Of a bucket without a cluster the finding names what the bucket tells.
func TestSubjectOfAnArchive(t *testing.T) {
	ev := verified()
	ev.Object = backup.Object{}
	ev.Archive.Record.Ref.Name = "stored"
	if got := archiveSubject(ev); got.Name != "stored" {
		t.Errorf("%+v", got)
	}
	ev.Archive.Record = nil
	if got := archiveSubject(ev); got.String() != "backups/shop" {
		t.Errorf("%s", got)
	}
}

// A restore in a bucket has no tarball and is judged by its files alone.
func TestVerifyOfARestore(t *testing.T) {
	ev := verified()
	ev.Archive.Role, ev.Archive.Record, ev.Archive.Items, ev.Archive.Volumes = backup.RoleRestore, nil, nil, nil
	ev.Archive.Files = ev.Archive.Files[2:]
	if got := Verify(*ev); got.Status != backup.StatusOK || !strings.Contains(got.Verdict, "what the restore says") {
		t.Errorf("%s: %s: %+v", got.Status, got.Verdict, got.Findings)
	}
}

func TestRestorable(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*backup.Evidence)
		want   backup.Answer
	}{
		"sound": {func(*backup.Evidence) {}, backup.Yes},
		"others' CSI snapshots": {func(ev *backup.Evidence) {
			ev.Archive.Record.CSI = backup.Tally{Attempted: 3, Completed: 1}
			ev.Archive.Volumes[0].Method = backup.MethodCSISnapshot
		}, backup.Yes},
		"own CSI snapshots": {func(ev *backup.Evidence) {
			ev.Archive.Record.CSI = backup.Tally{Attempted: 3}
			ev.Archive.Volumes[0].Method = backup.MethodCSISnapshot
		}, backup.No},
		"warned":       {onFile(backup.FileResults, backup.FileMissing), backup.Yes},
		"not known":    {onFile(backup.FileVolumes, backup.FileUnread), backup.Unknown},
		"not listed":   {func(ev *backup.Evidence) { ev.Archive.Listing = backup.Failed }, backup.Unknown},
		"not copied":   {onVolume(func(v *backup.ArchivedVolume) { v.State = backup.VolumeNotCopied }), backup.No},
		"both":         {func(ev *backup.Evidence) { ev.Archive.VolumesRead = backup.No; ev.Archive.Items.Total = 1 }, backup.No},
		"is no backup": {func(ev *backup.Evidence) { ev.Archive.Role = backup.RoleRestore }, backup.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			ev := verified()
			c.change(ev)
			if got := Verify(*ev).Restorable; got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// Of what cannot be restored there is no recipe how to.
func TestRecoveryOfWhatCanBeRestored(t *testing.T) {
	ev := verified()
	ev.Recovery = []backup.Fix{{Does: "make a location"}}
	if got := Verify(*ev).Recovery; len(got) != 1 {
		t.Errorf("%+v", got)
	}
	missingFiles(ev)
	if got := Verify(*ev).Recovery; len(got) != 0 {
		t.Errorf("of nothing: %+v", got)
	}
}
