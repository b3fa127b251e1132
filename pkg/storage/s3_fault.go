package storage

import (
	"errors"
	"net/http"
	"strings"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// refused is the answer of the server, or the error as it is where none came.
func (d *s3Dialect) refused(err error) error {
	answered, region := answeredRegion(err)
	if !answered {
		return err
	}
	r := &refusal{rightRegion: differing(region, d.region), cause: err, text: err.Error()}
	var (
		api     smithy.APIError
		missing *types.NoSuchKey
	)
	if errors.As(err, &api) {
		r.text = refusalText(api.ErrorCode(), api.ErrorMessage())
	}
	judgeS3(r, err)
	r.objectMissing = errors.As(err, &missing)
	return r
}

// answeredRegion tells whether a server answered, and the bucket's region if it named one.
func answeredRegion(err error) (answered bool, region string) {
	var response *awshttp.ResponseError
	if !errors.As(err, &response) || response.HTTPStatusCode() == 0 {
		return false, ""
	}
	return true, response.Response.Header.Get(regionHeader)
}

// judgeS3 classifies an S3 error answer by its code (Amazon S3 API reference,
// "Error responses"), or by its status where it has none.
func judgeS3(r *refusal, err error) {
	var (
		api      smithy.APIError
		response *awshttp.ResponseError
		code     string
		message  string
	)
	if errors.As(err, &api) {
		code, message = api.ErrorCode(), api.ErrorMessage()
	}
	if r.rightRegion == "" && api != nil {
		if words := backup.ClassifyStorageError(code + ": " + message); words != nil {
			r.rightRegion = words.RightRegion
		}
	}
	status := 0
	if errors.As(err, &response) {
		status = response.HTTPStatusCode()
	}
	// Amazon S3 user guide, "Using server-side encryption with customer-provided
	// keys": an object of that kind is not given out without its key.
	if code == "InvalidRequest" && strings.Contains(message, "Server Side Encryption") {
		r.reason = backup.ReasonCredentials
		return
	}
	r.reason, r.bucketMissing = reasonOfS3Answer(code, status, r.rightRegion)
}

func reasonOfS3Answer(code string, status int, rightRegion string) (reason backup.UnknownReason, bucketMissing bool) {
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
	if rightRegion != "" && (status == http.StatusMovedPermanently || status == http.StatusTemporaryRedirect || status == http.StatusBadRequest) {
		return backup.ReasonWrongRegion, false
	}
	return reasonOfStatus(status), false
}

func differing(right, used string) string {
	if right == used {
		return ""
	}
	return right
}
