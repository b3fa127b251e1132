package finalizer

import (
	"strconv"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// StripPatch is the JSON Patch that removes one finalizer and nothing else. It
// holds only for the very object, state and position that were read: a merge
// patch of the list could bring back or take away what others changed since
// (`kubernetes-csi/external-attacher pkg/controller/util.go`).
func StripPatch(uid, resourceVersion string, f backup.Finalizer) []backup.PatchOp {
	at := "/metadata/finalizers/" + strconv.Itoa(f.Index)
	return append(guards(uid, resourceVersion),
		backup.PatchOp{Op: "test", Path: at, Value: f.Name},
		backup.PatchOp{Op: "remove", Path: at},
	)
}

// SetPatch is the JSON Patch that sets fields of the very object and state that
// were read. A field that is not there yet is added.
func SetPatch(uid, resourceVersion string, fields []backup.FieldValue) []backup.PatchOp {
	ops := guards(uid, resourceVersion)
	for _, f := range fields {
		ops = append(ops, backup.PatchOp{Op: "add", Path: f.Path, Value: f.Value})
	}
	return ops
}

const resourceVersionPath = "/metadata/resourceVersion"

func guards(uid, resourceVersion string) []backup.PatchOp {
	return []backup.PatchOp{
		{Op: "test", Path: "/metadata/uid", Value: uid},
		{Op: "test", Path: resourceVersionPath, Value: resourceVersion},
	}
}
