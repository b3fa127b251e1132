package cli

import (
	"crypto/rand"
	"path/filepath"

	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
)

// Journal is the journal in the folder of the flag, else in the state folder:
// ${XDG_STATE_HOME:-~/.local/state}/kubectl-backup/journal.
func (g *Globals) Journal(dir string) *finalizer.Journal {
	if dir == "" {
		state := g.Getenv("XDG_STATE_HOME")
		if state == "" {
			state = filepath.Join(g.Home, ".local", "state")
		}
		dir = filepath.Join(state, "kubectl-backup", "journal")
	}
	return &finalizer.Journal{Dir: dir, Now: g.Now, Random: rand.Reader}
}

// JournalDirUsage describes the flag --journal-dir.
const JournalDirUsage = "The folder of the journal, instead of ${XDG_STATE_HOME:-~/.local/state}/kubectl-backup/journal."
