package finalizer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// judging is one finalizer and one way out in the light of the evidence.
type judging struct {
	ev        *backup.Evidence
	req       Request
	finalizer *backup.Finalizer // nil where none is meant
	noneWhy   string            // why none is meant
	way       backup.Way
	places    []place
	steps     []backup.Step
}

// place is one location of the object with the look at it. An object that names
// no location has one place that is unknown, so that nothing passes unseen.
type place struct {
	location backup.Location
	verdict  backup.StorageVerdict
	contents *backup.Contents
}

// counted tells whether the contents were counted, completely or at least in part.
func (p place) counted() bool {
	return p.contents != nil && (p.contents.Complete || p.contents.Total.Objects > 0)
}

// empty tells whether nothing at all is at the place.
func (p place) empty() bool { return p.verdict.Class == backup.VerdictEmpty }

// named is the place for a sentence.
func (p place) named() string {
	if p.location.Provider == "" {
		return "a place that the object does not name"
	}
	return p.location.URL()
}

// overridden are the parts of the location that a flag replaced.
func (p place) overridden() []string {
	out := slices.Clone(p.location.Overridden)
	for _, part := range p.verdict.Location.Overridden {
		out = appendOnce(out, part)
	}
	return out
}

func newJudging(ev *backup.Evidence, req Request) *judging {
	j := &judging{ev: ev, req: req, places: places(ev, req)}
	j.finalizer, j.noneWhy = pick(ev.Object.Finalizers, req.Finalizer)
	return j
}

// take makes the judging one of the given way.
func (j *judging) take(way backup.Way) {
	j.way = way
	j.steps = j.stepsOf(way)
}

// with is a judging of another way over the same evidence.
func (j *judging) with(way backup.Way) *judging {
	other := *j
	other.take(way)
	return &other
}

// pick finds the finalizer that is meant. Without a name it is the only one, or
// the only one that is not Kubernetes' own; nothing is guessed.
func pick(all []backup.Finalizer, name string) (*backup.Finalizer, string) {
	var open []*backup.Finalizer
	for i := range all {
		if all[i].Name == name {
			return &all[i], ""
		}
		if !all[i].Builtin {
			open = append(open, &all[i])
		}
	}
	switch {
	case name != "":
		return nil, fmt.Sprintf("the object has no finalizer %q", name)
	case len(all) == 0:
		return nil, "the object has no finalizer"
	case len(all) == 1:
		return &all[0], ""
	case len(open) == 1:
		return open[0], ""
	}
	names := make([]string, 0, len(all))
	for _, f := range all {
		names = append(names, f.Name)
	}
	return nil, "the object has several finalizers; name one with --finalizer: " + strings.Join(names, ", ")
}

// places pairs each location with its verdict, reconciled with the record.
func places(ev *backup.Evidence, req Request) []place {
	counts := req.Contents
	if len(counts) == 0 {
		counts = ev.Contents
	}
	if len(ev.Object.Locations) == 0 {
		return []place{{verdict: backup.StorageVerdict{
			Class: backup.VerdictUnknown, Reason: backup.ReasonNoLocation, Detail: "the object names no place",
		}}}
	}
	out := make([]place, 0, len(ev.Object.Locations))
	for i, location := range ev.Object.Locations {
		p := place{location: location, verdict: backup.StorageVerdict{
			Class: backup.VerdictUnknown, Reason: backup.ReasonNotLooked, Location: location, Detail: "nobody looked",
		}}
		if i < len(ev.Storage) && ev.Storage[i].Class != "" {
			p.verdict = aimed(ev.Storage[i], location).Against(ev.Object.Written)
		}
		if i < len(counts) {
			p.contents = &counts[i]
		}
		out = append(out, p)
	}
	return out
}

// aimed makes a verdict unknown that speaks of another place than the location.
func aimed(v backup.StorageVerdict, l backup.Location) backup.StorageVerdict {
	same := v.Location.Provider == l.Provider && v.Location.URL() == l.URL() &&
		(contains(v.Location.Overridden, "endpoint") || sameEndpoint(v.Location.Endpoint, l.Endpoint)) &&
		(contains(v.Location.Overridden, "region") || v.Location.Region == l.Region)
	if !same {
		v.Class, v.Reason = backup.VerdictUnknown, backup.ReasonNotLooked
		v.Detail = "another place was looked at: " + v.Location.URL()
		v.Location = l
	}
	return v
}

func sameEndpoint(a, b string) bool {
	return strings.EqualFold(strings.TrimRight(a, "/"), strings.TrimRight(b, "/"))
}

// clear tells whether nothing would be lost at any of the places.
func (j *judging) clear() bool {
	for _, p := range j.places {
		if !p.verdict.Class.Clear() {
			return false
		}
	}
	return true
}

// unreadable names the first field below a part of the profile that could not be
// evaluated for this object, or nothing.
func (j *judging) unreadable(part string) string {
	for _, field := range j.ev.Object.Unreadable {
		if strings.HasPrefix(field, part) {
			return field
		}
	}
	return ""
}
