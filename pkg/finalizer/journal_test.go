package finalizer

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func testJournal(t *testing.T) *Journal {
	t.Helper()
	return &Journal{Dir: filepath.Join(t.TempDir(), "state", "journal"), Now: func() time.Time { return now }, Random: rand.Reader}
}

func begin(t *testing.T, j *Journal) *Entry {
	t.Helper()
	ev := stuck()
	entry, err := j.Begin(Judge(ev, via(backup.WayStrip)), ev, newFakeAPI().objects[otherRef("demo").String()])
	if err != nil {
		t.Fatal(err)
	}
	return entry
}

func TestJournalKeepsTheWholeStory(t *testing.T) {
	j := testJournal(t)
	entry := begin(t, j)
	if !entryName.MatchString(entry.ID()) || !strings.HasPrefix(entry.ID(), "20261121T090712.000Z-") {
		t.Errorf("name %q", entry.ID())
	}
	if err := entry.Step(backup.Outcome{Step: 0, State: "started"}); err != nil {
		t.Fatal(err)
	}
	if err := entry.Step(backup.Outcome{Step: 0, State: "done"}); err != nil {
		t.Fatal(err)
	}
	if err := entry.End(backup.Result{Ended: "gone"}); err != nil {
		t.Fatal(err)
	}
	record, err := j.Show(entry.ID())
	if err != nil {
		t.Fatal(err)
	}
	if record.State != "gone" || record.Way != backup.WayStrip || record.Target.Name != "demo" || len(record.Outcomes) != 2 ||
		record.Plan.Digest == "" || record.Evidence.Object.Ref.Name != "demo" || record.Note == "" || len(record.Unreadable) != 0 {
		t.Errorf("record %+v", record)
	}
	if record.Object["status"] == nil || record.Recreate["status"] != nil || record.Recreate["spec"] == nil {
		t.Errorf("object %v, manifest %v", record.Object, record.Recreate)
	}
}

func TestJournalIsPrivate(t *testing.T) {
	j := testJournal(t)
	entry := begin(t, j)
	_ = entry.Step(backup.Outcome{State: "started"})
	_ = entry.End(backup.Result{})
	files := 0
	err := filepath.WalkDir(j.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		} else {
			files++
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %o", path, info.Mode().Perm())
		}
		return nil
	})
	if err != nil || files != 7 {
		t.Errorf("%d files, %v", files, err)
	}
}

