package create

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// freshLook is how long a look at what a restore would meet stays good: between the
// plan and its execution it is not repeated without need, since it may read a
// large tarball.
const freshLook = 30 * time.Second

func newRestore(g *cli.Globals) *cobra.Command {
	cmd := newNoun(g, noun{
		role: backup.RoleRestore, located: tidbBase, system: systemOfSource,
		short: "Restore a backup",
		long: templates.LongDesc(`
			Restore a backup, or the last one of a schedule. The flags have the names
			that the system's own command gives them. Without a name the restore is
			called after the backup or the schedule and the time.

			A restore of TiDB begins with the storage and the settings of the Backup that
			--from-backup names: BR writes it into a TidbCluster, with --log-backup to a
			point in time, and Lightning writes a dump into the TiDB at --tidb-host.

			Before anything is sent it is looked whether the restore can succeed: the
			backup is complete and its files are in the bucket, the cluster serves what
			is in it, storage classes, node ports and images are there. What is proven
			to fail refuses, what could not be seen within ten seconds warns.

			What exists stays as it is. --existing-resource-policy=update overwrites it:
			that cannot be undone, so that the plan with what would be overwritten is
			shown and wants the name typed, or --confirm=DIGEST. So does each restore of
			TiDB, for what is in the tables of the cluster is not seen from here.

			Exit status: 0 made (with --wait: done, its data included), 2 it failed,
			3 refused or not confirmed, 4 something could not be checked, 8 the time is
			over.`),
		example: templates.Examples(`
			# Restore a namespace under another name and wait for its data
			kubectl backup create restore --from-backup nightly --include-namespaces shop \
			  --namespace-mappings shop:shop-test --wait

			# Restore what the last backup of a schedule holds of one application
			kubectl backup create restore web --from-schedule daily --selector app=web

			# See what would be restored, and what speaks against it
			kubectl backup create restore web --from-backup nightly --dry-run=server

			# TiDB at a point in time, into another cluster
			kubectl backup create restore back --from-backup full --log-backup log \
			  --restored-ts 2026-11-21T10:00:00Z --tidb-cluster fresh --wait`),
	})
	cmd.Use = "restore [NAME]"
	return cmd
}

// restoring tells whether a restore of Velero or e-backup is to be made.
func (o *options) restoring() bool {
	return o.noun.role == backup.RoleRestore && (o.kind.System == compose.Velero || o.kind.System == compose.EBackup)
}

// typed is the last value that was given for a flag, or empty.
func (f *flags) typed(flag string) string {
	if v := f.values[flag]; v != nil && len(v.typed) > 0 {
		return v.typed[len(v.typed)-1]
	}
	return ""
}

// nameRestore names a restore after what it restores and the time, as `velero
// restore create` does (velero@v1.18.3 pkg/cmd/cli/restore/create.go).
func (f *flags) nameRestore(args []string, now time.Time) []string {
	source := f.typed("from-schedule")
	if source == "" {
		source = f.typed("from-backup")
	}
	if len(args) > 0 || source == "" {
		return args
	}
	return []string{source + "-" + now.Format("20060102150405")}
}

// source finds the backup that is restored. The server finds that of a schedule by
// itself, but never one that is PartiallyFailed; that is named here.
func (o *options) source(ctx context.Context) error {
	if faults := compose.CheckRestore(o.object); len(faults) > 0 {
		return faultsError(faults)
	}
	name, _ := compose.Get(o.object, "spec.backupName").(string)
	schedule, _ := compose.Get(o.object, "spec.scheduleName").(string)
	err := o.modifier(ctx)
	switch {
	case err != nil:
	case name != "":
		o.from, err = o.collector.Backup(ctx, o.kind, o.ref.Namespace, name)
	case o.flags.typed("allow-partially-failed") == "true":
		if o.from, err = o.collector.LastBackup(ctx, o.kind, o.ref.Namespace, schedule, "Completed", "PartiallyFailed"); err == nil {
			spec, _ := o.object["spec"].(map[string]any)
			spec["backupName"] = o.from.Name
			delete(spec, "scheduleName")
		}
	default:
		o.from, err = o.collector.LastBackup(ctx, o.kind, o.ref.Namespace, schedule, "Completed")
	}
	return hintSource(err)
}

// hintSource says what to do where there is no backup.
func hintSource(err error) error {
	var missing *collect.NotFoundError
	var none *collect.NoBackupError
	switch {
	case errors.As(err, &none) && none.Seen > 0 && len(none.Phases) == 1:
		return &cli.HintedError{Err: err, Hint: "--allow-partially-failed takes one that is PartiallyFailed, too"}
	case errors.As(err, &none), errors.As(err, &missing):
		return &cli.HintedError{Err: err, Hint: "'kubectl backup get backups' lists them"}
	}
	return err
}

// modifier refuses a ConfigMap that is not there: the server would refuse the
// restore for it.
func (o *options) modifier(ctx context.Context) error {
	configMaps := backup.Served{Version: "v1", Resource: "configmaps", Kind: "ConfigMap", Namespaced: true}
	for _, path := range []string{"spec.resourceModifier", "spec.resourcePolicy"} {
		name, _ := compose.Get(o.object, path+".name").(string)
		if name == "" {
			continue
		}
		if _, err := o.Reader.Get(ctx, configMaps, o.ref.Namespace, name); cluster.IsAbsent(err) {
			return &cli.UsageError{Text: fmt.Sprintf("%s: there is no ConfigMap %s in namespace %s", path, name, o.ref.Namespace)}
		}
	}
	return nil
}

// restoreLook is what the restore would meet.
func (o *options) restoreLook(ctx context.Context) *backup.RestoreLook {
	if o.look == nil || o.Now().Sub(o.looked) > freshLook {
		o.look, o.looked = o.collector.Restore(ctx, o.object, o.from, o.flags.skipped()), o.Now()
	}
	return o.look
}

// effect is what making the object costs: a restore may overwrite what exists. Whether
// one of TiDB does cannot be seen from here: Lightning writes over rows, and before BR
// refused tables that exist it wrote into them.
func (o *options) effect() backup.Effect {
	if o.restoringTiDB() || o.noun.role == backup.RoleRestore && compose.Get(o.object, "spec.existingResourcePolicy") == "update" {
		return backup.EffectOverwrites
	}
	return backup.EffectCreates
}

// undo says what takes the making back.
func (o *options) undo() string {
	switch {
	case o.effect() == backup.EffectOverwrites:
		return "none; what is overwritten is kept nowhere"
	case o.noun.role == backup.RoleRestore:
		return "none; what was restored stays when the Restore is deleted"
	}
	return "'kubectl backup delete " + o.ref.String() + " -n " + o.ref.Namespace + "'"
}
