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

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// regionHeader is how Amazon S3 names the region of a bucket, also in errors
// (Amazon S3 API reference, HeadBucket).
const regionHeader = "X-Amz-Bucket-Region"

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

// newFault says what an error means: by its type first, then by the code and
// status of the answer, by the words of its text last.
func newFault(err error, creds Credentials, region string) *Fault {
	var fault *Fault
	if errors.As(err, &fault) {
		return fault
	}
	fault = &Fault{cause: err, Text: detail(err, creds)}
	if reason, known := reasonOfType(err); known {
		fault.Reason = reason
		return fault
	}
	if answered, right := answeredRegion(err); answered {
		fault.RightRegion = differing(right, region)
		fault.judgeAnswer(err)
		return fault
	}
	fault.Reason = backup.ReasonOther
	// A missing bucket is only believed when an S3 answer carries its code.
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

// answeredRegion tells whether a server answered, and the bucket's region if it named one.
func answeredRegion(err error) (answered bool, region string) {
	var response *awshttp.ResponseError
	if !errors.As(err, &response) || response.HTTPStatusCode() == 0 {
		return false, ""
	}
	return true, response.Response.Header.Get(regionHeader)
}

// judgeAnswer classifies an S3 error answer by its code (Amazon S3 API
// reference, "Error responses"), or by its status where it has none.
func (f *Fault) judgeAnswer(err error) {
	var (
		api      smithy.APIError
		response *awshttp.ResponseError
		code     string
	)
	if errors.As(err, &api) {
		code = api.ErrorCode()
	}
	if f.RightRegion == "" && api != nil {
		if words := backup.ClassifyStorageError(code + ": " + api.ErrorMessage()); words != nil {
			f.RightRegion = words.RightRegion
		}
	}
	status := 0
	if errors.As(err, &response) {
		status = response.HTTPStatusCode()
	}
	f.Reason, f.BucketMissing = reasonOfAnswer(code, status, f.RightRegion)
}

func reasonOfAnswer(code string, status int, rightRegion string) (reason backup.UnknownReason, bucketMissing bool) {
	switch code {
	case "NoSuchBucket":
		return "", true
	case "AuthorizationHeaderMalformed":
		// The same code is given for an access key id that is none.
		if rightRegion == "" {
			return backup.ReasonCredentials, false
		}
		return backup.ReasonWrongRegion, false
	case "PermanentRedirect", "IllegalLocationConstraintException":
		return backup.ReasonWrongRegion, false
	// The last one is versity/versitygw@v1.8.0's for an access key id that nobody has.
	case "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "TokenRefreshRequired", "RequestTimeTooSkewed", "InvalidSecurity", "XAdminUserNotFound":
		return backup.ReasonCredentials, false
	case "AccessDenied", "AllAccessDisabled", "AccountProblem":
		return backup.ReasonDenied, false
	case "RequestTimeout":
		return backup.ReasonTimeout, false
	}
	switch {
	case rightRegion != "" && (status == http.StatusMovedPermanently || status == http.StatusTemporaryRedirect || status == http.StatusBadRequest):
		return backup.ReasonWrongRegion, false
	case status >= 300 && status < 400:
		return backup.ReasonRedirect, false
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return backup.ReasonDenied, false
	}
	return backup.ReasonOther, false
}

func differing(right, used string) string {
	if right == used {
		return ""
	}
	return right
}

// detail is the part of an error that speaks of the fault: the code and
// message of the server, or the network's own words.
func detail(err error, creds Credentials) string {
	text := err.Error()
	var (
		api     smithy.APIError
		request *url.Error
	)
	switch {
	case errors.As(err, &api):
		text = strings.TrimSuffix(api.ErrorCode()+": "+api.ErrorMessage(), ": ")
	case errors.As(err, &request):
		text = request.Err.Error()
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
