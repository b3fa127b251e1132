package create

import (
	"context"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/timing"
)

func newSchedule(g *cli.Globals) *cobra.Command {
	return newNoun(g, noun{
		role:  backup.RoleSchedule,
		short: "Make a schedule of backups",
		long: templates.LongDesc(`
			Make a schedule that makes backups by itself. Beside --schedule it takes the
			flags of 'create backup', which are for each of its backups.

			The next five runs are told, in the time zone of the server that reads the
			expression, and whether the first backup comes at once.`),
		example: templates.Examples(`
			# Back up a namespace every night at one, and keep each backup for a month
			kubectl backup create schedule nightly --schedule='0 1 * * *' --include-namespaces shop --ttl 30d

			# Every six hours what an earlier backup had
			kubectl backup create schedule often --schedule='@every 6h' --like backup/before-upgrade

			# A TiDB cluster every night, each backup in a folder of its own below the prefix
			kubectl backup create schedule nightly --schedule='0 1 * * *' --tidb-cluster basic --bucket s3://backups/nightly --secret s3-secret --max-reserved-time 30d --clean-policy Delete`),
	})
}

// plans tells when the new schedule runs, or which field keeps it from running.
func (o *options) plans(ctx context.Context) []compose.Fault {
	if o.noun.role != backup.RoleSchedule {
		return nil
	}
	how, known := compose.SchedulingOf(o.kind.System)
	if !known {
		return nil
	}
	table, err := timing.Table(ctx, o.collector, o.kind, o.object, o.Now())
	if err != nil {
		return []compose.Fault{{Path: how.Cron, Text: err.Error() + "; " + compose.FlagAt(how.Cron, o.kind.System, o.noun.role) + " sets it"}}
	}
	o.timetables = []backup.Timetable{table}
	return nil
}

// emptyTemplate gives a schedule the template that asks for nothing in particular.
func (o *options) emptyTemplate() error {
	how, known := compose.SchedulingOf(o.kind.System)
	if o.noun.role != backup.RoleSchedule || !known || compose.Get(o.object, how.Template) != nil {
		return nil
	}
	return compose.Put(o.object, how.Template, map[string]any{})
}
