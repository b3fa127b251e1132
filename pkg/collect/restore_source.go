package collect

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// NoBackupError says that a schedule has no backup that could be restored.
type NoBackupError struct {
	Schedule string
	Phases   []string // those that would have done
	Seen     int      // how many backups it has
}

func (e *NoBackupError) Error() string {
	if e.Seen == 0 {
		return fmt.Sprintf("there is no backup of schedule %q", e.Schedule)
	}
	return fmt.Sprintf("none of the %d backups of schedule %q is %s", e.Seen, e.Schedule, strings.Join(e.Phases, " or "))
}

// Backup finds the backup of a name that a restore in the namespace may use.
func (c *Collector) Backup(ctx context.Context, restore *system.Kind, namespace, name string) (Hit, error) {
	target := Target{Type: backup.Ref{Group: restore.Served.Group, Resource: "backups"}.GroupResource(), Name: name}
	return c.Find(ctx, target, Scope{Namespace: namespace, Explicit: true})
}

// LastBackup is the backup of a schedule that began last, of those in one of the
// phases: the one that Velero restores (velero@v1.18.3
// pkg/controller/restore_controller.go, mostRecentCompletedBackup). Without any the
// error is a *NoBackupError.
func (c *Collector) LastBackup(ctx context.Context, restore *system.Kind, namespace, schedule string, phases ...string) (Hit, error) {
	kind := c.kindOf(restore.Served.Group, "backups")
	if kind == nil {
		return Hit{}, &NoSystemError{Type: string(backup.RoleBackup), System: restore.System}
	}
	seen, last, began := 0, "", ""
	options := cluster.ListOptions{LabelSelector: "velero.io/schedule-name=" + schedule}
	err := c.list(ctx, kind.Served, namespace, options, func(item map[string]any) error {
		seen++
		// Times are RFC 3339 in UTC, so that their texts compare as they do.
		at := nested(item, "status", "startTimestamp")
		if slices.Contains(phases, nested(item, "status", "phase")) && (last == "" || at > began) {
			last, began = nested(item, "metadata", "name"), at
		}
		return nil
	})
	switch {
	case err != nil:
		return Hit{}, err
	case last == "":
		return Hit{}, &NoBackupError{Schedule: schedule, Phases: phases, Seen: seen}
	}
	return Hit{Kind: kind, Served: kind.Served, Namespace: namespace, Name: last}, nil
}
