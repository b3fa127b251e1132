package system

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Registry holds the profiles that were loaded. It is safe for concurrent use.
type Registry struct {
	systems []*system
	trust   []string
}

// system is one loaded profile.
type system struct {
	Profile
	source  string
	kinds   []*reader
	general *expressions // for the finalizer rules of the whole profile
	// blocking is for the blockers of those rules, which have an item too.
	blocking *expressions
	// checking are for the groups of its checks, by their index.
	checking []*expressions
}

func (s *system) builtIn() bool { return s.source == BuiltIn }

// System is what `systems list` and `systems show` print of a profile.
type System struct {
	Name        string        `json:"name"`
	Description string        `json:"description,omitempty"`
	Source      string        `json:"source"` // "built-in" or a file
	Status      string        `json:"status"` // "ready", or what it may not do
	Roles       []backup.Role `json:"roles,omitempty"`
	Kinds       []Resource    `json:"kinds,omitempty"`
	Finalizers  []string      `json:"finalizers,omitempty"`
}

// Resource is one kind that a system reads.
type Resource struct {
	Role     backup.Role `json:"role"`
	Group    string      `json:"group"`
	Resource string      `json:"resource"`
	Versions []string    `json:"versions,omitempty"`
	// Fields are those that the schema must have for the system to read it,
	// FieldsOf the resource whose schema that is; empty is its own.
	Fields   []string `json:"fields,omitempty"`
	FieldsOf string   `json:"fieldsOf,omitempty"`
	// Without names states that the kind does not have, each with the reason.
	Without map[string]string `json:"without,omitempty"`
}

// Systems are the loaded profiles, the built-in ones first.
func (r *Registry) Systems() []System {
	var out []System
	for _, s := range r.systems {
		info := System{Name: s.Metadata.Name, Description: strings.TrimSpace(s.Spec.Description), Source: s.source, Status: "ready"}
		for _, k := range s.Spec.Kinds {
			info.Kinds = append(info.Kinds, Resource{
				Role: k.Role, Group: k.Match.Group, Resource: k.Match.Resource, Versions: k.Match.Versions,
				Fields: k.Match.Fields, FieldsOf: k.Match.FieldsOf, Without: k.Without,
			})
			if !slices.Contains(info.Roles, k.Role) {
				info.Roles = append(info.Roles, k.Role)
			}
		}
		for _, rule := range s.finalizers() {
			info.Finalizers = append(info.Finalizers, rule.Name)
		}
		if closed := r.closed(s); len(closed) > 0 {
			info.Status = "only reads: " + strings.Join(closed, ", ") + " belongs to a built-in profile; --trust-profile=" + info.Name + " opens its ways out"
		}
		out = append(out, info)
	}
	return out
}

// finalizers are all rules of a profile, those of its kinds first.
func (s *system) finalizers() []FinalizerSpec {
	var out []FinalizerSpec
	for _, k := range s.Spec.Kinds {
		out = append(out, k.Finalizers...)
	}
	return append(out, s.Spec.Finalizers...)
}

// closed are the finalizers for which a profile may not open the gate.
func (r *Registry) closed(s *system) []string {
	var out []string
	for _, rule := range s.finalizers() {
		if !r.trusts(s, rule.Name) && !slices.Contains(out, rule.Name) {
			out = append(out, rule.Name)
		}
	}
	return out
}

// trusts tells whether a profile may open the gate for a finalizer: a built-in
// one may, a user's only for finalizers that no built-in profile knows, unless
// the person trusts it by name.
func (r *Registry) trusts(s *system, finalizer string) bool {
	if s.builtIn() || slices.Contains(r.trust, s.Metadata.Name) {
		return true
	}
	for _, other := range r.systems {
		if !other.builtIn() {
			continue
		}
		for _, rule := range other.finalizers() {
			if overlap(rule.Name, finalizer) {
				return false
			}
		}
	}
	return true
}

// overlap tells whether two names or patterns of finalizers can mean the same one.
func overlap(a, b string) bool {
	return a == b || matchName(a, b) || matchName(b, a)
}

// matchName tells whether a finalizer has the name, which may end in "*".
func matchName(pattern, name string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(name, prefix)
	}
	return pattern == name
}

// Check compiles every expression of every profile; the error lists each that
// does not compile with its profile, kind and text.
func (r *Registry) Check() error {
	var errs []error
	for _, s := range r.systems {
		for _, k := range s.kinds {
			for _, err := range k.check() {
				errs = append(errs, fmt.Errorf("profile %s, %s.%s: %w", s.Metadata.Name, k.spec.Match.Resource, k.spec.Match.Group, err))
			}
		}
		for i := range s.Spec.Checks {
			for _, err := range s.checking[i].check(s.Spec.Checks[i].exprs()) {
				errs = append(errs, fmt.Errorf("profile %s, checks: %w", s.Metadata.Name, err))
			}
		}
		general := append(s.general.check(exprsOf(s.Spec.Finalizers)), s.blocking.check(blockerExprs(s.Spec.Finalizers))...)
		for _, err := range general {
			errs = append(errs, fmt.Errorf("profile %s: %w", s.Metadata.Name, err))
		}
	}
	return errors.Join(errs...)
}
