package finalizer

import (
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Hopeless says why it is of no use to wait longer until an object is gone: the
// clean-up that was begun for it has failed, and its owner begins none by itself. It is
// empty where nothing says so. Clean-ups of the UIDs before are of another attempt.
func Hopeless(object backup.Object, before []string) string {
	for _, w := range object.Works {
		if w.Role != backup.WorkClean || w.Lookup != backup.Found || w.Phase != backup.PhaseFailed || slices.Contains(before, w.Ref.UID) {
			continue
		}
		return w.Ref.Human() + " failed" + because(orElse(w.Message, w.FailedFor))
	}
	return ""
}

// CleanUps are the UIDs of the clean-ups of an object.
func CleanUps(object backup.Object) []string {
	var out []string
	for _, w := range object.Works {
		if w.Role == backup.WorkClean && w.Lookup == backup.Found {
			out = append(out, w.Ref.UID)
		}
	}
	return out
}
