package download

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// roles are the files that a person can ask for.
func roles() []backup.FileRole {
	return []backup.FileRole{
		backup.FileObject, backup.FileContents, backup.FileLog, backup.FileResults, backup.FileResources, backup.FileVolumes,
		backup.FilePodVolumes, backup.FileSnapshots, backup.FileOperations, backup.FileCSISnapshots, backup.FileCSISnapshotContent,
		backup.FileCSISnapshotClasses, backup.FileItemSnapshots,
	}
}

// word is a role as --include takes it: "volume-information".
func word(role backup.FileRole) string {
	return strings.ReplaceAll(strings.ToLower(string(role)), " ", "-")
}

// Words are the files that --include takes.
func Words() []string {
	var all []string
	for _, role := range roles() {
		all = append(all, word(role))
	}
	return all
}

func checkWords(include []string) error {
	known := Words()
	for _, w := range include {
		if !slices.Contains(known, w) {
			return &cli.UsageError{Text: fmt.Sprintf("--include=%s is not one of %s", w, strings.Join(known, ", "))}
		}
	}
	return nil
}

// rolesOf are the files that --include names; none means all.
func rolesOf(include []string) []backup.FileRole {
	var wanted []backup.FileRole
	for _, role := range roles() {
		if slices.Contains(include, word(role)) {
			wanted = append(wanted, role)
		}
	}
	return wanted
}

// choose takes the files that are wanted; missing are those that were asked for
// by name and are not there.
func choose(files []backup.ArchiveFile, include []string) (chosen []backup.ArchiveFile, missing []string) {
	found := map[string]bool{}
	for _, file := range files {
		w := word(file.Role)
		wanted := len(include) == 0 || slices.Contains(include, w)
		if wanted && file.State.Seen() {
			found[w] = true
			chosen = append(chosen, file)
		}
	}
	for _, w := range include {
		if !found[w] {
			missing = append(missing, w)
		}
	}
	return chosen, missing
}
