package system

import (
	"fmt"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// ownKubernetes tells whether a profile is a built-in one of Kubernetes' own
// finalizers: they are explained and never stripped.
func (s *system) ownKubernetes() bool {
	own := []string{"kubernetes", "kubernetes-storage", "kubernetes-snapshots"}
	return s.builtIn() && slices.Contains(own, s.Metadata.Name)
}

// Finalizer tells what is known of a finalizer on an object of any kind.
func (r *Registry) Finalizer(name string) (backup.Finalizer, bool) {
	s, rule := r.general(name)
	if rule == nil {
		return backup.Finalizer{Name: name}, false
	}
	return r.rule(s, rule, name, s.general.over(map[string]any{})), true
}

// Generic reads an object of no known backup system: its times, its finalizers
// and what would bring it back. Its phase is Deleting or none; NativePhase is
// status.phase, which pods, namespaces, volumes and others have.
func (r *Registry) Generic(served backup.Served, raw map[string]any) backup.Object {
	o := base(served, raw)
	o.Phase, o.NativePhase, o.Data = "", text(object(raw, "status"), "phase"), backup.DataUnknown
	if o.Deleted != nil {
		o.Phase, o.PhaseSince = backup.PhaseDeleting, o.Deleted
	}
	s := newExpressions(nil).over(raw)
	o.Conditions = s.conditionsOf("")
	o.Finalizers = r.finalizers(raw, func(string) (*system, *FinalizerSpec, *scope) { return nil, nil, nil })
	o.GitOps = gitOps(raw)
	o.Unreadable = s.unreadable
	return o
}

// finalizers reads the finalizers of an object with the rules of its kind.
func (k *Kind) finalizers(s *scope, raw map[string]any) []backup.Finalizer {
	return k.registry.finalizers(raw, func(name string) (*system, *FinalizerSpec, *scope) {
		return k.reader.system, findRule(k.reader.spec.Finalizers, name), s
	})
}

// finalizers looks each finalizer up: first among Kubernetes' own, which no
// other profile may redefine, then with own, then among the general rules.
func (r *Registry) finalizers(raw map[string]any, own func(name string) (*system, *FinalizerSpec, *scope)) []backup.Finalizer {
	var out []backup.Finalizer
	for i, item := range list(object(raw, "metadata"), "finalizers") {
		name, ok := item.(string)
		if !ok {
			name = fmt.Sprint(item)
		}
		f := backup.Finalizer{Name: name}
		ownSystem, ownRule, ownScope := own(name)
		switch s, rule, general := r.prevailing(name, ownRule); {
		case general:
			f = r.rule(s, rule, name, s.general.over(raw))
		case ownRule != nil:
			f = r.rule(ownSystem, ownRule, name, ownScope)
		}
		f.Index = i
		f.AddedBy, f.AddedAt = owned(raw, ownsFinalizer(name))
		out = append(out, f)
	}
	return out
}

// prevailing is the general rule of a finalizer, if it holds in place of the
// rule that the kind has of its own.
func (r *Registry) prevailing(name string, own *FinalizerSpec) (*system, *FinalizerSpec, bool) {
	s, rule := r.general(name)
	return s, rule, rule != nil && (own == nil || s.ownKubernetes())
}

// general finds a rule that holds for objects of any kind; the built-in
// profiles come first.
func (r *Registry) general(name string) (*system, *FinalizerSpec) {
	for _, s := range r.systems {
		if rule := findRule(s.Spec.Finalizers, name); rule != nil {
			return s, rule
		}
	}
	return nil, nil
}

func findRule(rules []FinalizerSpec, name string) *FinalizerSpec {
	for i := range rules {
		if matchName(rules[i].Name, name) {
			return &rules[i]
		}
	}
	return nil
}

// rule applies what a profile says of a finalizer to one object.
func (r *Registry) rule(s *system, rule *FinalizerSpec, name string, sc *scope) backup.Finalizer {
	f := backup.Finalizer{
		Name: name, Profile: s.Metadata.Name, Trusted: r.trusts(s, name),
		Builtin: s.ownKubernetes(),
		Guards:  rule.Guards, WaitsFor: rule.WaitsFor, Owner: backup.OwnerSelector(rule.Owner),
	}
	for _, spec := range rule.Ways {
		f.Ways = append(f.Ways, way(sc, name, spec))
	}
	f.Danger, f.Events = rule.Danger, rule.Events
	for _, spec := range rule.Blockers {
		f.Blockers = append(f.Blockers, backup.BlockerRule{Resource: spec.resource(), Fixes: spec.Fixes})
	}
	return f
}

// way judges one way out. An objection that cannot be evaluated leaves it
// unknown whether the way applies, unless another one holds for certain.
func way(s *scope, finalizer string, spec WaySpec) backup.Way {
	w := backup.Way{
		Name: spec.Name, Effect: spec.Effect, Applies: backup.Yes, Does: spec.Does, DoesNot: spec.DoesNot,
		DeleteJob: spec.DeleteJob, Orphans: spec.Orphans, Create: newObject(spec.Create, s.raw),
	}
	for _, field := range spec.Set {
		w.Set = append(w.Set, backup.FieldValue(field))
	}
	for _, objection := range spec.Unless {
		holds, ok := s.holds(finalizer+" "+spec.Name, objection.When)
		if holds {
			w.Applies, w.WhyNot = backup.No, objection.Because
			return w
		}
		if !ok {
			w.Applies, w.WhyNot = backup.Unknown, "it cannot be told whether this holds: "+objection.Because
		}
	}
	return w
}
