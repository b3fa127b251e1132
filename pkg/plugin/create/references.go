package create

import (
	"context"
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
)

// references reads what the manifest names. What is not there, or is not what the
// server wants, is a fault; what could not be read is told with the plan.
func (o *options) references(ctx context.Context) []compose.Fault {
	named := compose.References(o.object, o.kind.System, o.noun.role)
	objects := make([]map[string]any, len(named))
	var faults []compose.Fault
	for i, reference := range named {
		object, err := o.Reader.Get(ctx, reference.Served, o.ref.Namespace, reference.Name)
		switch ref := reference.Served.Ref(o.ref.Namespace, reference.Name); {
		case cluster.IsAbsent(err):
			faults = append(faults, compose.Fault{Path: reference.Path, Text: "there is no " + ref.Human()})
		case err != nil:
			o.notes = append(o.notes, backup.GateResult{
				Condition: "references", State: backup.GateWarning,
				Because: fmt.Sprintf("whether there is a %s, which %s names, is not known: %v", ref.Human(), reference.Path, err),
			})
		}
		objects[i] = object
	}
	return append(faults, compose.Misfits(named, objects)...)
}
