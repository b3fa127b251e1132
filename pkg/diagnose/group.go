package diagnose

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// groupProofs is how many pieces of evidence of its example a group keeps.
const groupProofs = 3

// CauseOf says what one diagnosed object hangs on or failed of, as a group of
// this object alone.
func CauseOf(d backup.Diagnosis, object backup.Affected) backup.Cause {
	out := backup.Cause{Status: backup.StatusUnknown, Title: d.Verdict, Example: d.Object.Ref, Objects: []backup.Affected{object}}
	out.Next = command(inNamespace(d.Object.Ref.Namespace, "kubectl", "backup", "diagnose", d.Object.Ref.String())...)
	head := headFinding(d)
	if head == nil {
		out.Finalizer = firstFinalizer(d.Object)
		return out
	}
	out.Code, out.Cause, out.Status, out.Severity, out.Title = head.Code, head.Cause, head.Status, head.Severity, head.Title
	out.Proof = head.Proof[:min(len(head.Proof), groupProofs)]
	if out.Cause == "" {
		out.Finalizer = firstFinalizer(d.Object)
	}
	if head.Status == backup.StatusProblem && head.Severity == backup.SeverityInfo {
		out.Status = backup.StatusOK // the owner is at work
	}
	if next := harmless(head.Fixes); next != "" {
		out.Next = next
	}
	return out
}

// headFinding is the finding that says most directly what is at fault: what a
// deletion hangs on, else the fault that a run failed of, else the first problem.
func headFinding(d backup.Diagnosis) *backup.Finding {
	if d.Object.Deleting() {
		for _, code := range blockers() {
			if found := findCause(d.Findings, code); found != nil && (code != "BK-N601" || guarded(d.Object)) {
				return found
			}
		}
	}
	isCause := func(f backup.Finding) bool { return rank(f) == 0 && f.Code != "BK-N601" }
	symptom := func(f backup.Finding) bool { return strings.HasPrefix(f.Code, "BK-F10") || f.Code == "BK-W213" }
	for _, is := range []func(backup.Finding) bool{
		func(f backup.Finding) bool { return isCause(f) && f.Cause != "" },
		func(f backup.Finding) bool { return isCause(f) && !symptom(f) },
		isCause,
		func(f backup.Finding) bool { return rank(f) == 0 },
		func(f backup.Finding) bool { return rank(f) == 1 && !d.Object.Deleting() },
		func(f backup.Finding) bool { return f.Status == backup.StatusProblem && symptom(f) },
	} {
		if i := slices.IndexFunc(d.Findings, is); i >= 0 {
			return &d.Findings[i]
		}
	}
	return nil
}

// guarded tells whether a controller has to act before the object may go: only
// such a one is kept from it by a namespace that takes no new objects.
func guarded(o backup.Object) bool {
	return slices.ContainsFunc(o.Finalizers, func(f backup.Finalizer) bool { return f.Profile != "" && !f.Builtin })
}

func firstFinalizer(o backup.Object) string {
	for _, f := range o.Finalizers {
		if f.Profile != "" && !f.Builtin && !f.Hold {
			return f.Name
		}
	}
	if len(o.Finalizers) > 0 && !o.Finalizers[0].Hold {
		return o.Finalizers[0].Name
	}
	return ""
}

// harmless is the first command of a fix that only looks.
func harmless(fixes []backup.Fix) string {
	for _, fix := range fixes {
		if len(fix.Commands) > 0 && fix.Effect == "" && fix.Danger == "" {
			return fix.Commands[0]
		}
	}
	return ""
}

// Group joins the causes of single objects: those with the same finding and the
// same cause are one. The oldest object is the example. What blocks comes
// first, then what most objects hang on.
func Group(single []backup.Cause) []backup.Cause {
	type key struct{ code, cause, finalizer, title string }
	single = slices.Clone(single)
	slices.SortStableFunc(single, func(a, b backup.Cause) int { return byAgeThenName(a.Objects[0], b.Objects[0]) })
	at := map[key]int{}
	out := []backup.Cause{}
	for _, one := range single {
		k := key{one.Code, one.Cause, one.Finalizer, ""}
		if one.Code == "" {
			k.title = one.Title
		}
		i, known := at[k]
		if !known {
			at[k] = len(out)
			one.Objects = slices.Clone(one.Objects)
			out = append(out, one)
			continue
		}
		out[i].Objects = append(out[i].Objects, one.Objects...)
		if severer(one, out[i]) {
			out[i].Status, out[i].Severity = one.Status, one.Severity
		}
	}
	for i := range out {
		out[i].Title = groupTitle(out[i])
	}
	slices.SortStableFunc(out, func(a, b backup.Cause) int {
		return cmp.Or(order(a)-order(b), len(b.Objects)-len(a.Objects), byAgeThenName(a.Objects[0], b.Objects[0]))
	})
	return out
}

// groupTitle names what is at fault; the words of one object are used only
// where there is no other.
func groupTitle(c backup.Cause) string {
	code, known := Lookup(c.Code)
	switch {
	case !known:
		return c.Title
	case c.Cause != "":
		return c.Cause + ": " + code.Title
	case len(c.Objects) > 1 && c.Finalizer != "":
		return code.Title + " (finalizer " + c.Finalizer + ")"
	case len(c.Objects) > 1:
		return code.Title
	}
	return c.Title
}

func order(c backup.Cause) int {
	return rank(backup.Finding{Status: c.Status, Severity: c.Severity})
}

func severer(a, b backup.Cause) bool { return order(a) < order(b) }

// byAgeThenName puts the oldest first, and last what does not say since when.
func byAgeThenName(a, b backup.Affected) int {
	since := func(o backup.Affected) time.Time {
		if o.Since == nil {
			return time.Unix(1<<40, 0)
		}
		return *o.Since
	}
	return cmp.Or(since(a).Compare(since(b)), cmp.Compare(a.Ref.Namespace, b.Ref.Namespace), cmp.Compare(a.Ref.String(), b.Ref.String()))
}
