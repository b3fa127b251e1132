package system

import (
	"fmt"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Kind reads the objects of one resource that a cluster serves. It is safe for
// concurrent use.
type Kind struct {
	System   string
	Role     backup.Role
	Served   backup.Served
	reader   *reader
	registry *Registry
	related  *Related
}

// HomeNamespaces are where the system's objects live by convention.
func (k *Kind) HomeNamespaces() []string { return k.reader.system.Spec.HomeNamespaces }

// Schemas tells whether the schema of a served resource has a field, such as
// "spec.runMode"; unknown where the schema could not be read.
type Schemas func(served backup.Served, field string) backup.Answer

// Match finds the kinds of known systems among the served resources. Of several
// profiles that know a resource the most specific one reads it, in the version
// that the cluster prefers if the profile knows that one. A profile that asks for
// fields is passed over unless the schema is known to have them; without has no
// schema is known.
func (r *Registry) Match(served []backup.Served, has Schemas) []*Kind {
	type key struct{ group, resource string }
	best := map[key]*Kind{}
	var order []key
	related := &Related{}
	for _, s := range r.systems {
		for _, reader := range s.kinds {
			match := reader.spec.Match
			found, ok := match.choose(served)
			if !ok || !match.fits(found, has) {
				continue
			}
			at := key{match.Group, match.Resource}
			old, known := best[at]
			if known && old.reader.spec.Match.specificity() >= match.specificity() {
				continue
			}
			if !known {
				order = append(order, at)
			}
			best[at] = &Kind{System: s.Metadata.Name, Role: reader.spec.Role, Served: found, reader: reader, registry: r, related: related}
		}
	}
	out := make([]*Kind, 0, len(order))
	for _, at := range order {
		out = append(out, best[at])
	}
	return out
}

// Knows tells whether a profile reads objects of an API group.
func (r *Registry) Knows(group string) bool {
	for _, s := range r.systems {
		for _, reader := range s.kinds {
			if reader.spec.Match.Group == group {
				return true
			}
		}
	}
	return false
}

// Contested are the served resources whose schema decides which profile reads
// an object: those of which a profile wants fields.
func (r *Registry) Contested(served []backup.Served) []backup.Served {
	var out []backup.Served
	for _, s := range r.systems {
		for _, reader := range s.kinds {
			found, ok := reader.spec.Match.choose(served)
			if !ok || len(reader.spec.Match.Fields) == 0 {
				continue
			}
			found = reader.spec.Match.schemaOf(found)
			if !slices.ContainsFunc(out, func(o backup.Served) bool { return o.Group == found.Group && o.Resource == found.Resource }) {
				out = append(out, backup.Served{Group: found.Group, Version: found.Version, Resource: found.Resource})
			}
		}
	}
	return out
}

// fits tells whether the schema of a served resource has the wanted fields.
func (m Match) fits(served backup.Served, has Schemas) bool {
	for _, field := range m.Fields {
		if has == nil || has(m.schemaOf(served), field) != backup.Yes {
			return false
		}
	}
	return true
}

// schemaOf is the resource whose schema has the fields.
func (m Match) schemaOf(served backup.Served) backup.Served {
	if m.FieldsOf == "" {
		return served
	}
	return backup.Served{Group: served.Group, Version: served.Version, Resource: m.FieldsOf}
}

// choose picks the best served version: the preferred one, else the first that
// the profile names, else the first that is served.
func (m Match) choose(served []backup.Served) (backup.Served, bool) {
	var best backup.Served
	rank, found := 0, false
	for _, s := range served {
		if s.Group != m.Group || s.Resource != m.Resource {
			continue
		}
		position := slices.Index(m.Versions, s.Version)
		if len(m.Versions) > 0 && position < 0 {
			continue
		}
		position = max(position, 0)
		if s.Preferred {
			position = -1
		}
		if !found || position < rank {
			best, rank, found = s, position, true
		}
	}
	return best, found
}

// specificity counts what a match asks for beyond group and resource.
func (m Match) specificity() int {
	n := len(m.Fields)
	if len(m.Versions) > 0 {
		n++
	}
	return n
}

// ties refuses two matches that are equally specific for one resource: which of
// them reads it would be a guess.
func (r *Registry) ties() error {
	var seen []*reader
	for _, s := range r.systems {
		for _, k := range s.kinds {
			for _, other := range seen {
				if k.spec.Match.ties(other.spec.Match) {
					return fmt.Errorf("profile %s (%s) and profile %s (%s) match %s.%s equally well: name versions or fields in one of them",
						other.system.Metadata.Name, other.system.source, s.Metadata.Name, s.source, k.spec.Match.Resource, k.spec.Match.Group)
				}
			}
			seen = append(seen, k)
		}
	}
	return nil
}

func (m Match) ties(o Match) bool {
	if m.Group != o.Group || m.Resource != o.Resource || m.specificity() != o.specificity() {
		return false
	}
	if len(m.Versions) == 0 || len(o.Versions) == 0 {
		return true
	}
	return slices.ContainsFunc(m.Versions, func(v string) bool { return slices.Contains(o.Versions, v) })
}
