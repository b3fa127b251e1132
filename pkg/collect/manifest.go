package collect

import (
	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/redact"
)

// Manifest adds the object itself to the evidence: without secrets, without the
// copy that kubectl apply keeps of it, and without managedFields.
func (c *Collector) Manifest(ev *backup.Evidence) {
	ev.Manifest = redact.Object(ev.Raw)
	if metadata, ok := ev.Manifest["metadata"].(map[string]any); ok {
		delete(metadata, "managedFields")
		if annotations, ok := metadata["annotations"].(map[string]any); ok {
			delete(annotations, "kubectl.kubernetes.io/last-applied-configuration")
		}
	}
	if kind := c.kindOf(ev.Object.Ref.Group, ev.Object.Ref.Resource); kind != nil {
		ev.Unset = kind.Unset(ev.Raw)
	}
}
