package diagnose

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func findingOf(t *testing.T, v backup.Verification, code string) backup.Finding {
	t.Helper()
	i := slices.IndexFunc(v.Findings, func(f backup.Finding) bool { return f.Code == code })
	if i < 0 {
		t.Fatalf("no finding %s", code)
	}
	return v.Findings[i]
}

// What came through the server is judged; what only a listing shows is unknown.
func TestFilesThroughTheServer(t *testing.T) {
	ev := verified()
	throughServer(ev)
	v := Verify(*ev)
	if v.Status != backup.StatusUnknown || v.Restorable != backup.Unknown {
		t.Errorf("%s, restorable %s", v.Status, v.Restorable)
	}
	unlisted := findingOf(t, v, "BK-R109")
	var sources []string
	for _, proof := range unlisted.Proof {
		sources = append(sources, proof.Source)
	}
	if !slices.Equal(sources, []string{"s3://velero/backups/shop/", "backups/shop/object", "backups/shop/results"}) || len(unlisted.Fixes) > 0 {
		t.Errorf("%q, fixes %+v", sources, unlisted.Fixes)
	}
	for _, proof := range findingOf(t, v, "BK-R110").Proof {
		if proof.Source == storedObject {
			t.Errorf("the stored object was not seen, and is the source of %q", proof.Text)
		}
	}
	onFile(backup.FileContents, backup.FileTruncated)(ev)
	if v := Verify(*ev); v.Status != backup.StatusProblem {
		t.Errorf("a tarball that is cut off: %s", v.Status)
	}
}

// The server is named where it can be asked, and nobody did.
func TestTheServerIsNamed(t *testing.T) {
	unlisted := func(ev *backup.Evidence) { ev.Archive.Listing, ev.Archive.Error = backup.Failed, "denied" }
	for name, c := range map[string]struct {
		change func(*backup.Evidence)
		named  bool
	}{
		"could not be listed": {unlisted, true},
		"nobody tried":        {func(ev *backup.Evidence) { ev.Archive.Listing = backup.NotAsked }, false},
		"a bucket alone": {func(ev *backup.Evidence) {
			unlisted(ev)
			ev.Object.Locations = []backup.Location{{From: "--bucket"}}
		}, false},
		"another system": {func(ev *backup.Evidence) { unlisted(ev); ev.Object.Ref.Group = "pingcap.com" }, false},
		"asked in vain":  {func(ev *backup.Evidence) { unlisted(ev); ev.Archive.Server = backup.Failed }, false},
	} {
		ev := verified()
		c.change(ev)
		fixes := findingOf(t, Verify(*ev), "BK-R109").Fixes
		if named := len(fixes) == 1 && strings.HasSuffix(fixes[0].Commands[0], "verify backups.velero.io/shop -n tidb-test --via-server"); named != c.named {
			t.Errorf("%s: %+v", name, fixes)
		}
	}
}
