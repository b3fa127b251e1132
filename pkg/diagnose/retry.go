package diagnose

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func retryEntries() []entry {
	const source = "conditions RetryFailed and Invalid with their reasons; pingcap/tidb-operator@v1.6.0 pkg/controller/backup, pkg/backup/util"
	return []entry{
		{Code{
			Code:    "BK-O506",
			Title:   "the operator cannot start the work and tries again",
			Explain: "The controller cannot make the Job that it wants, and tries again without end. This is no final failure: as soon as the reason is gone it goes on by itself.",
			Why:     "A Secret or one of its keys is missing, the database cluster is gone, or the API server refuses the Job.",
			Fix:     "Remove the reason that the condition names. Nothing has to be deleted or restarted.",
			Danger:  "The work starts at once when the reason is gone, also an erasing clean-up.",
			Source:  source,
		}, judgeRetry},
		{Code{
			Code:    "BK-O507",
			Title:   "the specification is not valid",
			Explain: "The controller has looked at the object and refuses it. Nothing was ever started for it, and nothing will be until the specification is changed.",
			Why:     "A field is missing or has a value that the controller does not accept, such as an endpoint without a scheme.",
			Fix:     "Correct the field that the condition names, or delete the object and make a new one.",
			Danger:  "none; nothing was written",
			Source:  source,
		}, judgeInvalid},
	}
}

// reasonHelp says what a condition's reason means and what removes it.
// Source: pingcap/tidb-operator@v1.6.0 pkg/backup/util/util.go and pkg/controller/backup.
func reasonHelp(reason string) string {
	for _, r := range []struct{ prefix, help string }{
		{"GetS3SecretFailed", "The Secret that spec.s3.secretName names could not be read: it is missing in this namespace."},
		{"s3KeyNotExist", "The S3 Secret lacks access_key or secret_key."},
		{"InvalidS3Endpoint", "spec.s3.endpoint is not a URL with http:// or https://."},
		{"GetGcsSecretFailed", "The Secret that spec.gcs.secretName names could not be read: it is missing in this namespace."},
		{"gcsKeyNotExist", "The GCS Secret lacks the key credentials."},
		{"ProjectIdIsEmpty", "spec.gcs.projectId is empty."},
		{"GetAzblobSecretFailed", "The Secret that spec.azblob.secretName names could not be read: it is missing in this namespace."},
		{"azblobKeyNotExist", "The Azure Secret has neither the shared key nor the four keys of an application."},
		{"UnsupportedStorageType", "The object names no storage that the operator knows."},
		{"failed to fetch tidbcluster", "The TidbCluster that the object names does not exist."},
		{"CreateBackupJobFailed", "The API server refused the backup Job; its message says why."},
		{"CreateCleanJobFailed", "The API server refused the clean-up Job; its message says why."},
		{"StopLogBackupJobFailed", "The Job that stops the log backup could not be made."},
		{"BackupPathIsEmpty", "The object records no path, so there is nothing that a clean-up could erase."},
		{"FileExistedInExternalStorage", "Files of an earlier run lie at the place. The run is not tried again until they are gone."},
		{"ConnectTidbFailed", "TiDB did not accept the connection: host, port, user or password are wrong, or it is down."},
		{"InvalidSpec", "A field of the specification is missing or has a value that is not accepted."},
	} {
		if strings.HasPrefix(reason, r.prefix) {
			return r.help
		}
	}
	return ""
}

func judgeRetry(ev *backup.Evidence) []backup.Finding {
	c := retryCondition(ev)
	if c == nil {
		return nil
	}
	found := problem("BK-O506", backup.SeverityCause, ev.Object.Ref, "the operator cannot start the work and tries again: "+conditionText(c))
	if ev.Object.System == tidbOperator {
		found.Explain = reasonHelp(c.Reason)
	}
	found.Proof = []backup.Proof{{Text: conditionText(c), Source: "condition " + c.Type, At: c.At}}
	if strings.Contains(c.Message, "because it is being terminated") {
		found.Explain = "The namespace is being deleted and takes no new Jobs; repairing anything else does not help."
	}
	return one(found)
}

// retryCondition is the RetryFailed condition that still holds: no work was made after it.
func retryCondition(ev *backup.Evidence) *backup.Condition {
	c := isTrue(&ev.Object, "RetryFailed")
	if c == nil || !active(ev) {
		return nil
	}
	for _, w := range existing(ev, backup.WorkRun, backup.WorkStop, backup.WorkClean) {
		if c.At != nil && w.Created.After(*c.At) {
			return nil
		}
	}
	if ev.Object.Deleting() && c.At != nil && c.At.Before(*ev.Object.Deleted) && len(existing(ev, backup.WorkClean)) > 0 {
		return nil
	}
	return c
}

func judgeInvalid(ev *backup.Evidence) []backup.Finding {
	c := isTrue(&ev.Object, "Invalid")
	if c == nil && ev.Object.Phase != backup.PhaseInvalid {
		return nil
	}
	found := problem("BK-O507", backup.SeverityCause, ev.Object.Ref, "the specification is not valid")
	if ev.Object.Deleting() {
		found.Severity = backup.SeverityInfo
	}
	if c != nil {
		found.Title += ": " + conditionText(c)
		found.Proof = []backup.Proof{{Text: conditionText(c), Source: "condition Invalid", At: c.At}}
		if ev.Object.System == tidbOperator {
			found.Explain = reasonHelp(c.Reason)
		}
	}
	return one(found)
}

func conditionText(c *backup.Condition) string {
	switch {
	case c.Reason == "":
		return shorten(c.Message)
	case c.Message == "":
		return c.Reason
	}
	return shorten(fmt.Sprintf("%s: %s", c.Reason, c.Message))
}
