package render

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// shown describes a small object with an archive.
func shown(a backup.Archive) backup.Evidence {
	return backup.Evidence{At: now, Object: backup.Object{Ref: backup.Ref{Name: a.Name}, Role: a.Role}, Archive: &a, Manifest: manifestOf()}
}

func TestArchiveGolden(t *testing.T) {
	for name, test := range map[string]struct {
		archive backup.Archive
		style   Style
		detail  Detail
	}{
		"archive":         {archived(), pipe, Detailed},
		"archive-80":      {archived(), Style{Now: now, Width: 80}, Detailed},
		"archive-whole":   {archived(), pipe, Whole},
		"archive-restore": {restored(), pipe, Detailed},
		"archive-unread":  {backup.Archive{Role: backup.RoleBackup, Listing: backup.Failed, Error: "connection\nrefused"}, pipe, Detailed},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, output(t, func(w *bytes.Buffer) error { return Describe(w, shown(test.archive), test.style, test.detail) }))
		})
	}
}

func TestLongListsAreCutUnlessAllIsWanted(t *testing.T) {
	a := archived()
	a.Messages, a.Volumes, a.Resources = nil, nil, nil
	for i := range 40 {
		name := fmt.Sprintf("thing-%d.", i)
		a.Messages = append(a.Messages, backup.ArchiveMessage{Severity: backup.SeverityCause, Scope: "velero", Text: "error " + name})
		a.Volumes = append(a.Volumes, backup.ArchivedVolume{Namespace: "shop", Claim: "volume " + name, State: backup.VolumeCopied})
		a.Resources = append(a.Resources, backup.ArchivedKind{Kind: "v1/Kind " + name, Names: []string{"object " + name}})
	}
	for detail, want := range map[Detail]bool{Detailed: false, Whole: true} {
		text := output(t, func(w *bytes.Buffer) error { return Describe(w, shown(a), pipe, detail) })
		for _, last := range []string{"error thing-39.", "volume thing-39.", "object thing-39."} {
			if strings.Contains(text, last) != want {
				t.Errorf("detail %d: %q is shown: %t", detail, last, !want)
			}
		}
		if strings.Contains(text, "more; --all shows each") == want {
			t.Errorf("detail %d: that there is more is said: %t", detail, want)
		}
	}
}

func TestWhatCouldNotBeReadIsNeverNothing(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*backup.Archive)
		want   string
	}{
		"volumes that nothing tells of": {func(a *backup.Archive) { a.Volumes = nil }, "Volumes: not known"},
		"no volumes":                    {func(a *backup.Archive) { a.Volumes, a.VolumesRead = nil, backup.Yes }, "Volumes: <none>"},
		"errors without their text":     {func(a *backup.Archive) { a.Messages = nil }, "Errors: 1, of which nothing more could be read"},
		"a list that is missing": {
			func(a *backup.Archive) {
				a.Resources = nil
				a.Files = append(a.Files, backup.ArchiveFile{Role: backup.FileResources, State: backup.FileMissing})
			}, "Objects: the list of them is missing",
		},
		"a repository that nobody could look at": {
			func(a *backup.Archive) {
				a.Repositories[0] = backup.Repository{Type: "kopia", Namespace: "shop", Format: backup.Failed, Error: "denied"}
			}, "? repository kopia of namespace shop, which its backups share: not known: denied",
		},
		"a repository without data": {func(a *backup.Archive) { a.Repositories[0].HasData = backup.No }, "it holds no data"},
	} {
		t.Run(name, func(t *testing.T) {
			a := archived()
			test.change(&a)
			text := output(t, func(w *bytes.Buffer) error { return Describe(w, shown(a), pipe, Detailed) })
			if !strings.Contains(text, test.want) {
				t.Errorf("%q is not in:\n%s", test.want, text)
			}
		})
	}
}

func TestAnArchiveWithoutFiles(t *testing.T) {
	missing := backup.Archive{Role: backup.RoleBackup, Listing: backup.Found, Files: []backup.ArchiveFile{{Role: backup.FileObject, State: backup.FileMissing}}}
	for phase, want := range map[backup.Phase]string{
		backup.PhaseRunning: "  – none of its files is there yet", backup.PhaseCompleted: "  × none of its files is there\n",
	} {
		e := shown(missing)
		e.Object.Phase = phase
		text := output(t, func(w *bytes.Buffer) error { return Describe(w, e, pipe, Detailed) })
		if !strings.Contains(text, want) || strings.Contains(text, "\nVolumes") {
			t.Errorf("%s: %q is not in:\n%s", phase, want, text)
		}
	}
}

func TestARunWithoutFilesByName(t *testing.T) {
	e := shown(backup.Archive{Role: backup.RoleBackup, Listing: backup.Found, Run: &backup.ArchiveRun{
		Mode: "log", Lock: &backup.StoredObject{Key: "backup.lock", Bytes: 77, Modified: ago(time.Hour)}, Data: backup.Count{Objects: 3, Bytes: 3 << 20},
		EmptyData: backup.Count{Objects: 1}, CheckpointAt: ptr(ago(time.Minute)), Unread: []string{"backupmeta: denied"},
	}})
	text := output(t, func(w *bytes.Buffer) error { return Describe(w, e, pipe, Detailed) })
	for _, want := range []string{"Finished:      no mark of it", "Lock:          backup.lock, 77 B, 60m ago", "Data:          3 objects, 3 MiB", "Empty data:    1 of zero bytes", "Unread:        backupmeta: denied"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
}

// All that comes from a bucket is untrusted.
func TestAnArchiveCannotForgeOutput(t *testing.T) {
	a := archived()
	evil := "\x1b[2J\u202eevil\n√ restorable"
	a.Messages[0].Text, a.Messages[0].Line, a.Messages[1].Line.Fields["name"] = evil, nil, evil
	a.Volumes[0].Claim, a.Volumes[1].Why, a.Hooks[0].Command[0], a.Hooks[0].Error = evil, evil, evil, evil
	a.Resources[0].Kind, a.Resources[0].Names[0], a.Operations[0].Note, a.Files[1].Detail = evil, evil, evil, evil
	a.Log.Notable[2].Fields[evil] = evil
	e := shown(a)
	e.Manifest["spec"] = map[string]any{evil: evil, "list": []any{evil, map[string]any{evil: evil}}}
	for _, detail := range []Detail{Detailed, Whole} {
		text := output(t, func(w *bytes.Buffer) error { return Describe(w, e, pipe, detail) })
		for line := range strings.Lines(text) {
			if strings.ContainsAny(line, "\x1b\u202e") || strings.HasPrefix(line, "√") {
				t.Errorf("detail %d: forged line %q", detail, line)
			}
		}
	}
}
