package collect

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// Hit is one object that a name on the command line means. Kind is nil for an
// object of no known backup system.
type Hit struct {
	Kind      *system.Kind
	Served    backup.Served
	Namespace string
	Name      string
}

// Ref is the reference of the hit, without a UID.
func (h Hit) Ref() backup.Ref { return h.Served.Ref(h.Namespace, h.Name) }

// Target is a name on the command line: "demo", "backup/demo" or
// "backups.pingcap.com/demo".
type Target struct {
	Type string // a role, a resource, or empty for any backup system's kind
	Name string
}

// String is the target as it was typed.
func (t Target) String() string {
	if t.Type == "" {
		return t.Name
	}
	return t.Type + "/" + t.Name
}

// Scope says where names are looked for.
type Scope struct {
	Namespace string // the current one, or that of -n
	Explicit  bool   // -n was given: only there
	Role      backup.Role
}

// NotFoundError says that nothing has the name, and where it was looked for.
// Gaps are what could not be looked at; with gaps the object may exist. Resource
// is what it would be where no backup system has the kind, as kubectl takes it.
type NotFoundError struct {
	Target   Target
	Resource string
	Looked   string
	Gaps     []backup.Gap
}

func (e *NotFoundError) Error() string {
	if len(e.Gaps) > 0 {
		return fmt.Sprintf("whether there is a %s %s is not known", describeTarget(e.Target), e.Looked)
	}
	return fmt.Sprintf("no %s found %s", describeTarget(e.Target), e.Looked)
}

func describeTarget(t Target) string {
	if t.Type == "" {
		return fmt.Sprintf("backup, restore, schedule or location named %q", t.Name)
	}
	return fmt.Sprintf("%s named %q", t.Type, t.Name)
}

// AmbiguousError lists every object that has the name; nothing is guessed.
type AmbiguousError struct {
	Target Target
	Hits   []Hit
}

func (e *AmbiguousError) Error() string {
	lines := make([]string, 0, len(e.Hits))
	for _, h := range e.Hits {
		lines = append(lines, fmt.Sprintf("  -n %s %s", h.Namespace, h.Ref()))
	}
	return fmt.Sprintf("%q names %d objects; say which one:\n%s", e.Target.String(), len(e.Hits), strings.Join(lines, "\n"))
}

// Find resolves a target to exactly one object: first in the namespace of the
// scope and the systems' home namespaces, then, unless a namespace was given,
// everywhere.
func (c *Collector) Find(ctx context.Context, target Target, scope Scope) (Hit, error) {
	candidates, err := c.candidates(ctx, target, scope.Role)
	if err != nil {
		return Hit{}, err
	}
	hits, gaps := c.near(ctx, candidates, target.Name, scope)
	looked := "in namespace " + scope.Namespace
	switch namespaced := slices.ContainsFunc(candidates, func(h Hit) bool { return h.Served.Namespaced }); {
	case !namespaced:
		looked = "in the cluster"
	case len(hits) == 0 && !scope.Explicit:
		hits, gaps = c.everywhere(ctx, candidates, target.Name)
		looked = "in any namespace"
	}
	switch len(hits) {
	case 0:
		e := &NotFoundError{Target: target, Looked: looked, Gaps: gaps}
		if candidates[0].Kind == nil {
			e.Resource = candidates[0].Ref().GroupResource()
		}
		return Hit{}, e
	case 1:
		return hits[0], nil
	}
	return Hit{}, &AmbiguousError{Target: target, Hits: hits}
}

// candidates are the kinds that a target's type may mean.
func (c *Collector) candidates(ctx context.Context, target Target, role backup.Role) ([]Hit, error) {
	kinds, _, err := c.Kinds(ctx)
	if err != nil {
		return nil, err
	}
	var out []Hit
	wanted, isRole := RoleOf(target.Type)
	for _, k := range kinds {
		if target.Type == "" && (role == "" && k.Role != backup.RoleWork || role != "" && k.Role == role) ||
			isRole && k.Role == wanted || target.Type != "" && names(k.Served, target.Type) {
			out = append(out, Hit{Kind: k, Served: k.Served})
		}
	}
	if len(out) > 0 || target.Type == "" || isRole {
		if len(out) == 0 {
			return nil, &NoSystemError{Type: target.Type}
		}
		return out, nil
	}
	if out = c.otherKinds(target.Type); len(out) == 0 {
		return nil, &NoSystemError{Type: target.Type}
	}
	return out, nil
}

