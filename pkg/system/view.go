package system

import (
	"strconv"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// View reads everything that the object and its profile tell.
func (k *Kind) View(raw map[string]any) backup.Object {
	s := k.scope(raw)
	o := k.row(s, raw)
	if o.Deleted == nil {
		o.PhaseSince = s.instant("phaseSince", k.reader.spec.PhaseSince)
	}
	o.Conditions = s.conditionsOf(k.reader.spec.Conditions)
	for i := range k.reader.spec.Locations {
		if l, holds := k.location(s, raw, o.Ref.Namespace, i); holds {
			o.Locations = append(o.Locations, l)
		}
	}
	o.Retention = k.reader.retention(s)
	o.Works = k.reader.works(s, o.Ref.Namespace)
	o.Needs = k.reader.needs(s, o.Ref.Namespace)
	o.Written = k.reader.written(s)
	o.Finalizers = append(k.finalizers(s, raw), k.holds(s)...)
	o.GitOps, o.LastDrill = gitOps(raw), lastDrill(raw)
	o.Unreadable = s.unreadable
	return o
}

// retention is the first policy that holds, and what it means at present.
func (r *reader) retention(s *scope) backup.Retention {
	spec := r.spec.Retention
	if spec == nil {
		return backup.Retention{}
	}
	out := backup.Retention{Policy: firstPolicy(s, "retention.policy", spec.Policy), Source: spec.Source}
	if out.Policy == backup.Depends {
		out.Now = firstPolicy(s, "retention.now", spec.Now)
	}
	return out
}

func firstPolicy(s *scope, field string, rules []RetentionRule) backup.RetentionPolicy {
	for _, rule := range rules {
		switch holds, ok := s.holds(field, rule.When); {
		case !ok:
			return backup.RetentionUnknown
		case holds:
			return rule.Is
		}
	}
	return backup.RetentionUnknown
}

// works are the pieces of work that the object may have. One whose rule cannot
// be evaluated is listed: it may exist.
func (r *reader) works(s *scope, namespace string) []backup.Work {
	var out []backup.Work
	for i, spec := range r.spec.Works {
		if spec.selected() { // WorkQueries has these
			continue
		}
		field := "works[" + strconv.Itoa(i) + "]"
		if holds, ok := s.holds(field+".when", spec.When); ok && !holds {
			continue
		}
		name, _ := s.text(field+".name", spec.Name)
		if name == "" {
			continue
		}
		ref := backup.Ref{Group: spec.Group, Resource: spec.Resource, Kind: spec.Kind, Namespace: namespace, Name: name}
		if ref.Resource == "" {
			ref.Group, ref.Version, ref.Resource, ref.Kind = "batch", "v1", "jobs", "Job"
		}
		usual, _ := duration(spec.Usual)
		out = append(out, backup.Work{Role: spec.Role, Ref: ref, Container: spec.Container, Usual: usual})
	}
	return out
}

func (r *reader) needs(s *scope, namespace string) []backup.Need {
	var out []backup.Need
	for i, spec := range r.spec.Needs {
		field := "needs[" + strconv.Itoa(i) + "]"
		if holds, _ := s.holds(field+".when", spec.When); !holds {
			continue
		}
		name, _ := s.text(field+".name", spec.Name)
		if name == "" {
			continue
		}
		ref := backup.Ref{Group: spec.Group, Version: spec.Version, Resource: spec.Resource, Kind: spec.Kind, Namespace: namespace, Name: name}
		if other, _ := s.text(field+".namespace", spec.Namespace); other != "" {
			ref.Namespace = other
		}
		out = append(out, backup.Need{Ref: ref, Why: spec.Why, Keys: s.texts(field+".keys", spec.Keys)})
	}
	return out
}
