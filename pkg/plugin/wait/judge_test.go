package wait

import (
	"errors"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

func object(phase backup.Phase, data backup.DataState) backup.Object {
	return backup.Object{Ref: backup.Ref{Resource: "backups", Name: "demo", UID: "1"}, Phase: phase, Data: data}
}

func deleted(o backup.Object) backup.Object {
	at := time.Unix(0, 0)
	o.Deleted = &at
	return o
}

// requested is a backup with requests for its deletion.
func requested(lookup backup.Lookup, phases ...backup.Phase) backup.Object {
	o := object(backup.PhaseCompleted, backup.DataMoved)
	for _, phase := range phases {
		o.Works = append(o.Works, backup.Work{Role: backup.WorkClean, Lookup: lookup, Phase: phase})
	}
	return o
}

func TestJudge(t *testing.T) {
	t.Parallel()
	absent := apierrors.NewNotFound(schema.GroupResource{Resource: "backups"}, "demo")
	other := object(backup.PhaseRunning, backup.DataMoving)
	other.Ref.UID = "2"
	for name, c := range map[string]struct {
		until  string
		object backup.Object
		err    error
		want   answer
	}{
		"runs":                       {forData, object(backup.PhaseRunning, backup.DataMoving), nil, answer{words: "it is Running"}},
		"completed, data moving":     {forData, object(backup.PhaseCompleted, backup.DataMoving), nil, answer{words: "it is Completed, and its data is still moving"}},
		"completed, phase asked":     {forComplete, object(backup.PhaseCompleted, backup.DataMoving), nil, answer{ended: true, words: "is Completed"}},
		"completed, data moved":      {forData, object(backup.PhaseCompleted, backup.DataMoved), nil, answer{ended: true, words: "is Completed, its data included"}},
		"completed, data unknown":    {forData, object(backup.PhaseCompleted, backup.DataUnknown), nil, answer{ended: true, code: cli.CodeUnknown, words: "is Completed; whether its data has arrived cannot be said"}},
		"completed, mover failed":    {forData, object(backup.PhaseCompleted, backup.DataFailed), nil, answer{ended: true, code: cli.CodeProblems, words: "is Completed, but a data mover failed"}},
		"restorable, data moving":    {forRestorable, object(backup.PhaseCompleted, backup.DataMoving), nil, answer{words: "it is Completed, and its data is still moving"}},
		"partially failed":           {forComplete, object(backup.PhasePartiallyFailed, backup.DataMoved), nil, answer{ended: true, code: cli.CodeProblems, words: "ended: PartiallyFailed"}},
		"a phase of a later version": {forData, object(backup.PhaseUnknown, backup.DataInline), nil, answer{words: "it is Unknown"}},
		"gone, deletion asked":       {forDeleted, backup.Object{}, absent, answer{ended: true, words: "is gone"}},
		"gone, data asked":           {forData, backup.Object{}, absent, answer{ended: true, code: cli.CodeProblems, words: "was deleted while it was waited for"}},
		"made anew":                  {forDeleted, other, nil, answer{ended: true, words: "is gone"}},
		"stopped, not ended":         {forEnd, object(backup.PhaseRunning, backup.DataMoving), nil, answer{words: "it is Running"}},
		"stopped, data moving":       {forEnd, object(backup.PhaseFailed, backup.DataMoving), nil, answer{words: "it is Failed, and its data is still moving"}},
		"stopped":                    {forEnd, object(backup.PhasePartiallyFailed, backup.DataFailed), nil, answer{ended: true, words: "has ended: PartiallyFailed"}},
		"stopped and gone":           {forEnd, backup.Object{}, absent, answer{ended: true, words: "is gone"}},
		"not being deleted":          {forDeleted, object(backup.PhaseCompleted, backup.DataMoved), nil, answer{words: "its deletion was not asked for"}},
		"being deleted":              {forDeleted, deleted(object(backup.PhaseDeleting, "")), nil, answer{words: "it is being deleted; 'kubectl backup diagnose backups/demo' says what it waits for"}},
		"phase Deleting, no request": {forDeleted, object(backup.PhaseDeleting, ""), nil, answer{words: "it is being deleted; 'kubectl backup diagnose backups/demo' says what it waits for"}},
		"request in hand":            {forDeleted, requested(backup.Found, backup.PhaseFailed, backup.PhaseRunning), nil, answer{words: "it is being deleted; 'kubectl backup diagnose backups/demo' says what it waits for"}},
		"request failed":             {forDeleted, requested(backup.Found, backup.PhaseFailed), nil, answer{ended: true, code: cli.CodeProblems, words: "was not deleted: the request for it ended with an error; 'kubectl backup diagnose backups/demo' says which"}},
		"no clean-up Job":            {forDeleted, requested(backup.Absent, ""), nil, answer{words: "its deletion was not asked for"}},
		"server away":                {forData, backup.Object{}, errors.New("no answer"), answer{words: "it could not be read"}},
	} {
		uid := "1"
		if got := (&options{until: c.until}).judge(c.object, &uid, c.err); got != c.want {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

// The first UID that is seen is the one that counts.
func TestJudgeRemembersTheFirstUID(t *testing.T) {
	t.Parallel()
	uid, o := "", &options{until: forData}
	o.judge(object(backup.PhaseRunning, backup.DataMoving), &uid, nil)
	other := object(backup.PhaseCompleted, backup.DataMoved)
	other.Ref.UID = "2"
	if got := o.judge(other, &uid, nil); uid != "1" || got.code != cli.CodeProblems {
		t.Errorf("uid %s, %+v", uid, got)
	}
}

func TestJudgeArchive(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		found backup.Verification
		want  cli.Code
	}{
		"sound":                 {backup.Verification{Restorable: backup.Yes, Status: backup.StatusOK}, cli.CodeOK},
		"restorable, a problem": {backup.Verification{Restorable: backup.Yes, Status: backup.StatusProblem}, cli.CodeProblems},
		"not restorable":        {backup.Verification{Restorable: backup.No, Status: backup.StatusProblem}, cli.CodeProblems},
		"not all is known":      {backup.Verification{Restorable: backup.Yes, Status: backup.StatusUnknown}, cli.CodeUnknown},
		"nothing is known":      {backup.Verification{Status: backup.StatusUnknown}, cli.CodeUnknown},
		"no answer, no trouble": {backup.Verification{Status: backup.StatusOK}, cli.CodeUnknown},
	} {
		c.found.Verdict = "why"
		if got := judgeArchive("Completed", c.found); got != (answer{ended: true, code: c.want, words: "is Completed; why"}) {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func TestGraver(t *testing.T) {
	t.Parallel()
	order := []cli.Code{cli.CodeOK, cli.CodePending, cli.CodeUnknown, cli.CodeProblems}
	for i, low := range order {
		for _, high := range order[i:] {
			if graver(low, high) != high || graver(high, low) != high {
				t.Errorf("of %d and %d the graver is %d", low, high, graver(low, high))
			}
		}
	}
}
