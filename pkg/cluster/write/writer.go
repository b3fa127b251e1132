package write

import (
	"context"
	"errors"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// FieldManager is the name that the writes carry in managedFields.
const FieldManager = "kubectl-backup"

// What callers branch on, with errors.Is.
var (
	// ErrChanged: the object is not as it was judged any more; nothing was written.
	ErrChanged = errors.New("the object has changed since it was read")
	// ErrGone: the API server says that the object does not exist.
	ErrGone = errors.New("the object does not exist any more")
	// ErrRefused: this package does not do that; nothing was sent.
	ErrRefused = errors.New("refused")
)

// Writer changes one object at a time. With dryRun the server does everything
// but store the change. After an error of the network nobody knows whether the
// change was stored: the caller has to look.
type Writer interface {
	// Patch applies a JSON Patch with its own test operations, one of them of
	// /metadata/uid, and returns the object as it is after it.
	Patch(ctx context.Context, ref backup.Ref, ops []backup.PatchOp, dryRun bool) (map[string]any, error)
	// Delete deletes the object of that UID, in the background propagation; an
	// empty resourceVersion is any. That it succeeds does not mean that the object is gone.
	Delete(ctx context.Context, ref backup.Ref, uid, resourceVersion string, dryRun bool) error
	// Orphan is Delete, but that the objects which it owns stay without an owner.
	Orphan(ctx context.Context, ref backup.Ref, uid, resourceVersion string, dryRun bool) error
	// Create makes a new object and returns it as the server stored it.
	Create(ctx context.Context, ref backup.Ref, object map[string]any, dryRun bool) (map[string]any, error)
}