// otherKinds are the kinds of no known system that a word may mean, one version
// of each. As with kubectl a word such as "pods" means the core group first.
func (c *Collector) otherKinds(word string) []Hit {
	var out []Hit
	kinds := c.served // by group, the preferred version first
	if !strings.Contains(word, ".") {
		kinds = c.distinct()
	}
	for _, s := range kinds {
		if !names(s, word) {
			continue
		}
		if s.Group == "" {
			return []Hit{{Served: s}}
		}
		known := func(h Hit) bool { return h.Served.Group == s.Group && h.Served.Resource == s.Resource }
		if !slices.ContainsFunc(out, known) {
			out = append(out, Hit{Served: s})
		}
	}
	return out
}

// NoSystemError says that the cluster serves no kind of the wanted type, or
// none of the wanted backup system.
type NoSystemError struct{ Type, System string }

func (e *NoSystemError) Error() string {
	role, isRole := RoleOf(e.Type)
	switch {
	case e.System != "" && e.Type != "":
		return fmt.Sprintf("this cluster serves no %s of backup system %q", e.Type, e.System)
	case e.System != "":
		return fmt.Sprintf("this cluster serves nothing of backup system %q", e.System)
	case isRole:
		return fmt.Sprintf("no backup system that this cluster serves has %ss", role)
	case e.Type == "":
		return "this cluster serves no backup system that is known here"
	}
	return fmt.Sprintf("this cluster serves no %q", e.Type)
}

// RoleOf reads a role from its singular or plural word.
func RoleOf(word string) (backup.Role, bool) {
	role := backup.Role(strings.TrimSuffix(strings.ToLower(word), "s"))
	known := []backup.Role{backup.RoleBackup, backup.RoleRestore, backup.RoleSchedule, backup.RoleLocation}
	return role, slices.Contains(known, role)
}

// names tells whether a resource is meant by a word as kubectl takes it.
func names(s backup.Served, word string) bool {
	word = strings.ToLower(word)
	resource, group, hasGroup := strings.Cut(word, ".")
	if hasGroup && group != s.Group && group != s.Version+"."+s.Group {
		return false
	}
	if resource == s.Resource || resource == s.Singular || resource == strings.ToLower(s.Kind) {
		return true
	}
	return !hasGroup && slices.Contains(s.ShortNames, resource)
}

// near looks in the scope's namespace and in the home namespaces of the systems.
func (c *Collector) near(ctx context.Context, candidates []Hit, name string, scope Scope) ([]Hit, []backup.Gap) {
	var hits []Hit
	var gaps []backup.Gap
	for _, candidate := range candidates {
		for _, namespace := range c.namespaces(candidate, scope) {
			_, served, err := c.getAnyVersion(ctx, candidate.Served, namespace, name)
			switch {
			case err == nil:
				found := candidate
				found.Served, found.Namespace, found.Name = served, namespace, name
				hits = append(hits, found)
			case lookup(err) != backup.Absent:
				gaps = append(gaps, gapOf(candidate.Served, namespace, err))
			}
		}
	}
	return hits, gaps
}

func (c *Collector) namespaces(candidate Hit, scope Scope) []string {
	switch {
	case !candidate.Served.Namespaced:
		return []string{""}
	case scope.Explicit || candidate.Kind == nil:
		return []string{scope.Namespace}
	}
	out := []string{scope.Namespace}
	for _, home := range candidate.Kind.HomeNamespaces() {
		if !slices.Contains(out, home) {
			out = append(out, home)
		}
	}
	return out
}

// everywhere looks for the name in all namespaces.
func (c *Collector) everywhere(ctx context.Context, candidates []Hit, name string) ([]Hit, []backup.Gap) {
	var hits []Hit
	var gaps []backup.Gap
	for _, candidate := range candidates {
		if !candidate.Served.Namespaced {
			more, unseen := c.near(ctx, []Hit{candidate}, name, Scope{})
			hits, gaps = append(hits, more...), append(gaps, unseen...)
			continue
		}
		options := cluster.ListOptions{FieldSelector: nameSelector(name), Metadata: true}
		err := c.list(ctx, candidate.Served, "", options, func(item map[string]any) error {
			found := candidate
			found.Namespace, found.Name = nested(item, "metadata", "namespace"), nested(item, "metadata", "name")
			hits = append(hits, found)
			return nil
		})
		if err != nil {
			gaps = append(gaps, gapOf(candidate.Served, "", err))
		}
	}
	return hits, gaps
}

func gapOf(s backup.Served, namespace string, err error) backup.Gap {
	what := s.Ref("", "").GroupResource()
	if namespace != "" {
		what += " in namespace " + namespace
	} else if s.Namespaced {
		what += " in all namespaces"
	}
	return backup.Gap{What: what, Why: shortError(err), Lookup: lookup(err), Rule: missingRule(err)}
}
