package system

import (
	"regexp"
	"slices"
)

// reader reads the objects of one kind as its profile says.
type reader struct {
	system   *system
	spec     *KindSpec
	exprs    *expressions
	blocking *expressions       // for the blockers of finalizers, which have an item too
	patterns [][]*regexp.Regexp // by the index of the written rule
}

// newReader prepares a kind whose profile was validated.
func newReader(s *system, spec *KindSpec) *reader {
	names := slices.Clip(spec.relatedNames())
	r := &reader{system: s, spec: spec, exprs: newExpressions(spec.Variables, names...), blocking: newExpressions(spec.Variables, append(names, item)...)}
	for _, rule := range spec.Written {
		compiled, _ := patterns(rule.Patterns)
		r.patterns = append(r.patterns, compiled)
	}
	return r
}

// check compiles every expression of the kind.
func (r *reader) check() []error {
	return append(r.exprs.check(r.spec.exprs()), r.blocking.check(append(blockerExprs(r.spec.Finalizers), r.spec.candidateExprs()...))...)
}

// check compiles expressions.
func (e *expressions) check(exprs []Expr) []error {
	var errs []error
	for _, expr := range exprs {
		if err := e.program(expr).err; err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// exprs are all expressions of a kind.
func (k *KindSpec) exprs() []Expr {
	out := []Expr{k.NativePhase, k.PhaseSince, k.Mode, k.Conditions, k.Started, k.Finished, k.Expires, k.Size, k.Usual, k.Schedule, k.Cron, k.LastRun, k.LastChild}
	for _, v := range k.Variables {
		out = append(out, v.Expression)
	}
	for _, p := range k.Phases {
		out = append(out, p.When)
	}
	for _, d := range k.Data {
		out = append(out, d.When)
	}
	if k.Progress != nil {
		out = append(out, k.Progress.Done, k.Progress.Total)
	}
	for _, w := range k.Written {
		out = append(out, w.When, w.Source, w.Message)
	}
	if k.Retention != nil {
		for _, rule := range append(k.Retention.Policy, k.Retention.Now...) {
			out = append(out, rule.When)
		}
	}
	out = append(out, k.removalExprs()...)
	out = append(out, k.placeExprs()...)
	out = append(out, k.logExprs()...)
	for _, w := range k.Works {
		out = append(out, w.When, w.Name, w.Value)
	}
	for _, other := range k.Related {
		out = append(out, other.Object, other.Namespace)
	}
	if out = append(out, k.Node, k.Message, k.Volume); k.Pods != nil {
		out = append(out, k.Pods.Value)
	}
	for _, n := range k.Needs {
		out = append(out, n.When, n.Namespace, n.Name, n.Keys)
	}
	for _, hold := range k.Holds {
		out = append(out, hold.When)
		out = append(out, exprsOf([]FinalizerSpec{hold.FinalizerSpec})...)
	}
	return nonEmpty(append(out, exprsOf(k.Finalizers)...))
}

func (k *KindSpec) placeExprs() []Expr {
	var out []Expr
	for _, l := range k.Locations {
		out = append(out, l.When, l.Bucket, l.Prefix, l.Endpoint, l.Region, l.PathStyle, l.CABundle, l.Insecure, l.Recorded)
		for _, c := range l.Credentials {
			out = append(out, c.When, c.Secret, c.Namespace, c.Keys)
		}
		for _, m := range l.Markers {
			out = append(out, m.When)
		}
	}
	return out
}

// exprsOf are the expressions of finalizer rules.
func exprsOf(rules []FinalizerSpec) []Expr {
	var out []Expr
	for _, rule := range rules {
		for _, way := range rule.Ways {
			for _, objection := range way.Unless {
				out = append(out, objection.When)
			}
		}
	}
	return nonEmpty(out)
}

func nonEmpty(exprs []Expr) []Expr {
	out := exprs[:0:0]
	for _, expr := range exprs {
		if expr != "" {
			out = append(out, expr)
		}
	}
	return out
}
