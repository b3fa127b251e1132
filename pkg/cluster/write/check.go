package write

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const (
	pathUID        = "/metadata/uid"
	pathFinalizers = "/metadata/finalizers"
)

// oneFinalizer is the path of one finalizer by its index.
var oneFinalizer = regexp.MustCompile(`^/metadata/finalizers/(0|[1-9][0-9]*)$`)

// checkPatch refuses a patch that is not guarded or that reaches too far.
func checkPatch(ops []backup.PatchOp) error {
	tested := map[string]any{}
	changes, finalizers := 0, 0
	for _, op := range ops {
		if op.Op == "test" {
			tested[op.Path] = op.Value
			continue
		}
		changes++
		if err := checkChange(op, tested); err != nil {
			return err
		}
		if strings.HasPrefix(op.Path, pathFinalizers) {
			finalizers++
		}
	}
	uid, _ := tested[pathUID].(string)
	switch {
	case uid == "":
		return fmt.Errorf("%w: the patch does not test %s", ErrRefused, pathUID)
	case changes == 0:
		return fmt.Errorf("%w: the patch changes nothing", ErrRefused)
	case finalizers > 1:
		return fmt.Errorf("%w: the patch removes more than one finalizer", ErrRefused)
	}
	return nil
}

// checkChange refuses an operation that replaces more than one field, and on
// finalizers all but the removal of one that was tested at its index before.
func checkChange(op backup.PatchOp, tested map[string]any) error {
	switch op.Op {
	case "add", "replace", "remove":
	default:
		return fmt.Errorf("%w: patch operation %q", ErrRefused, op.Op)
	}
	if op.Path == "" || op.Path == "/" || op.Path == "/metadata" || !strings.HasPrefix(op.Path, "/") {
		return fmt.Errorf("%w: %s of %q reaches too far", ErrRefused, op.Op, op.Path)
	}
	if op.Path != pathFinalizers && !strings.HasPrefix(op.Path, pathFinalizers+"/") {
		return nil
	}
	if op.Op != "remove" || !oneFinalizer.MatchString(op.Path) {
		return fmt.Errorf("%w: %s of %q; only one finalizer can be removed, by its index", ErrRefused, op.Op, op.Path)
	}
	if name, _ := tested[op.Path].(string); name == "" {
		return fmt.Errorf("%w: the patch removes %q without testing which finalizer it is", ErrRefused, op.Path)
	}
	return nil
}
