package storage

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// maxDetail is how much of a server's own words is kept, in runes.
const maxDetail = 300

var (
	urlLogin = regexp.MustCompile(`(://)[^/\s@"']*@`)
	urlQuery = regexp.MustCompile(`(://[^\s?"']*)\?[^\s"']*`)
)

// Fault is why a place could not be seen.
type Fault struct {
	Reason backup.UnknownReason
	// BucketMissing is an answer of the server, not a failure to see.
	BucketMissing bool
	// RightRegion is the region that the server named.
	RightRegion string
	// Text is one redacted line.
	Text string

	cause error
}

// Error is the redacted text.
func (f *Fault) Error() string { return f.Text }

// Unwrap is the error of the library, for errors.Is and errors.As only: its
// text is not redacted.
func (f *Fault) Unwrap() error { return f.cause }

// refusal is an answer of a server that gives a reason instead of what was
// asked for. A store makes it from the codes of its provider.
type refusal struct {
	reason        backup.UnknownReason
	bucketMissing bool
	objectMissing bool // where an object was asked for
	rightRegion   string
	text          string // the server's own words, not redacted

	cause error
}

// Error is the text, which is not redacted.
func (r *refusal) Error() string { return r.text }

// Unwrap is the error of the library that brought it, if one did.
func (r *refusal) Unwrap() error { return r.cause }

func refusalText(code, message string) string { return strings.Trim(code+": "+message, ": ") }

// newFault says what an error means: by its type first, then by the answer
// that it carries, by the words of its text last.
func newFault(err error, creds Credentials) *Fault {
	var fault *Fault
	if errors.As(err, &fault) {
		return fault
	}
	fault = &Fault{cause: err, Text: detail(err, creds)}
	if reason, known := reasonOfType(err); known {
		fault.Reason = reason
		return fault
	}
	var answer *refusal
	if errors.As(err, &answer) {
		fault.Reason, fault.BucketMissing, fault.RightRegion = answer.reason, answer.bucketMissing, answer.rightRegion
		return fault
	}
	fault.Reason = backup.ReasonOther
	// A missing bucket is only believed when an answer of the store carries its code.
	if words := backup.ClassifyStorageError(fault.Text); words != nil && !words.BucketMissing {
		fault.Reason = words.Reason
	}
	return fault
}

func reasonOfType(err error) (backup.UnknownReason, bool) {
	var (
		refused  *AddressRefusedError
		redirect *RedirectError
		answer   *AnswerError
		missing  *CredentialsError
		network  net.Error
	)
	switch {
	case errors.As(err, &refused):
		return backup.ReasonForbidden, true
	case errors.As(err, &redirect):
		return backup.ReasonRedirect, true
	case errors.As(err, &missing):
		return backup.ReasonCredentials, true
	case errors.As(err, &answer), errors.Is(err, errBudget), errors.Is(err, context.Canceled):
		return backup.ReasonOther, true
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return backup.ReasonTimeout, true
	}
	return "", false
}

// reasonOfStatus is what the status of an answer says alone.
func reasonOfStatus(status int) backup.UnknownReason {
	switch {
	case status >= 300 && status < 400:
		return backup.ReasonRedirect
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return backup.ReasonDenied
	case status == http.StatusRequestTimeout || status == http.StatusGatewayTimeout:
		return backup.ReasonTimeout
	}
	return backup.ReasonOther
}

// detail is the part of an error that speaks of the fault: the code and
// message of the server, or the network's own words.
func detail(err error, creds Credentials) string {
	text := err.Error()
	var (
		answer   *refusal
		other    *AnswerError
		request  *url.Error
		portable interface{ Unwrap() []error }
	)
	switch {
	case errors.As(err, &answer):
		text = answer.text
	case errors.As(err, &other):
		text = other.Error()
	case errors.As(err, &request):
		text = request.Err.Error()
	case strings.HasPrefix(text, "blob (") && errors.As(err, &portable):
		text = portable.Unwrap()[0].Error() // without the key and the code that gocloud.dev puts before it
	}
	return oneLine(creds.hide(text))
}

// oneLine drops what a URL carries beside host and path, and all control characters.
func oneLine(text string) string {
	text = urlLogin.ReplaceAllString(text, "$1")
	text = urlQuery.ReplaceAllString(text, "$1")
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if runes := []rune(text); len(runes) > maxDetail {
		text = string(runes[:maxDetail]) + "…"
	}
	return text
}
