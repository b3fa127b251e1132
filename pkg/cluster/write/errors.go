package write

import (
	"errors"
	"fmt"
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// classify marks the errors that callers branch on. The text stays the server's
// own, so that the words of an admission webhook reach the person.
func classify(err error) error {
	switch {
	case patchDidNotApply(err), apierrors.IsConflict(err):
		return fmt.Errorf("%w: %w", ErrChanged, err)
	case cluster.IsAbsent(err):
		return fmt.Errorf("%w: %w", ErrGone, err)
	}
	return err
}

// MissingRule is the RBAC rule that a denied write lacks; empty where it failed for
// another reason.
func MissingRule(err error) string {
	var failed *cluster.Error
	if errors.As(err, &failed) {
		return failed.Rule
	}
	return ""
}

// patchDidNotApply tells whether a test of a JSON Patch did not hold, or one of
// its paths or indexes is not there any more. The server answers 422, as it does
// for an object that validation refuses, and keeps which test it was to itself;
// only a refused object is named in the details
// (k8s.io/apiserver@v0.36.3 pkg/endpoints/handlers/patch.go applyJSPatch, seen
// with a server of 1.36).
func patchDidNotApply(err error) bool {
	var status apierrors.APIStatus
	if !errors.As(err, &status) || status.Status().Code != http.StatusUnprocessableEntity {
		return false
	}
	details := status.Status().Details
	return details == nil || details.Kind == "" && details.Name == "" && len(details.Causes) == 0
}
