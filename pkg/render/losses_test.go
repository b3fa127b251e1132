package render

import (
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestOnlyWhatMayBeThereIsLeft(t *testing.T) {
	for class, want := range map[backup.VerdictClass]bool{
		backup.VerdictEmpty: false, backup.VerdictResidue: true, backup.VerdictUnknown: true, backup.VerdictPartial: true,
	} {
		var b strings.Builder
		plan := backup.Plan{Orphans: "the objects", Storage: []backup.StorageVerdict{{Class: class}}}
		if err := Plan(&b, plan, Style{}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(b.String(), "THIS LEAVES the objects"); got != want {
			t.Errorf("%s: %v", class, got)
		}
	}
}

func TestFailurePointIsASentence(t *testing.T) {
	for point, want := range map[backup.FailurePoint]string{
		backup.FailedNeverStarted: "The run never started", backup.FailedBeforeWrite: "The run failed before the first write",
		backup.FailedUnknown: "Nobody can tell how far the run came",
	} {
		var b strings.Builder
		if err := Diagnosis(&b, backup.Diagnosis{FailurePoint: point}, Style{}, false); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s: %s", point, b.String())
		}
	}
}
