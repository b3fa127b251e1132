package collect

import (
	"errors"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/redact"
)

// shortError is the reason of a failed reading on one line, without secrets.
func shortError(err error) string {
	if err == nil {
		return ""
	}
	return redact.Text(strings.Join(strings.Fields(err.Error()), " "))
}

// missingRule is the RBAC rule that a denied reading lacks, or empty.
func missingRule(err error) string {
	var failed *cluster.Error
	if errors.As(err, &failed) {
		return failed.Rule
	}
	return ""
}

// lookup turns the error of a reading into the state of the knowledge.
func lookup(err error) backup.Lookup {
	if err == nil {
		return backup.Found
	}
	return cluster.Lookup(err)
}
