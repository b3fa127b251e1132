package system

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Related is what was read of the objects that others are read with. Whoever
// does the reading puts it there; what is not there is unknown. It is safe for
// concurrent use.
type Related struct {
	mu      sync.RWMutex
	answers map[backup.Ref]relatedAnswer
	// complete are the resources, with a namespace or none for all of them, of
	// which every object is among the answers.
	complete map[backup.Ref]bool
}

// relatedAnswer is one object, or how its reading ended.
type relatedAnswer struct {
	raw    map[string]any
	lookup backup.Lookup
}

// Put keeps what the reading of an object gave. Absent is knowledge as well.
func (r *Related) Put(ref backup.Ref, raw map[string]any, lookup backup.Lookup) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.answers == nil {
		r.answers = map[backup.Ref]relatedAnswer{}
	}
	r.answers[relatedKey(ref)] = relatedAnswer{raw, lookup}
}

// Complete tells that every object of a resource was put, in one namespace or,
// with none, in all of them: one that is missing does not exist.
func (r *Related) Complete(of backup.Ref, namespace string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.complete == nil {
		r.complete = map[backup.Ref]bool{}
	}
	r.complete[backup.Ref{Group: of.Group, Resource: of.Resource, Namespace: namespace}] = true
}

func (r *Related) get(ref backup.Ref) relatedAnswer {
	r.mu.RLock()
	defer r.mu.RUnlock()
	answer, known := r.answers[relatedKey(ref)]
	all := backup.Ref{Group: ref.Group, Resource: ref.Resource}
	own := backup.Ref{Group: ref.Group, Resource: ref.Resource, Namespace: ref.Namespace}
	if !known && (r.complete[all] || r.complete[own]) {
		return relatedAnswer{lookup: backup.Absent}
	}
	return answer
}

// relatedKey leaves out what a reference to the same object may lack.
func relatedKey(ref backup.Ref) backup.Ref {
	return backup.Ref{Group: ref.Group, Resource: ref.Resource, Namespace: ref.Namespace, Name: ref.Name}
}

// Related are the objects that were read for this kind and the others of its match.
func (k *Kind) Related() *Related { return k.related }

// RelatedKinds are the resources whose objects this kind is read with, the ones
// that can be named from the object alone first.
func (k *Kind) RelatedKinds() []backup.Ref {
	var out []backup.Ref
	for _, spec := range k.reader.spec.Related {
		out = append(out, backup.Ref{Group: spec.Group, Resource: spec.Resource, Kind: spec.Kind})
	}
	return out
}

// References are the objects that this object is read with, in their order, as
// far as they can be named: one may be named by another that was not read yet.
func (k *Kind) References(raw map[string]any) []backup.Ref {
	s := k.scope(raw)
	var out []backup.Ref
	for i := range k.reader.spec.Related {
		if ref, err := k.reference(s, &k.reader.spec.Related[i]); err == nil {
			out = append(out, ref)
		}
	}
	return out
}

// errUnnamed is the error of a related object that the object does not name.
var errUnnamed = errors.New("the object names none")

func (k *Kind) reference(s *scope, spec *RelatedSpec) (backup.Ref, error) {
	name, err := s.string(spec.Object)
	if err != nil {
		return backup.Ref{}, err
	}
	if name == "" {
		return backup.Ref{}, errUnnamed
	}
	namespace, err := s.string(spec.Namespace)
	if err != nil {
		return backup.Ref{}, err
	}
	if namespace == "" {
		namespace = text(object(s.raw, "metadata"), "namespace")
	}
	return backup.Ref{Group: spec.Group, Resource: spec.Resource, Kind: spec.Kind, Namespace: namespace, Name: name}, nil
}

// scope evaluates the kind's expressions over an object and what it is related to.
func (k *Kind) scope(raw map[string]any) *scope {
	s := k.reader.exprs.over(raw)
	if len(k.reader.spec.Related) > 0 {
		s.related = func(name string) ref.Val {
			other, err := k.relatedObject(s, name)
			if err != nil {
				return types.WrapErr(fmt.Errorf("%s%s: %w", relatedPrefix, name, err))
			}
			return types.DefaultTypeAdapter.NativeToValue(other)
		}
	}
	return s
}

// relatedObject is a related object of a name in the profile.
func (k *Kind) relatedObject(s *scope, name string) (map[string]any, error) {
	for i := range k.reader.spec.Related {
		spec := &k.reader.spec.Related[i]
		if spec.Name != name {
			continue
		}
		ref, err := k.reference(s, spec)
		if err != nil {
			return nil, err
		}
		switch answer := k.related.get(ref); answer.lookup {
		case backup.Found:
			return answer.raw, nil
		case backup.Absent:
			return nil, fmt.Errorf("%s does not exist", ref.Human())
		default:
			return nil, fmt.Errorf("%s was not read", ref.Human())
		}
	}
	return nil, errors.New("the profile names no such object")
}

// exists tells whether a related object is there. One that a missing object would
// name is not.
func (k *Kind) exists(s *scope, name string) backup.Answer {
	for i := range k.reader.spec.Related {
		spec := &k.reader.spec.Related[i]
		if spec.Name != name {
			if strings.Contains(string(k.objectOf(name)), relatedPrefix+spec.Name) && k.exists(s, spec.Name) == backup.No {
				return backup.No
			}
			continue
		}
		ref, err := k.reference(s, spec)
		if errors.Is(err, errUnnamed) {
			return backup.No
		}
		switch answer := k.related.get(ref); {
		case err != nil:
			return backup.Unknown
		case answer.lookup == backup.Found:
			return backup.Yes
		case answer.lookup == backup.Absent:
			return backup.No
		}
	}
	return backup.Unknown
}

// objectOf is the expression that names a related object.
func (k *Kind) objectOf(name string) Expr {
	for _, spec := range k.reader.spec.Related {
		if spec.Name == name {
			return spec.Object
		}
	}
	return ""
}

// relatedPrefix begins the names of related objects in expressions.
const relatedPrefix = "related."

// relatedNames are the names that the expressions of a kind may use.
func (k *KindSpec) relatedNames() []string {
	var out []string
	for _, spec := range k.Related {
		out = append(out, relatedPrefix+spec.Name)
	}
	return out
}

// string evaluates an expression that gives a string; absent is empty.
func (s *scope) string(expr Expr) (string, error) {
	if expr == "" {
		return "", nil
	}
	value, err := s.eval(expr)
	if err != nil {
		return "", err
	}
	switch v := unwrap(value).(type) {
	case types.String:
		return string(v), nil
	case types.Null:
		return "", nil
	default:
		return "", fmt.Errorf("it is %s, not a string", v.Type().TypeName())
	}
}
