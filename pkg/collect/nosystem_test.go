package collect_test

import (
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

func TestNoSystemErrorSaysWhatIsNotServed(t *testing.T) {
	for want, err := range map[string]collect.NoSystemError{
		"no backup system that this cluster serves has locations":    {Type: "locations"},
		"no backup system that this cluster serves has restores":     {Type: "restore"},
		`this cluster serves no "pods"`:                              {Type: "pods"},
		`this cluster serves nothing of backup system "velero"`:      {System: "velero"},
		`this cluster serves no schedules of backup system "velero"`: {Type: "schedules", System: "velero"},
		"this cluster serves no backup system that is known here":    {},
	} {
		if got := err.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
