package create

import (
	"context"
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
)

// tidbSources are the Backups that a restore of TiDB is made from, as far as one is named.
type tidbSources struct{ full, log map[string]any }

// restoringTiDB tells whether a restore of TiDB is to be made.
func (o *options) restoringTiDB() bool {
	return o.noun.role == backup.RoleRestore && o.kind.System == compose.TiDB
}

// tidbBase has the manifest begin with what the Backups say that are named. A Restore of
// Velero names its backup itself.
func tidbBase(ctx context.Context, o *options) error {
	if !o.restoringTiDB() {
		return nil
	}
	var err error
	if o.tidb.full, err = o.namedBackup(ctx, "from-backup"); err != nil {
		return err
	}
	if o.tidb.log, err = o.namedBackup(ctx, "log-backup"); err != nil {
		return err
	}
	if o.tidb.full == nil && o.tidb.log == nil {
		return nil
	}
	before := o.base.fill
	o.base.flag = "--from-backup=" + o.flags.typed("from-backup")
	if o.tidb.full == nil {
		o.base.flag = "--log-backup=" + o.flags.typed("log-backup")
	}
	o.base.fill = func(object map[string]any) error {
		if before != nil {
			if err := before(object); err != nil {
				return err
			}
		}
		return compose.RestoreOf(object, o.tidb.full, o.tidb.log)
	}
	return nil
}

// namedBackup reads the Backup that a flag names; nil where none does.
func (o *options) namedBackup(ctx context.Context, flag string) (map[string]any, error) {
	name := o.flags.typed(flag)
	if name == "" {
		return nil, nil
	}
	hit, err := o.collector.Backup(ctx, o.kind, o.ref.Namespace, name)
	if err != nil {
		return nil, hintSource(err)
	}
	return o.Reader.Get(ctx, hit.Served, hit.Namespace, hit.Name)
}

// systemOfSource is the system whose backup --from-backup names. An error is that of
// finding it.
func systemOfSource(ctx context.Context, o *options) (string, error) {
	name := o.flags.typed("from-backup")
	if name == "" {
		return "", nil
	}
	scope := o.scope
	scope.Role = backup.RoleBackup
	hit, err := o.collector.Find(ctx, collect.Target{Type: string(backup.RoleBackup), Name: name}, scope)
	if err != nil || hit.Kind == nil {
		return "", hintSource(err)
	}
	return hit.Kind.System, nil
}

// restoreInto says in words what the restore writes into; empty where that is the cluster
// in which this program looks.
func (o *options) restoreInto() string {
	if !o.restoringTiDB() {
		return ""
	}
	namespace, _ := compose.Get(o.object, "spec.br.clusterNamespace").(string)
	if namespace == "" {
		namespace = o.ref.Namespace
	}
	if name, _ := compose.Get(o.object, "spec.br.cluster").(string); name != "" {
		return fmt.Sprintf(", which writes into TidbCluster %s/%s", namespace, name)
	}
	host, _ := compose.Get(o.object, "spec.to.host").(string)
	return ", which writes into the TiDB at " + host
}
