package system

import (
	"strconv"

	"cel.dev/cel-go/common/types"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// WorkQuery says which works of one resource belong to an object, where they
// are found by what they are and not by their name. It is used by one goroutine.
type WorkQuery struct {
	// Rule is the index of the rule in the profile; rows of a kind share it.
	Rule int
	// Work is what is known of each of them. Its reference has no name, and no
	// namespace where they are looked for everywhere.
	Work backup.Work
	// Label and Value select; without a label every object of the resource is a candidate.
	Label, Value string

	where Expr
	exprs *expressions
	raw   map[string]any
}

// WorkQueries are the works of an object that have to be looked for. A rule that
// cannot be evaluated is asked nevertheless, and matches nothing that is known.
func (k *Kind) WorkQueries(raw map[string]any) []WorkQuery {
	var out []WorkQuery
	var s *scope
	for i := range k.reader.spec.Works {
		spec := &k.reader.spec.Works[i]
		if !spec.selected() {
			continue
		}
		if s == nil {
			s = k.scope(raw)
		}
		field := "works[" + strconv.Itoa(i) + "]"
		if holds, ok := s.holds(field+".when", spec.When); ok && !holds {
			continue
		}
		value, _ := s.text(field+".value", spec.Value)
		out = append(out, WorkQuery{
			Rule: i, Work: spec.work(text(object(raw, "metadata"), "namespace")), Label: spec.Label, Value: value,
			where: spec.Where, exprs: k.reader.blocking, raw: raw,
		})
	}
	return out
}

// WorkRules are the rules behind WorkQueries, without an object.
func (k *Kind) WorkRules() []WorkQuery {
	var out []WorkQuery
	for i := range k.reader.spec.Works {
		if spec := &k.reader.spec.Works[i]; spec.selected() {
			out = append(out, WorkQuery{Rule: i, Work: spec.work("*"), Label: spec.Label})
		}
	}
	return out
}

func (w *WorkSpec) work(namespace string) backup.Work {
	if w.Everywhere {
		namespace = ""
	}
	usual, _ := duration(w.Usual)
	ref := backup.Ref{Group: w.Group, Resource: w.Resource, Kind: w.Kind, Namespace: namespace}
	return backup.Work{Role: w.Role, Ref: ref, Container: w.Container, Usual: usual}
}

// Matches tells whether a candidate belongs to the object; unknown where the
// rule could not be evaluated.
func (q *WorkQuery) Matches(candidate map[string]any) backup.Answer {
	if q.Label != "" && (q.Value == "" || text(object(candidate, "metadata", "labels"), q.Label) != q.Value) {
		return backup.No
	}
	if q.where == "" {
		return backup.Yes
	}
	s := q.exprs.over(q.raw)
	s.given = types.DefaultTypeAdapter.NativeToValue(candidate)
	holds, ok := s.truth("where", q.where)
	if !ok {
		return backup.Unknown
	}
	return backup.AnswerOf(holds)
}

// ReadWork reads an object of this kind as the work of another one.
func (k *Kind) ReadWork(w backup.Work, raw map[string]any) backup.Work {
	s, spec, meta := k.scope(raw), k.reader.spec, object(raw, "metadata")
	o := k.row(s, raw)
	w.Ref, w.Lookup, w.Phase, w.NativePhase = o.Ref, backup.Found, k.reader.ownPhase(s), o.NativePhase
	w.ResourceVersion, w.Created, w.Deleting = text(meta, "resourceVersion"), o.Created, o.Deleted != nil
	w.Started, w.Finished, w.Progress, w.SizeBytes = o.Started, o.Finished, o.Progress, o.SizeBytes
	w.Message, _ = s.text("message", spec.Message)
	w.Volume, _ = s.text("volume", spec.Volume)
	w.Node, _ = s.text("node", spec.Node)
	for _, name := range list(meta, "finalizers") {
		if name, ok := name.(string); ok {
			w.Finalizers = append(w.Finalizers, name)
		}
	}
	if spec.Pods != nil {
		if value, _ := s.text("pods.value", spec.Pods.Value); value != "" {
			w.PodSelector = spec.Pods.Label + "=" + value
		}
	}
	return w
}

// candidateExprs are the expressions over an object and a candidate work.
func (k *KindSpec) candidateExprs() []Expr {
	var out []Expr
	for _, w := range k.Works {
		out = append(out, w.Where)
	}
	for _, kin := range k.Kin {
		out = append(out, kin.Where)
	}
	return nonEmpty(out)
}
