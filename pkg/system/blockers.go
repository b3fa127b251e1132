package system

import (
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// item is the candidate in the expressions of a blocker.
const item = "item"

// BlockerQuery is one rule of a finalizer about what it waits for, bound to the
// object that is being deleted. It is used by one goroutine at a time.
type BlockerQuery struct {
	Finalizer string
	// Rule is the index of the rule in backup.Finalizer.Blockers.
	Rule            int
	Self            bool // it asks about the object itself
	Group, Resource string
	Everywhere      bool // candidates are those of the whole cluster
	Named           bool // there is one candidate, that of Place
	// Selector is a label selector of the candidates; empty is every object.
	Selector string

	spec  *BlockerSpec
	exprs *expressions
	raw   map[string]any
	check *CheckSpec         // nil for what a finalizer waits for
	more  map[string]ref.Val // what its expressions know besides self and item
}

// Blockers are the rules about what the finalizers of an object wait for. The
// kind is that of the object, or nil for an object of no known backup system.
func (r *Registry) Blockers(kind *Kind, raw map[string]any) []BlockerQuery {
	var out []BlockerQuery
	for _, entry := range list(object(raw, "metadata"), "finalizers") {
		name, _ := entry.(string)
		var rule *FinalizerSpec
		var exprs *expressions
		if kind != nil {
			rule, exprs = findRule(kind.reader.spec.Finalizers, name), kind.reader.blocking
		}
		if s, general, prevails := r.prevailing(name, rule); prevails {
			rule, exprs = general, s.blocking
		}
		if rule != nil {
			out = append(out, queries(rule, name, exprs, raw)...)
		}
	}
	return out
}

// queries are the rules of a finalizer that concern objects of this kind.
func queries(rule *FinalizerSpec, name string, exprs *expressions, raw map[string]any) []BlockerQuery {
	var out []BlockerQuery
	for i := range rule.Blockers {
		spec := &rule.Blockers[i]
		if spec.On != "" && spec.On != text(raw, "kind") {
			continue
		}
		out = append(out, BlockerQuery{
			Finalizer: name, Rule: i, Self: spec.Self, Group: spec.Group, Resource: spec.Resource,
			Everywhere: spec.Within == withinCluster, Named: spec.Name != "", spec: spec, exprs: exprs, raw: raw,
		})
	}
	return out
}

// Place is the namespace and the name of the only candidate. The name is empty
// where the object names none; unreadable says why it could not be told.
func (q *BlockerQuery) Place() (namespace, name, unreadable string) {
	s := q.scope(nil)
	name, _ = s.text("name", q.spec.Name)
	namespace = text(object(q.raw, "metadata"), "namespace")
	if q.spec.Namespace != "" {
		namespace, _ = s.text("namespace", q.spec.Namespace)
	}
	return namespace, name, first(s.unreadable)
}

// Judge tells whether a candidate blocks and why. A nil candidate is one that
// does not exist; a rule about the object itself has none. Unknown comes with
// the reason for which the rule could not be evaluated.
func (q *BlockerQuery) Judge(candidate map[string]any) (blocks backup.Answer, because string) {
	s := q.scope(candidate)
	holds, ok := candidate != nil || q.Self, true
	if q.spec.When != "" {
		holds, ok = s.truth("when", q.spec.When)
	}
	if ok && !holds {
		return backup.No, ""
	}
	if ok {
		because, ok = s.text("because", q.spec.Because)
	}
	if !ok {
		return backup.Unknown, first(s.unreadable)
	}
	return backup.Yes, because
}

// scope evaluates the rule over a candidate.
func (q *BlockerQuery) scope(candidate map[string]any) *scope {
	s := q.exprs.over(q.raw)
	s.given, s.more = types.NullValue, q.more
	if candidate != nil {
		s.given = types.DefaultTypeAdapter.NativeToValue(candidate)
	}
	return s
}

func first(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return texts[0]
}

// resource is the resource of a rule's candidates as kubectl takes it.
func (b *BlockerSpec) resource() string {
	return backup.Ref{Group: b.Group, Resource: b.Resource}.GroupResource()
}

// blockerExprs are the expressions of what finalizers wait for.
func blockerExprs(rules []FinalizerSpec) []Expr {
	var out []Expr
	for _, rule := range rules {
		for _, b := range rule.Blockers {
			out = append(out, b.Name, b.Namespace, b.When, b.Because)
		}
	}
	return nonEmpty(out)
}
