package cluster

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Error is a failed call to the cluster.
type Error struct {
	// What was tried on which object: "get backups.pingcap.com/demo in namespace tidb-test".
	What string
	// Rule is the RBAC rule that the call needs, as [Call.Rule] words it. It is set
	// only where the server denied the call.
	Rule string
	// Err is the server's or the network's own error.
	Err error
}

// Error is what was tried and why it failed.
func (e *Error) Error() string { return e.What + ": " + e.Err.Error() }

// Unwrap is the server's or the network's own error.
func (e *Error) Unwrap() error { return e.Err }

// IsDenied tells that the identity has no right to the call (403).
func IsDenied(err error) bool { return apierrors.IsForbidden(err) }

// IsUnauthorized tells that the server does not know the identity (401).
func IsUnauthorized(err error) bool { return apierrors.IsUnauthorized(err) }

// IsThrottled tells that the server asks to come back later (429).
func IsThrottled(err error) bool { return apierrors.IsTooManyRequests(err) }

// IsServerFault tells that the server failed inside (5xx).
func IsServerFault(err error) bool {
	var status apierrors.APIStatus
	return errors.As(err, &status) && status.Status().Code >= http.StatusInternalServerError
}

// IsInvalid tells that the server's validation refuses the object (422).
func IsInvalid(err error) bool { return apierrors.IsInvalid(err) }

// IsTimeout tells that an answer did not come, or not go on, in time.
func IsTimeout(err error) bool {
	var network net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network) && network.Timeout()
}

// IsExpired tells that a continuation or a watch is too old to go on (410).
func IsExpired(err error) bool {
	return apierrors.IsResourceExpired(err) || apierrors.IsGone(err)
}

// IsAbsent tells that the API server itself said that the object does not
// exist. A 404 without its words, as proxies and unknown paths answer, is no
// such statement.
func IsAbsent(err error) bool { return apierrors.IsNotFound(err) && !unexpectedAnswer(err) }

// IsNotServed tells that the server knows no such path: the resource or its
// version is not served.
func IsNotServed(err error) bool { return apierrors.IsNotFound(err) && unexpectedAnswer(err) }

func unexpectedAnswer(err error) bool {
	return apierrors.HasStatusCause(err, metav1.CauseTypeUnexpectedServerResponse)
}

// IsUnreachable tells that no complete answer came: the network, TLS, a
// deadline or a connection that was cut.
func IsUnreachable(err error) bool {
	var request *url.Error
	return isNetwork(err) || errors.As(err, &request) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.ErrUnexpectedEOF)
}

// isNetwork tells that the network failed. A failed system call on a file has
// the methods of a net.Error too (syscall.Errno), so that it is left out.
func isNetwork(err error) bool {
	var network net.Error
	var file *fs.PathError
	return errors.As(err, &network) && !errors.As(err, &file)
}

// Lookup turns the error of a reading into the state of the knowledge.
func Lookup(err error) backup.Lookup {
	switch {
	case err == nil:
		return backup.Found
	case IsAbsent(err):
		return backup.Absent
	case IsDenied(err):
		return backup.Denied
	}
	return backup.Failed
}
