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
		"fine":             {verified(), nil, backup.StatusOK, "the bucket holds what the backup says: 9 objects, 1 volume of 4.0 KiB"},
		"BR, fine":         {brVerified(), nil, backup.StatusOK, "the bucket holds what the backup says: 12 data files of 4.0 KiB"},
		"one problem":      {verified(), onFile(backup.FileVolumes, backup.FileMissing), backup.StatusProblem, "the file of the volume information is missing in the bucket"},
		"unknown":          {verified(), onFile(backup.FileLog, backup.FileUnread), backup.StatusUnknown, "nothing wrong was found, but not all is known: the file of the log could not be read"},
		"not listed":       {verified(), func(ev *backup.Evidence) { ev.Archive.Listing = backup.NotAsked }, backup.StatusUnknown, "could not be listed: nobody tried"},
		"no archive":       {verified(), func(ev *backup.Evidence) { ev.Archive = nil }, backup.StatusUnknown, "nothing is known"},
		"two problems":     {verified(), func(ev *backup.Evidence) { missingFiles(ev); ev.Archive.Record.Expires = at("08:00:00") }, backup.StatusProblem, "the bucket holds nothing of the backup (and 1 more)"},
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
