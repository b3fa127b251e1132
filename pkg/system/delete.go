package system

import (
	"strconv"

	"cel.dev/cel-go/common/types"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Deletion is how an object of the kind is deleted in its present state. Where a
// rule before cannot be evaluated it is not known which one holds.
func (k *Kind) Deletion(raw map[string]any) backup.Deletion {
	s := k.scope(raw)
	for i := range k.reader.spec.Delete {
		spec := &k.reader.spec.Delete[i]
		switch holds, ok := s.holds("delete["+strconv.Itoa(i)+"].when", spec.When); {
		case !ok:
			return backup.Deletion{Profile: k.System, Trusted: k.trusted(), Effect: backup.EffectErases, WhyNot: "what deleting does could not be read from the object"}
		case holds:
			return k.deletion(s, spec)
		}
	}
	return backup.Deletion{Applies: backup.No, WhyNot: "the profile " + k.System + " says no way to delete a " + k.Served.Kind}
}

func (k *Kind) deletion(s *scope, spec *DeleteSpec) backup.Deletion {
	d := backup.Deletion{
		Profile: k.System, Trusted: k.trusted(), Effect: spec.Effect, Does: spec.Does, Takes: spec.Takes,
		Create: newObject(spec.Create, s.raw), StopsRun: spec.StopsRun, Keep: k.keeping(s, spec.Keep),
	}
	d.Applies, d.WhyNot = k.applies(s, "delete", spec.Unless)
	for _, w := range spec.Warns {
		if holds, ok := s.holds("delete.warns", w.When); holds || !ok {
			d.Warns = append(d.Warns, w.Because)
		}
	}
	if selector, ok := k.Controller(); ok {
		d.Owner = selector
	}
	return d
}

// keeping is the first way to keep the data that holds.
func (k *Kind) keeping(s *scope, specs []KeepSpec) backup.Keeping {
	if len(specs) == 0 {
		return backup.Keeping{Applies: backup.Yes}
	}
	for _, spec := range specs {
		switch holds, ok := s.holds("delete.keep", spec.When); {
		case !ok:
			return backup.Keeping{Special: true, WhyNot: "whether the data can be kept could not be read from the object"}
		case !holds:
			continue
		}
		out := backup.Keeping{Special: true, Does: spec.Does, Strip: spec.Strip, Orphan: spec.Orphan}
		out.Applies, out.WhyNot = k.applies(s, "delete.keep", spec.Unless)
		for _, field := range spec.Set {
			out.Set = append(out.Set, backup.FieldValue(field))
		}
		return out
	}
	return backup.Keeping{Special: true, Applies: backup.No, WhyNot: "the profile says no way to keep its data"}
}

// applies judges objections. One that cannot be evaluated leaves it unknown,
// unless another one holds for certain.
func (k *Kind) applies(s *scope, field string, objections []Objection) (answer backup.Answer, whyNot string) {
	answer = backup.Yes
	for _, objection := range objections {
		if objection.Of != "" && k.exists(s, objection.Of) == backup.No {
			continue
		}
		holds, ok := s.holds(field+".unless", objection.When)
		if holds {
			return backup.No, objection.Because
		}
		if !ok {
			answer, whyNot = backup.Unknown, "it cannot be told whether this holds: "+objection.Because
		}
	}
	return answer, whyNot
}

// trusted tells whether the kind's profile may say what a deletion costs: a
// user's may not for a resource that a built-in profile reads, unless it is
// trusted by name.
func (k *Kind) trusted() bool {
	own := k.reader.system
	if own.builtIn() {
		return true
	}
	for _, name := range k.registry.trust {
		if name == own.Metadata.Name {
			return true
		}
	}
	for _, s := range k.registry.systems {
		for _, other := range s.kinds {
			if s.builtIn() && other.spec.Match.Group == k.Served.Group && other.spec.Match.Resource == k.Served.Resource {
				return false
			}
		}
	}
	return true
}

// KinQuery is one rule about the other objects that concern a deletion. It is
// used by one goroutine.
type KinQuery struct {
	Group, Resource string
	Fate            backup.Fate
	Because         string

	where Expr
	exprs *expressions
	raw   map[string]any
}

// KinQueries are the rules about the kin of an object.
func (k *Kind) KinQueries(raw map[string]any) []KinQuery {
	var out []KinQuery
	for _, spec := range k.reader.spec.Kin {
		out = append(out, KinQuery{
			Group: spec.Group, Resource: spec.Resource, Fate: spec.Fate, Because: spec.Because,
			where: spec.Where, exprs: k.reader.blocking, raw: raw,
		})
	}
	return out
}

// Matches tells whether a candidate is meant; unknown where the rule could not
// be evaluated.
func (q *KinQuery) Matches(candidate map[string]any) backup.Answer {
	s := q.exprs.over(q.raw)
	s.given = types.DefaultTypeAdapter.NativeToValue(candidate)
	holds, ok := s.truth("kin.where", q.where)
	if !ok {
		return backup.Unknown
	}
	return backup.AnswerOf(holds)
}

// Coverage is what a backup has a copy of; it is not known where the profile
// does not say it, or cannot.
func (k *Kind) Coverage(raw map[string]any) backup.Coverage {
	spec := k.reader.spec.Protects
	if spec == nil {
		return backup.Coverage{}
	}
	s := k.scope(raw)
	out := backup.Coverage{Names: s.texts("protects.names", spec.Names), Except: s.texts("protects.except", spec.Except)}
	out.Limits, _ = s.text("protects.limits", spec.Limits)
	out.Known = len(s.unreadable) == 0 && len(out.Names) > 0
	return out
}

// removalExprs are the expressions about deleting and stopping.
func (k *KindSpec) removalExprs() []Expr {
	var out []Expr
	objections := func(list []Objection) {
		for _, o := range list {
			out = append(out, o.When)
		}
	}
	for _, d := range k.Delete {
		out = append(out, d.When)
		objections(d.Unless)
		objections(d.Warns)
		for _, keep := range d.Keep {
			out = append(out, keep.When)
			objections(keep.Unless)
		}
	}
	for _, c := range k.Cancel {
		out = append(out, c.When)
		objections(c.Unless)
	}
	if k.Protects != nil {
		out = append(out, k.Protects.Names, k.Protects.Except, k.Protects.Limits)
	}
	return out
}
