package velero

import (
	"bytes"
	"slices"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
)

// verified reads the backup shop and judges it.
func verified(t *testing.T, f files) backup.Verification {
	t.Helper()
	archive := readShop(t, f, all)
	return diagnose.Verify(backup.Evidence{At: testAt(), Archive: &archive})
}

func codesOf(v backup.Verification, status backup.Status) []string {
	var codes []string
	for _, f := range v.Findings {
		if f.Status == status && f.Severity != backup.SeverityInfo {
			codes = append(codes, f.Code)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

func TestVerifyOfAWholeBackup(t *testing.T) {
	t.Parallel()
	v := verified(t, shop(t))
	if v.Status != backup.StatusOK || v.Verdict != "restorable: the bucket holds what the backup says: 9 objects, 3 volumes of 3.0 GiB" {
		t.Errorf("%s: %s: %+v", v.Status, v.Verdict, v.Findings)
	}
}

func TestVerifyOfTheRecordedBackup(t *testing.T) {
	t.Parallel()
	v := verified(t, recorded(t))
	if got := codesOf(v, backup.StatusProblem); !slices.Equal(got, []string{"BK-R124", "BK-R134"}) || v.Status != backup.StatusProblem {
		t.Errorf("%s: %q: %s", v.Status, got, v.Verdict)
	}
	if got := codesOf(v, backup.StatusUnknown); got != nil {
		t.Errorf("unknown: %q", got)
	}
}

// A real backup's file that is deleted, emptied, cut off or overwritten is found, each.
func TestVerifyFindsEachDamage(t *testing.T) {
	t.Parallel()
	for _, file := range readShop(t, recorded(t), all).Files {
		if file.State == backup.FileMissing {
			continue
		}
		for code, spoil := range map[string]func([]byte) []byte{
			"BK-R104": func([]byte) []byte { return nil },
			"BK-R105": func([]byte) []byte { return []byte("<Error/>") },
			"BK-R106": func(data []byte) []byte { return data[:len(data)-2] },
			"BK-R107": func([]byte) []byte { return []byte{} },
		} {
			f := recorded(t)
			if f[file.Key] = spoil(bytes.Clone(f[file.Key])); f[file.Key] == nil {
				delete(f, file.Key)
			}
			want := code
			switch {
			case code != "BK-R104":
			case file.Role == backup.FileObject:
				want = "BK-R102"
			case file.Role == backup.FileLog: // best effort, so that it may be missing
				want = "BK-R124"
			}
			if got := codesOf(verified(t, f), backup.StatusProblem); !slices.Contains(got, want) {
				t.Errorf("%s, %s: %q", file.Role, code, got)
			}
		}
	}
}
