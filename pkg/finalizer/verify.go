package finalizer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster/write"
)

// collectLooks is how often to look whether the garbage collector took the dependents.
const collectLooks = 5

// sight is what one look at an object showed.
type sight struct {
	ended string   // "gone", "replaced", "released"; empty is not yet
	holds []string // the finalizers that are on it
	text  string
}

// look tells whether the end of a wait is reached. That the server took a write
// is no proof of it: only its answer to a new question is.
func (e *Executor) look(ctx context.Context, ref backup.Ref, until string) sight {
	object, err := e.Read(ctx, ref)
	switch {
	case errors.Is(err, write.ErrGone):
		return sight{ended: endedGone, text: ref.Human() + " is gone"}
	case err != nil:
		return sight{text: "cannot be seen: " + err.Error()}
	}
	metadata, _ := object["metadata"].(map[string]any)
	if uid, _ := metadata["uid"].(string); ref.UID != "" && uid != ref.UID {
		return sight{ended: endedReplaced, text: "another object has the name " + ref.Human() + " now"}
	}
	holds := finalizersOf(metadata)
	finalizer, named := strings.CutPrefix(until, UntilAbsent)
	if named && !contains(holds, finalizer) {
		text := finalizer + " is no longer on " + ref.Human()
		if len(holds) > 0 {
			text += ", which is still held by " + strings.Join(holds, ", ")
		}
		return sight{ended: endedReleased, holds: holds, text: text}
	}
	if len(holds) == 0 {
		return sight{text: "still there, held by nothing"}
	}
	return sight{holds: holds, text: "still held by " + strings.Join(holds, ", ")}
}

func finalizersOf(metadata map[string]any) []string {
	list, _ := metadata["finalizers"].([]any)
	var out []string
	for _, f := range list {
		if name, ok := f.(string); ok {
			out = append(out, name)
		}
	}
	return out
}

// wait looks until the end is reached or the time is up.
func (r *run) wait(ctx context.Context, i int, step backup.Step) error {
	deadline := r.Now().Add(r.Timeout)
	for said := ""; ; {
		seen := r.look(ctx, step.Target, step.Until)
		r.result.Holds = seen.holds
		if seen.ended != "" {
			r.result.Ended = seen.ended
			return r.note(i, stateDone, seen.text)
		}
		if why := r.hopeless(ctx); why != "" {
			r.result.Ended = stateWaiting
			return r.note(i, stateFailed, why)
		}
		if !r.Now().Before(deadline) {
			r.result.Ended = stateWaiting
			return r.note(i, stateFailed, fmt.Sprintf("%s after %s", seen.text, r.Timeout))
		}
		if seen.text != said {
			said = seen.text
			r.observe(backup.Outcome{Step: i, At: r.Now().UTC(), State: stateWaiting, Text: said})
		}
		if err := r.Sleep(ctx, r.Interval); err != nil {
			return errors.Join(err, r.note(i, stateInterrupted, seen.text))
		}
	}
}

func (r *run) hopeless(ctx context.Context) string {
	if r.Hopeless == nil {
		return ""
	}
	return r.Hopeless(ctx)
}

// afterwards lists what went with the object and what stays without it.
func (r *run) afterwards(ctx context.Context) {
	if r.plan.Way == WayCancel && r.ev.Cancellation != nil {
		r.result.Left = append(r.result.Left, r.ev.Cancellation.Leaves...)
	}
	if r.result.Ended != endedGone && r.result.Ended != endedReplaced {
		return
	}
	for _, ref := range r.along() {
		if r.collected(ctx, ref) {
			r.result.Went = append(r.result.Went, ref.Human())
		} else {
			r.result.Left = append(r.result.Left, ref.Human())
		}
	}
	r.result.Left = append(r.result.Left, leftInStorage(r.plan)...)
}

// along are the objects that were to go with the target.
func (r *run) along() []backup.Ref {
	var out []backup.Ref
	for _, d := range r.ev.Dependents {
		out = append(out, d.Ref)
	}
	if r.ev.Removal == nil {
		return out
	}
	for _, kin := range r.ev.Removal.Kin {
		if kin.Fate == backup.FateGoes && !slices.ContainsFunc(out, kin.Ref.Same) {
			out = append(out, kin.Ref)
		}
	}
	return out
}

// collected tells whether a dependent is gone. The garbage collector works in
// the background, so that it gets some time, all of them together.
func (r *run) collected(ctx context.Context, ref backup.Ref) bool {
	for {
		if seen := r.look(ctx, ref, UntilGone); seen.ended != "" {
			return true
		}
		r.looks++
		if r.looks >= collectLooks || r.Sleep(ctx, r.Interval) != nil {
			return false
		}
	}
}

// leftInStorage is what nothing points at any more after the owner was passed by.
func leftInStorage(plan backup.Plan) []string {
	if plan.Effect != backup.EffectStrips && plan.Effect != backup.EffectReleases && plan.Effect != backup.EffectDeletes {
		return nil
	}
	var out []string
	for _, v := range plan.Storage {
		switch v.Class {
		case backup.VerdictEmpty:
			continue
		case backup.VerdictUnknown:
			out = append(out, place{location: v.Location}.named()+": what is there is not known")
		case backup.VerdictBucketMissing:
			out = append(out, v.Location.URL()+": the bucket was not found; whatever it held is elsewhere or gone")
		default:
			out = append(out, fmt.Sprintf("%s: %s, %s", v.Location.URL(), v.Class, counted(v.Current)))
		}
	}
	if len(out) > 0 && plan.Orphans != "" {
		out = append(out, plan.Orphans)
	}
	return out
}
