package system

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// What the expressions of checks know besides self and item.
const (
	givenNow   = "now"   // timestamp: when the evidence is collected
	givenWorks = "works" // list of the object's works: kind, namespace, name, read, phase, nativePhase, created, volume, message
	// givenRelated are the objects that the kind is read with, by name, as far as they were found.
	givenRelated = "related"
	// givenCluster has the version of the API server, where that is known: {"version": "1.36"}.
	givenCluster = "cluster"
	givenBeside  = "beside" // list of the objects that the check names there
)

// Given is what the checks know besides the object.
type Given struct {
	Now            time.Time // when the evidence is collected
	ClusterVersion string    // major and minor of the API server; empty is not known
}

// CheckQuery is one check of a profile, bound to an object. Its Finalizer is a
// name of its own, under which the answers are kept.
type CheckQuery struct {
	BlockerQuery
	Check backup.CheckRule
	// Unreadable says why it could not be told whether to ask at all.
	Unreadable string
}

// Checks are the checks that concern an object, whichever profile holds them.
// The kind is the one that reads it, or nil.
func (r *Registry) Checks(kind *Kind, of backup.Object, raw map[string]any, given Given) []CheckQuery {
	more := map[string]ref.Val{
		givenNow: types.Timestamp{Time: given.Now}, givenWorks: worksValue(of.Works), givenRelated: kind.relatedValue(raw), givenCluster: given.cluster(),
	}
	var out []CheckQuery
	for _, s := range r.systems {
		for i := range s.Spec.Checks {
			group := &s.Spec.Checks[i]
			if group.For.Group != of.Ref.Group || !slices.Contains(group.For.Resources, of.Ref.Resource) {
				continue
			}
			for k := range group.Rules {
				query, asks := group.query(k, s.checking[i], raw, more)
				if query.Finalizer = checkName(s.Metadata.Name, i, k); asks {
					out = append(out, query)
				}
			}
		}
	}
	return out
}

// CheckNames are the names of a profile's checks that concern a resource; of an
// empty one all of them.
func (r *Registry) CheckNames(profile string, of backup.Ref) []string {
	var out []string
	for _, s := range r.systems {
		for i, group := range s.Spec.Checks {
			concerns := of.Resource == "" || group.For.Group == of.Group && slices.Contains(group.For.Resources, of.Resource)
			for k := range group.Rules {
				if s.Metadata.Name == profile && concerns {
					out = append(out, checkName(profile, i, k))
				}
			}
		}
	}
	return out
}

func checkName(profile string, group, rule int) string {
	return fmt.Sprintf("%s %d.%d", profile, group, rule)
}

// query binds a rule to an object; not ok is one that does not concern it now.
func (g *CheckGroup) query(rule int, exprs *expressions, raw map[string]any, more map[string]ref.Val) (CheckQuery, bool) {
	spec := &g.Rules[rule]
	q := CheckQuery{Check: backup.CheckRule{Code: spec.Code, Severity: spec.Severity, Explain: spec.Explain, Fixes: spec.Fixes}}
	q.BlockerQuery = BlockerQuery{
		Rule: rule, Self: spec.Resource == "", Group: spec.Group, Resource: spec.Resource, Everywhere: spec.Within == withinCluster,
		Named: spec.Name != "", spec: spec.blocker(), exprs: exprs, raw: raw, check: spec, more: more,
	}
	s := q.scope(nil)
	asks, ok := s.holds("if", spec.If)
	if ok && asks && spec.Label != "" {
		value, known := s.text("value", spec.Value)
		ok, q.Selector = known, spec.Label+"="+value
	}
	if !ok {
		q.Unreadable = first(s.unreadable)
	}
	return q, asks || !ok
}

// Beside is where the further objects of a check are; a check without any has
// none, and no resource. Unreadable says why it could not be told.
func (q *BlockerQuery) Beside() (of Beside, unreadable string) {
	if q.check == nil || q.check.Beside == nil {
		return Beside{}, ""
	}
	s, spec := q.scope(nil), q.check.Beside
	of = Beside{Group: spec.Group, Resource: spec.Resource, Everywhere: spec.Within == withinCluster}
	if spec.Label != "" {
		value, _ := s.text("beside.value", spec.Value)
		of.Selector = spec.Label + "=" + value
	}
	return of, first(s.unreadable)
}

// Beside says which objects a check knows beside its candidates.
type Beside struct {
	Group, Resource string
	Everywhere      bool
	Selector        string // a label selector; empty is every object
}

// PutBeside hands the further objects to the expressions of a check.
func (q *BlockerQuery) PutBeside(objects []map[string]any) {
	list := make([]any, 0, len(objects))
	for _, object := range objects {
		list = append(list, object)
	}
	q.more = maps.Clone(q.more) // the other checks have their own
	q.more[givenBeside] = types.DefaultTypeAdapter.NativeToValue(list)
}

// Names is the other object that must not exist, as a candidate names it. An
// empty name is none; unreadable says why it could not be told.
func (q *BlockerQuery) Names(candidate map[string]any) (other backup.Ref, unreadable string) {
	if q.check == nil || q.check.Without == nil {
		return backup.Ref{}, ""
	}
	s, spec := q.scope(candidate), q.check.Without
	other = backup.Ref{Group: spec.Group, Resource: spec.Resource}
	other.Name, _ = s.text("without.name", spec.Name)
	other.Namespace, _ = s.text("without.namespace", spec.Namespace)
	return other, first(s.unreadable)
}

// Details are what a check tells of a candidate at which it found something.
func (q *BlockerQuery) Details(candidate map[string]any) (proof string, values map[string]string) {
	if q.check == nil {
		return "", nil
	}
	s := q.scope(candidate)
	proof, _ = s.text("proof", q.check.Proof)
	for name, expr := range q.check.Values {
		if values == nil {
			values = map[string]string{}
		}
		values[name], _ = s.text("values."+name, expr)
	}
	return proof, values
}

func (g Given) cluster() ref.Val {
	known := map[string]any{}
	if g.ClusterVersion != "" {
		known["version"] = g.ClusterVersion
	}
	return types.DefaultTypeAdapter.NativeToValue(known)
}

// worksValue are the works for expressions.
func worksValue(works []backup.Work) ref.Val {
	out := make([]any, 0, len(works))
	for _, w := range works {
		out = append(out, map[string]any{
			"kind": w.Ref.Kind, "namespace": w.Ref.Namespace, "name": w.Ref.Name, "read": w.Lookup == backup.Found,
			"phase": string(w.Phase), "nativePhase": w.NativePhase, "volume": w.Volume, "message": w.Message, "created": w.Created.UTC().Format(time.RFC3339),
		})
	}
	return types.DefaultTypeAdapter.NativeToValue(out)
}

// relatedValue are the related objects that were found, for expressions.
func (k *Kind) relatedValue(raw map[string]any) ref.Val {
	out := map[string]any{}
	if k != nil {
		s := k.scope(raw)
		for _, spec := range k.reader.spec.Related {
			if other, err := k.relatedObject(s, spec.Name); err == nil {
				out[spec.Name] = other
			}
		}
	}
	return types.DefaultTypeAdapter.NativeToValue(out)
}

// Controller is what moves objects of the kind along, where its profile says so.
func (k *Kind) Controller() (backup.OwnerSelector, bool) {
	if spec := k.reader.spec.Controller; spec != nil {
		return backup.OwnerSelector(*spec), true
	}
	return backup.OwnerSelector{}, false
}
