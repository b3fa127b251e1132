package download

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

func TestChosenFiles(t *testing.T) {
	files := []backup.ArchiveFile{
		{Role: backup.FileObject, State: backup.FileListed}, {Role: backup.FileVolumes, State: backup.FileListed}, {Role: backup.FileLog, State: backup.FileMissing},
	}
	for name, test := range map[string]struct {
		include, chosen, missing []string
	}{
		"all that is there": {nil, []string{"object", "volume-information"}, nil},
		"some":              {[]string{"volume-information"}, []string{"volume-information"}, nil},
		"one that is not":   {[]string{"log", "object"}, []string{"object"}, []string{"log"}},
	} {
		chosen, missing := choose(files, test.include)
		var words []string
		for _, file := range chosen {
			words = append(words, word(file.Role))
		}
		if !slices.Equal(words, test.chosen) || !slices.Equal(missing, test.missing) {
			t.Errorf("%s: %q without %q, want %q without %q", name, words, missing, test.chosen, test.missing)
		}
	}
}

func TestUnknownFilesAreRefused(t *testing.T) {
	var usage *cli.UsageError
	if err := checkWords([]string{"contents", "logs"}); !errors.As(err, &usage) || !strings.Contains(err.Error(), "--include=logs is not one of object, contents, log,") {
		t.Errorf("error %v", err)
	}
	if err := checkWords(Words()); err != nil {
		t.Errorf("error %v", err)
	}
}

func TestTooLargeFilesAreRefused(t *testing.T) {
	o := &options{limit: 100}
	if err := o.check([]backup.ArchiveFile{{Key: "backups/shop/shop.tar.gz", Bytes: 101}}); err == nil || !strings.HasPrefix(err.Error(), "shop.tar.gz has 101 B") {
		t.Errorf("error %v", err)
	}
	if err := o.check([]backup.ArchiveFile{{Bytes: 100}}); err != nil {
		t.Errorf("error %v", err)
	}
}

func TestTheHintNamesWhatIsThere(t *testing.T) {
	a := backup.Archive{Files: []backup.ArchiveFile{{Role: backup.FileLog, State: backup.FileListed}, {Role: backup.FileObject, State: backup.FileMissing}}}
	if hint := hintOf(a); hint != "there are log" {
		t.Errorf("hint %q", hint)
	}
	if hint := hintOf(backup.Archive{}); !strings.HasPrefix(hint, "nothing of it is there") {
		t.Errorf("hint %q", hint)
	}
}