func TestJournalReadsWhatACrashLeft(t *testing.T) {
	j := testJournal(t)
	entry := begin(t, j)
	_ = entry.Step(backup.Outcome{State: "started"})
	folder := filepath.Join(j.Dir, entry.ID())
	file, err := os.OpenFile(filepath.Join(folder, outcomesFile), os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = file.WriteString(`{"step":0,"sta`)
	_ = file.Close()
	if err := os.Truncate(filepath.Join(folder, evidenceFile), 20); err != nil {
		t.Fatal(err)
	}
	record, err := j.Show(entry.ID())
	if err != nil {
		t.Fatal(err)
	}
	if record.State != StateInterrupted || len(record.Outcomes) != 1 || len(record.Unreadable) != 2 || record.Plan.Way != backup.WayStrip {
		t.Errorf("record %+v", record)
	}
	if err := errors.Join(os.Remove(filepath.Join(folder, outcomesFile)), os.Mkdir(filepath.Join(folder, outcomesFile), 0o700)); err != nil {
		t.Fatal(err)
	}
	if record, _ := j.Show(entry.ID()); len(record.Unreadable) != 2 {
		t.Errorf("unreadable %v", record.Unreadable)
	}
}

func TestJournalList(t *testing.T) {
	j := testJournal(t)
	if list, err := j.List(); err != nil || len(list) != 0 {
		t.Fatalf("a journal that was never written: %v, %v", list, err)
	}
	first := begin(t, j)
	j.Now = func() time.Time { return now.Add(time.Millisecond) }
	second := begin(t, j)
	_ = second.End(backup.Result{Ended: "released"})
	_ = os.Mkdir(filepath.Join(j.Dir, "something else"), 0o700)
	_ = os.WriteFile(filepath.Join(j.Dir, "20261121T090712.482Z-aaaaaa"), nil, 0o600) // a file, not an entry
	list, err := j.List()
	if err != nil || len(list) != 2 {
		t.Fatalf("got %+v, %v", list, err)
	}
	if list[0].ID != second.ID() || list[0].State != "released" || list[1].ID != first.ID() || list[1].State != StateInterrupted {
		t.Errorf("got %+v", list)
	}
	j.Dir = filepath.Join(j.Dir, "20261121T090712.482Z-aaaaaa")
	if _, err := j.List(); err == nil {
		t.Error("a file is no journal")
	}
}

func TestJournalShowOnlyTakesNames(t *testing.T) {
	j := testJournal(t)
	for _, id := range []string{"", "..", "../x", "20261121T090712.482Z-zzzzzz", "20261121T090712.482Z-aaaaaa"} {
		if _, err := j.Show(id); !errors.Is(err, ErrNoEntry) {
			t.Errorf("%q: %v", id, err)
		}
	}
	begin(t, j)
	if _, err := j.Show("20261121T090712.482Z-aaaaaa"); !errors.Is(err, ErrNoEntry) {
		t.Errorf("got %v", err)
	}
}

func TestJournalThatCannotBeTrustedIsRefused(t *testing.T) {
	for name, prepare := range map[string]func(t *testing.T, j *Journal){
		"no folder":        func(_ *testing.T, j *Journal) { j.Dir = "" },
		"no randomness":    func(_ *testing.T, j *Journal) { j.Random = bytes.NewReader(nil) },
		"others may write": func(t *testing.T, j *Journal) { must(t, os.MkdirAll(j.Dir, 0o700), os.Chmod(j.Dir, 0o777)) },
		"below a file":     func(t *testing.T, j *Journal) { must(t, os.WriteFile(filepath.Dir(j.Dir), nil, 0o600)) },
		"a symbolic link": func(t *testing.T, j *Journal) {
			must(t, os.MkdirAll(filepath.Dir(j.Dir), 0o700), os.Symlink(t.TempDir(), j.Dir))
		},
		"entry of the same name": func(t *testing.T, j *Journal) {
			j.Random = bytes.NewReader([]byte{1, 2, 3})
			must(t, os.MkdirAll(filepath.Join(j.Dir, "20261121T090712.000Z-010203"), 0o700))
		},
	} {
		t.Run(name, func(t *testing.T) {
			j := testJournal(t)
			prepare(t, j)
			if _, err := j.Begin(backup.Plan{}, backup.Evidence{}, map[string]any{}); !errors.Is(err, ErrNotWritable) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestJournalOfSomebodyElse(t *testing.T) {
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o700))
	info, err := os.Stat(dir)
	must(t, err, checkPrivate(info, os.Geteuid()))
	if err := checkPrivate(info, os.Geteuid()+1); err == nil {
		t.Error("a folder of another user was taken")
	}
}

func TestJournalErrorsAreNotWritable(t *testing.T) {
	unwritable := map[string]any{"a": math.NaN()}
	if _, err := testJournal(t).Begin(backup.Plan{}, backup.Evidence{}, unwritable); !errors.Is(err, ErrNotWritable) {
		t.Errorf("an object that is no JSON: %v", err)
	}
	entry := begin(t, testJournal(t))
	if err := entry.Step(backup.Outcome{At: time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)}); !errors.Is(err, ErrNotWritable) {
		t.Errorf("a time that is no JSON: %v", err)
	}
	_ = entry.folder.Mkdir(outcomesFile, 0o700)
	if err := entry.Step(backup.Outcome{}); !errors.Is(err, ErrNotWritable) {
		t.Errorf("a folder where the file should be: %v", err)
	}
	_ = entry.folder.Mkdir(resultFile, 0o700)
	if err := entry.End(backup.Result{}); !errors.Is(err, ErrNotWritable) {
		t.Errorf("no result can be written: %v", err)
	}
	if err := syncFolder(entry.folder); err == nil {
		t.Error("a closed folder cannot be synced")
	}
}

func TestRecreation(t *testing.T) {
	object := map[string]any{
		"kind": "Backup", "status": map[string]any{"phase": "Failed"}, "spec": map[string]any{"a": "b"},
		"metadata": map[string]any{
			"name": "demo", "labels": map[string]any{"x": "y"}, "uid": "u", "resourceVersion": "1", "deletionTimestamp": "t",
			"ownerReferences": []any{}, "finalizers": []any{protection}, "managedFields": []any{}, "generation": 3,
		},
	}
	got := Recreation(object)
	metadata := got["metadata"].(map[string]any)
	if len(metadata) != 2 || metadata["name"] != "demo" || got["status"] != nil || got["spec"] == nil {
		t.Errorf("got %v", got)
	}
	if object["status"] == nil || len(object["metadata"].(map[string]any)) != 9 {
		t.Error("the object itself was changed")
	}
	if got := Recreation(map[string]any{"kind": "x", "status": 1}); len(got) != 1 {
		t.Errorf("without metadata: %v", got)
	}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}
