package velero

import (
	"context"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// operation is velero@v1.18.3 pkg/itemoperation: one that a plugin began for an
// object of a backup or of a restore.
type operation struct {
	Spec struct {
		BackupItemAction   string     `json:"backupItemAction"`
		RestoreItemAction  string     `json:"restoreItemAction"`
		ResourceIdentifier identifier `json:"resourceIdentifier"`
		OperationID        string     `json:"operationID"`
		PostOperationItems []identifier
	} `json:"spec"`
	Status struct {
		Phase          string
		Error          string
		NCompleted     int64
		NTotal         int64
		OperationUnits string
		Description    string
		Created        *time.Time
		Started        *time.Time
		Updated        *time.Time
	} `json:"status"`
}

// identifier is written with the names of the Go fields.
type identifier struct{ Group, Resource, Namespace, Name string }

func (i identifier) ref() backup.Ref {
	return backup.Ref{Group: i.Group, Resource: i.Resource, Namespace: i.Namespace, Name: i.Name}
}

func readOperations(ctx context.Context, bucket Bucket, key string, limit int64) ([]backup.ItemOperation, error) {
	var all []backup.ItemOperation
	err := eachOf(ctx, bucket, key, limit, func(o operation) { all = append(all, o.item()) })
	return all, err
}

func (o operation) item() backup.ItemOperation {
	status := o.Status
	out := backup.ItemOperation{
		ID: o.Spec.OperationID, Plugin: o.Spec.BackupItemAction + o.Spec.RestoreItemAction,
		Item:  o.Spec.ResourceIdentifier.ref(),
		Phase: operationPhase(status.Phase), Native: status.Phase, Error: status.Error, Note: status.Description,
		Created: status.Created, Started: status.Started, Updated: status.Updated}
	for _, then := range o.Spec.PostOperationItems {
		out.Then = append(out.Then, then.ref())
	}
	if status.NTotal > 0 || status.NCompleted > 0 {
		out.Progress = &backup.Progress{Done: status.NCompleted, Total: status.NTotal, Unit: status.OperationUnits}
	}
	return out
}

// operationPhase knows the words of velero@v1.18.3 pkg/itemoperation/shared.go.
func operationPhase(word string) backup.Phase {
	switch word {
	case "New":
		return backup.PhasePending
	case "InProgress":
		return backup.PhaseRunning
	case "Completed":
		return backup.PhaseCompleted
	case "Failed":
		return backup.PhaseFailed
	}
	return backup.PhaseUnknown
}
