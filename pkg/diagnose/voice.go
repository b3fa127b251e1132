package diagnose

import (
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// cleanFailedReason is written by both generations of the operator: with
// condition CleanFailed since 1.3, with condition Failed before.
// Source: pingcap/tidb-operator@v1.6.1 cmd/backup-manager/app/clean/manager.go.
const cleanFailedReason = "CleanBackupDataFailed"

// voice is what a work, or the condition that speaks for it, said when it failed.
type voice struct {
	who     string // "the clean-up Job"
	role    backup.WorkRole
	subject backup.Ref
	text    string // the line that says why
	fault   *backup.StorageFault
	proof   []backup.Proof
}

// hear adds one piece of evidence; the first one with a known fault decides.
func (v *voice) hear(text, source string, at *time.Time) {
	if text == "" {
		return
	}
	line, fault := tell(text)
	v.proof = append(v.proof, backup.Proof{Text: shorten(line), Source: source, At: at})
	if v.text == "" || v.fault == nil && fault != nil {
		v.text, v.fault = oneLine(line), fault
	}
}

// tell picks the line of a text that says why: the last one with a known
// storage fault, else the last that speaks of an error, else the last.
func tell(text string) (string, *backup.StorageFault) {
	lines := messages(text)
	for i := len(lines) - 1; i >= 0; i-- {
		if fault := backup.ClassifyStorageError(lines[i]); fault != nil && !forbiddenByCluster(lines[i]) {
			return lines[i], fault
		}
	}
	for i := len(lines) - 1; i >= 0; i-- {
		if low := strings.ToLower(lines[i]); strings.Contains(low, "error") || strings.Contains(low, "fail") {
			return lines[i], nil
		}
	}
	return lines[len(lines)-1], nil
}

// messages are the lines of a text. The AWS SDK for Go v1 tells the HTTP status
// on a line of its own below the error (github.com/aws/aws-sdk-go@v1.55.8
// aws/awserr); by itself that line says less than the error.
func messages(text string) []string {
	var all []string
	for line := range strings.Lines(strings.TrimSpace(text)) {
		line = strings.TrimSpace(line)
		if len(all) > 0 && strings.HasPrefix(line, "status code: ") {
			all[len(all)-1] += " " + line
			continue
		}
		all = append(all, line)
	}
	if len(all) == 0 {
		return []string{""}
	}
	return all
}

// forbiddenByCluster tells whether the text is the API server's refusal of a
// right, which reads much like that of a storage.
func forbiddenByCluster(text string) bool { return strings.Contains(text, `is forbidden: User "`) }

// hearPods adds what the youngest failed pod of a work left behind.
func (v *voice) hearPods(w *backup.Work) {
	for _, p := range byAge(w) {
		failed := p.Phase == "Failed" || p.ExitCode != nil && *p.ExitCode != 0
		// The pods of a Job that was deleted may outlive it for a while.
		earlier := w.Lookup == backup.Found && p.Created.Before(w.Created)
		if !failed || earlier {
			continue
		}
		if p.Log != nil && len(p.Log.Lines) > 0 {
			v.hear(strings.Join(p.Log.Lines, "\n"), "log of pod "+p.Ref.Name, p.Ended)
		} else {
			v.hear(orElse(p.Message, p.Reason), "status of pod "+p.Ref.Name, p.Ended)
		}
		return
	}
}

// cleanVoice is what the clean-up last said, or nil if it did not fail.
func cleanVoice(ev *backup.Evidence) *voice {
	v := &voice{who: "the clean-up Job", role: backup.WorkClean, subject: ev.Object.Ref}
	var made time.Time
	for _, w := range withPods(ev, backup.WorkClean) {
		v.who, v.subject, made = who(ev, w), w.Ref, w.Created
		v.hearPods(w)
	}
	// A condition that is older than the Job speaks of an earlier attempt.
	if c := cleanCondition(&ev.Object); c != nil && (c.At == nil || !c.At.Before(made)) {
		v.hear(orElse(c.Message, c.Reason), "condition "+c.Type, c.At)
	}
	return v.settle(ev)
}

// settle ends the hearing: nil if nobody said anything, and no storage fault
// if what was said is about another server.
func (v *voice) settle(ev *backup.Evidence) *voice {
	if len(v.proof) == 0 {
		return nil
	}
	if v.fault != nil && !aboutStorage(ev, v.fault) {
		v.fault = nil
	}
	return v
}

// cleanCondition is the condition that tells of a failed clean-up, or nil.
func cleanCondition(obj *backup.Object) *backup.Condition {
	if c := isTrue(obj, "CleanFailed"); c != nil {
		return c
	}
	if c := isTrue(obj, "Failed"); c != nil && c.Reason == cleanFailedReason {
		return c
	}
	return nil
}

// runVoice is what the run last said, or nil if it did not fail.
func runVoice(ev *backup.Evidence) *voice {
	v := &voice{who: "the " + runName(ev) + " Job", role: backup.WorkRun, subject: ev.Object.Ref}
	for _, w := range withPods(ev, backup.WorkRun, backup.WorkMove) {
		if w.Failed > 0 || w.Phase == backup.PhaseFailed || w.Lookup == backup.Absent {
			v.who, v.subject = who(ev, w), w.Ref
			v.hearPods(w)
		}
	}
	if c := runCondition(&ev.Object); c != nil {
		v.hear(orElse(c.Message, c.Reason), "condition "+c.Type, c.At)
	}
	return v.settle(ev)
}

// runCondition is the condition that tells of a failed run, or nil. RetryFailed
// is no end, and a failed clean-up is no failed run.
func runCondition(obj *backup.Object) *backup.Condition {
	for i, c := range obj.Conditions {
		if c.Status != "True" || c.Reason == cleanFailedReason || c.Type == "RetryFailed" || c.Type == "CleanFailed" {
			continue
		}
		if strings.HasSuffix(c.Type, "Failed") {
			return &obj.Conditions[i]
		}
	}
	return nil
}
