package finalizer

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// unchanged tells whether the place is where the run wrote. One sign that it
// changed is enough; without any sign that it did not, it is unknown.
func (j *judging) unchanged(p place) (backup.Answer, string) {
	if p.location.Provider == "" {
		return backup.Unknown, "the object names no place"
	}
	known := ""
	for _, judge := range []func(backup.Location) (backup.Answer, string){j.recordedPath, j.runEnvironment, j.lastEdit} {
		switch answer, why := judge(p.location); answer {
		case backup.No:
			return backup.No, why
		case backup.Yes:
			known = orElse(known, why)
		}
	}
	if known == "" {
		return backup.Unknown, "nothing tells whether the run wrote to " + p.named()
	}
	return backup.Yes, known
}

// recordedPath compares the spec with the path that the run recorded.
func (j *judging) recordedPath(l backup.Location) (backup.Answer, string) {
	if l.Recorded == "" {
		return backup.Unknown, ""
	}
	if strings.TrimRight(l.Recorded, "/") != strings.TrimRight(l.URL(), "/") {
		return backup.No, fmt.Sprintf("the run wrote to %s, the spec says %s", l.Recorded, l.URL())
	}
	return backup.Yes, "the run recorded " + l.Recorded
}

// runEnvironment compares the spec with what the containers of the run got.
func (j *judging) runEnvironment(l backup.Location) (backup.Answer, string) {
	spec := map[string]string{"endpoint": l.Endpoint, "region": l.Region}
	compared := ""
	for _, w := range j.ev.Object.Works {
		if w.Role == backup.WorkClean {
			continue
		}
		for _, part := range slices.Sorted(maps.Keys(l.EnvNames)) {
			got, known := w.Env[l.EnvNames[part]]
			want, told := spec[part]
			if !known || !told {
				continue
			}
			if !sameEndpoint(got, want) {
				return backup.No, fmt.Sprintf("%s ran with the %s %q, the spec says %q", w.Ref.Human(), part, got, want)
			}
			compared = w.Ref.Human() + " ran with the " + part + " of the spec"
		}
	}
	if compared == "" {
		return backup.Unknown, ""
	}
	return backup.Yes, compared
}

// lastEdit compares the last edit of the storage fields with the start of the run.
func (j *judging) lastEdit(l backup.Location) (backup.Answer, string) {
	start := runStart(j.ev.Object)
	if l.EditedAt == nil || start == nil {
		return backup.Unknown, ""
	}
	if l.EditedAt.After(*start) {
		return backup.No, fmt.Sprintf("%s wrote the storage fields at %s, after the run began at %s",
			orElse(l.EditedBy, "somebody"), l.EditedAt.UTC().Format(time.RFC3339), start.UTC().Format(time.RFC3339))
	}
	return backup.Yes, "the storage fields were not written since the run began"
}

// runStart is the earliest sign of the run; nil where there is none.
func runStart(o backup.Object) *time.Time {
	var first *time.Time
	consider := func(t *time.Time) {
		if t != nil && !t.IsZero() && (first == nil || t.Before(*first)) {
			first = t
		}
	}
	consider(o.Started)
	for _, name := range []string{"Scheduled", "Prepare", "Running"} {
		if c := o.Condition(name); c != nil {
			consider(c.At)
		}
	}
	for _, w := range o.Works {
		if w.Role == backup.WorkRun {
			consider(&w.Created)
		}
	}
	return first
}

// runEnd is the latest sign that the run ended; nil where there is none.
func runEnd(o backup.Object) *time.Time {
	last := o.Finished
	for _, w := range o.Works {
		if w.Role == backup.WorkClean {
			continue
		}
		for _, p := range w.Pods {
			if p.Ended != nil && (last == nil || p.Ended.After(*last)) {
				last = p.Ended
			}
		}
	}
	return last
}

// shared tells whether the place is, or may be, used by others too.
func (j *judging) shared(p place) (backup.Answer, string) {
	if p.location.Provider == "" {
		return backup.Unknown, "the object names no place"
	}
	if isBucket(p.location) && p.location.Prefix == "" {
		return backup.Yes, "the place is the whole bucket " + p.location.Bucket
	}
	if others := j.ev.Neighbours; len(others) > 0 {
		names := make([]string, 0, len(others))
		for _, n := range others {
			names = append(names, n.Ref.Human()+" ("+n.Location.URL()+")")
		}
		return backup.Yes, "the place is also that of " + strings.Join(names, ", ")
	}
	if !j.ev.NeighboursLookup.Known() {
		return backup.Unknown, "not every object that may name the place could be listed"
	}
	newest, end := p.verdict.Newest, runEnd(j.ev.Object)
	switch {
	case newest == nil:
		return backup.No, ""
	case end == nil:
		return backup.Unknown, "whether the objects in the place are younger than the run is not known"
	case newest.After(end.Add(time.Duration(p.location.Lag))):
		return backup.Yes, fmt.Sprintf("an object of %s is younger than the run, which ended at %s",
			newest.UTC().Format(time.RFC3339), end.UTC().Format(time.RFC3339))
	}
	return backup.No, ""
}

// isBucket tells whether the location is in an object store.
func isBucket(l backup.Location) bool {
	return l.Provider != backup.ProviderPodPath && l.Provider != backup.ProviderSnapshots
}
