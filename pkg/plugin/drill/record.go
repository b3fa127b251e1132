package drill

import (
	"context"
	"encoding/json"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
)

// record notes at the backup that a drill of it passed.
func (o *options) record(ctx context.Context, drill *backup.Drill) error {
	last := backup.LastDrill{At: o.Now().UTC().Truncate(time.Second), Took: drill.Took, Restore: o.ev.Drill.Name}
	for _, n := range drill.Namespaces {
		last.Namespaces = append(last.Namespaces, n.From)
	}
	text, err := json.Marshal(last)
	if err != nil {
		return err
	}
	ev, err := o.again(ctx)
	if err != nil {
		return err
	}
	if err := o.do(ctx, compose.Annotate(ev.Object.Ref, ev.Raw, backup.LastDrillAnnotation, string(text))); err != nil {
		return err
	}
	drill.Recorded = true
	return nil
}
