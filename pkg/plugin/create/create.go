// Package create is the `create` verb: backups and what belongs to them, made as
// each backup system wants them, checked before they are sent.
package create

import (
	"context"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// NewCommand makes the verb with its nouns.
func NewCommand(g *cli.Globals) *cobra.Command {
	cmd := newBackup(g)
	cmd.Use = "create [backup] NAME"
	cmd.AddCommand(newBackup(g), newSchedule(g), newRestore(g), newLocation(g))
	return cmd
}

func newBackup(g *cli.Globals) *cobra.Command {
	return newNoun(g, noun{
		role:    backup.RoleBackup,
		drafted: hasAnEnd,
		short:   "Make a backup",
		long: templates.LongDesc(`
			Make a backup, in the backup system of the cluster or the one that --system
			names. The flags have the names that the system's own command gives them; those
			that say TiDB set the fields of TiDB Operator's Backup, which BR makes of a
			TidbCluster and Dumpling of a TiDB server. Its data goes to --bucket, and what
			becomes of it when the Backup is deleted is said before.

			Everything is checked before anything is sent: each value, and each field
			against the definition that this cluster serves, since a server drops fields
			that it does not know without a word. The server then checks the whole in a
			dry run.

			Exit status: 0 made (with --wait: done, its data included), 2 it failed,
			3 refused, 4 something could not be checked, 8 the time is over.`),
		example: templates.Examples(`
			# Back up two namespaces and wait until their data has arrived
			kubectl backup create nightly --include-namespaces shop,billing --wait

			# See the manifest and change nothing
			kubectl backup create nightly --include-namespaces shop --dry-run=client -o yaml

			# The same as an earlier one, kept for longer
			kubectl backup create before-upgrade --like backup/nightly --ttl 30d

			# A snapshot of a TiDB cluster with BR
			kubectl backup create before-upgrade --tidb-cluster basic --bucket s3://backups/before-upgrade --region eu-west-1 --secret s3-secret --wait`),
	})
}

// hasAnEnd refuses to wait for what runs until somebody stops it.
func hasAnEnd(_ context.Context, o *options) error {
	if o.flags.wait && compose.Endless(o.object, o.kind.System) {
		return &cli.UsageError{Text: "a log backup does not end by itself: leave --wait away; 'kubectl backup get' and 'cancel' follow and stop it"}
	}
	return nil
}
