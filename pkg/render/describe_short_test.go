package render

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// What nobody looked at, or what is over, takes no words.
func TestDescribeLeavesOutWhatSaysNothing(t *testing.T) {
	tests := map[string]struct {
		change func(*backup.Evidence)
		want   string
		not    string
	}{
		"a Secret that nobody asked for": {
			func(e *backup.Evidence) { e.Object.Needs[0].Lookup = backup.NotAsked }, "– Secret tidb-test/s3-secret  not looked at", "not known whether",
		},
		"the node of a pod that has ended": {
			func(e *backup.Evidence) { e.Object.Works[1].Pods[0].NodeReady = backup.Unknown }, "Failed on node-1, exit code 1", "nobody knows",
		},
		"the count of a place that nobody saw": {
			func(e *backup.Evidence) { e.Contents = []backup.Contents{{}} }, "Storage:", "Contents:",
		},
		"the view of a place at which nobody looked": {
			func(e *backup.Evidence) {
				e.Storage[0] = backup.StorageVerdict{Reason: backup.ReasonNotLooked, At: e.At}
			}, "Storage:", "Seen:",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := evidence()
			test.change(&e)
			text := output(t, func(w *bytes.Buffer) error { return Describe(w, e, pipe, Detailed) })
			if !strings.Contains(text, test.want) || strings.Contains(text, test.not) {
				t.Errorf("want %q and not %q in:\n%s", test.want, test.not, text)
			}
		})
	}
}

func TestDescribeShowsTheEndOfALongLog(t *testing.T) {
	e := evidence()
	log := e.Object.Works[1].Pods[0].Log
	log.Lines = []string{strings.Repeat("x", 5000)}
	for i := range 25 {
		log.Lines = append(log.Lines, fmt.Sprintf("line %d.", i))
	}
	text := output(t, func(w *bytes.Buffer) error { return Describe(w, e, pipe, Detailed) })
	for want, shown := range map[string]bool{"6 more before": true, "line 4.": false, "line 5.": true, "line 24.": true, "xxx": false} {
		if strings.Contains(text, want) != shown {
			t.Errorf("%q is shown: %v, want %v", want, !shown, shown)
		}
	}
	log.Lines = log.Lines[:1]
	text = output(t, func(w *bytes.Buffer) error { return Describe(w, e, pipe, Detailed) })
	if strings.Contains(text, strings.Repeat("x", 200)) {
		t.Error("a line of 5000 characters is shown in full")
	}
}

func TestRetentionOfASchedule(t *testing.T) {
	e := evidence()
	e.Object.Role, e.Object.Retention = backup.RoleSchedule, backup.Retention{Policy: backup.Deletes, Source: "spec.backupTemplate.cleanPolicy"}
	text := output(t, func(w *bytes.Buffer) error { return Describe(w, e, pipe, Brief) })
	if want := "deleting this object also deletes the data (spec.backupTemplate.cleanPolicy)"; !strings.Contains(text, want) {
		t.Errorf("%q is not in:\n%s", want, text)
	}
}
