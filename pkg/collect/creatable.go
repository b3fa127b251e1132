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

// SeveralSystemsError says that more than one backup system could be meant.
type SeveralSystemsError struct {
	Role    backup.Role
	Systems []string
}

func (e *SeveralSystemsError) Error() string {
	return fmt.Sprintf("this cluster serves %ss of several backup systems: %s", e.Role, strings.Join(e.Systems, ", "))
}

// HomelessError says that the namespace of a new object is not clear.
type HomelessError struct {
	System string
	Homes  []string // where locations of the system are, more than one or none
}

func (e *HomelessError) Error() string {
	if len(e.Homes) == 0 {
		return fmt.Sprintf("no namespace is known in which %s runs: it has no location for backups", e.System)
	}
	return fmt.Sprintf("%s has locations for backups in several namespaces: %s", e.System, strings.Join(e.Homes, ", "))
}

// KindFor is the kind of a role in a backup system; without a name in the only
// system that can is true of. Errors are a *NoSystemError, a *SeveralSystemsError or
// those of the API.
func (c *Collector) KindFor(ctx context.Context, role backup.Role, name string, can func(system string) bool) (*system.Kind, error) {
	kinds, _, err := c.Kinds(ctx)
	if err != nil {
		return nil, err
	}
	var found []*system.Kind
	var names []string
	for _, kind := range kinds {
		if kind.Role == role && (name == "" && can(kind.System) || kind.System == name) {
			found = append(found, kind)
			names = append(names, kind.System)
		}
	}
	switch {
	case len(found) == 0:
		return nil, &NoSystemError{Type: string(role), System: name}
	case len(slices.Compact(slices.Sorted(slices.Values(names)))) > 1:
		return nil, &SeveralSystemsError{Role: role, Systems: names}
	}
	return found[0], nil
}

// KindOf is the kind that reads a resource, or nil where the cluster serves none.
func (c *Collector) KindOf(ctx context.Context, group, resource string) (*system.Kind, error) {
	_, _, err := c.Kinds(ctx)
	return c.kindOf(group, resource), err
}

// Home is the namespace in which a new object belongs: that of -n; for a system
// that looks at its own namespace alone the one with its locations; else the
// current one. An error is a *HomelessError, or that of the API.
func (c *Collector) Home(ctx context.Context, kind *system.Kind, scope Scope) (string, error) {
	if scope.Explicit || len(kind.HomeNamespaces()) == 0 {
		return scope.Namespace, nil
	}
	kinds, _, err := c.Kinds(ctx)
	if err != nil {
		return "", err
	}
	var homes []string
	for _, other := range kinds {
		if other.System != kind.System || other.Role != backup.RoleLocation {
			continue
		}
		err := c.list(ctx, other.Served, "", cluster.ListOptions{Metadata: true}, func(item map[string]any) error {
			homes = appendOnce(homes, nested(item, "metadata", "namespace"))
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	switch {
	case len(homes) == 1:
		return homes[0], nil
	case slices.Contains(homes, scope.Namespace): // the person stands in one of them
		return scope.Namespace, nil
	}
	slices.Sort(homes)
	return "", &HomelessError{System: kind.System, Homes: homes}
}

// Schema is the OpenAPI v3 schema of a kind that the cluster serves: that of its
// definition, or the one that the server publishes for everybody.
func (c *Collector) Schema(ctx context.Context, served backup.Served) (map[string]any, error) {
	return c.schema(ctx, served)
}

// Info names the cluster.
func (c *Collector) Info(ctx context.Context) backup.ClusterInfo { return c.Cluster.Info(ctx) }

// KindNamed is the kind of a known system that a manifest names. Errors are a
// *NoSystemError or those of the API.
func (c *Collector) KindNamed(ctx context.Context, apiVersion, kind string) (*system.Kind, error) {
	kinds, _, err := c.Kinds(ctx)
	if err != nil {
		return nil, err
	}
	for _, k := range kinds {
		if k.Served.Kind == kind && k.Served.Group+"/"+k.Served.Version == apiVersion {
			return k, nil
		}
	}
	return nil, &NoSystemError{Type: strings.Trim(kind+" of "+apiVersion, " ")}
}
