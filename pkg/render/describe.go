package render

import (
	"io"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Describe writes everything that was collected about one object, in the look
// of kubectl describe. Details add what was seen and counted in storage, the
// ways out that the profile knows, and the ends of logs.
func Describe(w io.Writer, e backup.Evidence, s Style, detail Detail) error {
	p, details := newPage(s), detail != Brief
	p.fields(0, append(identity(e.Object), state(e, s)...))
	p.archive(e, detail)
	p.locations(e, details)
	p.finalizers(e, details)
	p.works(e.Object.Works, details)
	p.needs(e.Object.Needs)
	p.relatives(e)
	p.conditions(e.Object.Conditions)
	p.manifest(e, detail)
	p.events(e)
	p.gaps("Not seen:", append(slices.Clone(e.Gaps), unreadable(e.Object)...))
	p.recovery(e.Recovery)
	return p.writeTo(w)
}

func identity(o backup.Object) fields {
	var f fields
	f.add("Name", o.Ref.Name)
	f.add("Namespace", o.Ref.Namespace)
	resource := o.Ref.GroupResource()
	if o.Ref.Version != "" {
		resource += ", " + o.Ref.Version
	}
	f.add("Kind", joinWords(o.Ref.Kind, "("+resource+")"))
	f.add("UID", o.Ref.UID)
	f.add("System", joinComma(o.System, string(o.Role)))
	return f
}

func state(e backup.Evidence, s Style) fields {
	o := e.Object
	var f fields
	f.addSpans("Phase", stateWord(o, s), say(deletingWord(o)))
	if e.Namespace.Terminating() == backup.Yes {
		f.addSpans("Warning", span{"the namespace is terminating: no new Job or pod can start in it", bad})
	}
	f.add("Mode", o.Mode)
	f.add("Schedule", o.Schedule)
	f.add("Cron", o.Cron)
	f.add("Last run", joinWords(times(o.LastRun, s), o.LastChild))
	if !o.Plain() {
		f.addSpans("Data", dataWord(o), say(dataWhy(o)))
	}
	f.add("Size", sizeWord(o.SizeBytes))
	f.add("Progress", progressWord(o.Progress))
	if o.Role == backup.RoleBackup {
		f.add("Restorable", restorable(o).String())
		f.add("Written", joinWith(": ", o.Written.Answer.String(), oneLine(o.Written.Source)))
	}
	if o.Role == backup.RoleBackup || o.Retention.Policy != backup.RetentionUnknown {
		f.addSpans("Retention", retentionWords(o.Retention))
	}
	f.add("Last drill", lastDrill(o.LastDrill, s))
	f.add("Created", s.moment(o.Created))
	f.add("Started", times(o.Started, s))
	f.add("Finished", times(o.Finished, s))
	if o.Started != nil && o.Finished != nil {
		f.add("Took", Duration(o.Finished.Sub(*o.Started)))
	}
	f.add("Expires", times(o.Expires, s))
	f.add("Deletion", times(o.Deleted, s))
	f.add("GitOps", strings.Join(o.GitOps, ", "))
	return f
}

// dataWhy follows the state of the data, or is nothing.
func dataWhy(o backup.Object) string {
	if o.DataWhy == "" {
		return ""
	}
	return ": " + o.DataWhy
}

// deletingWord is the system's own word while an object is being deleted, for
// it says how that goes; otherwise the phase has it already.
func deletingWord(o backup.Object) string {
	if !o.Deleting() {
		return ""
	}
	return nativeWord(o)
}

// times is an instant with its age, or nothing where it is not known.
func times(t *time.Time, s Style) string {
	if t == nil {
		return ""
	}
	return s.moment(*t)
}

// unreadable makes what the profile could not evaluate a gap like the others.
func unreadable(o backup.Object) []backup.Gap {
	gaps := make([]backup.Gap, len(o.Unreadable))
	for i, what := range o.Unreadable {
		gaps[i] = backup.Gap{What: what, Why: "the profile could not read it from the object"}
	}
	return gaps
}

// lastDrill is the last drill that passed, or nothing.
func lastDrill(last *backup.LastDrill, s Style) string {
	if last == nil {
		return ""
	}
	words := "passed " + s.Ago(last.At) + " in " + Duration(time.Duration(last.Took))
	if len(last.Namespaces) > 0 {
		words += " (" + strings.Join(last.Namespaces, ", ") + ")"
	}
	return words
}
