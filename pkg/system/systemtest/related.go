package systemtest

import (
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// every is a kind for each resource that a profile knows.
func every(registry *system.Registry) []*system.Kind {
	var all []backup.Served
	for _, s := range registry.Systems() {
		for _, spec := range s.Kinds {
			all = append(all, served(spec))
		}
	}
	return registry.Match(all, nil)
}

// relate does what a collector does: it reads the objects that the kind is read
// with, one of which may name the next. All but those of the case do not exist.
func relate(t *testing.T, kind *system.Kind, raw map[string]any, related []map[string]any) {
	t.Helper()
	for range kind.RelatedKinds() {
		for _, ref := range kind.References(raw) {
			kind.Related().Put(ref, nil, backup.Absent)
			for _, other := range related {
				meta, _ := other["metadata"].(map[string]any)
				if other["kind"] == ref.Kind && meta["name"] == ref.Name {
					kind.Related().Put(ref, asJSON(t, other), backup.Found)
				}
			}
		}
	}
}

// found are those objects of the case that belong to the object, as a collector
// reads them.
func found(t *testing.T, kind *system.Kind, others []*system.Kind, raw map[string]any, candidates []map[string]any) []backup.Work {
	t.Helper()
	var out []backup.Work
	for _, query := range kind.WorkQueries(raw) {
		for _, candidate := range candidates {
			item := asJSON(t, candidate)
			if !of(candidate, query.Work.Ref) || query.Matches(item) != backup.Yes {
				continue
			}
			for _, other := range others {
				if other.Served.Group == query.Work.Ref.Group && other.Served.Resource == query.Work.Ref.Resource {
					out = append(out, other.ReadWork(query.Work, item))
				}
			}
		}
	}
	return out
}

// of tells whether an object is of the kind and the group of a reference.
func of(object map[string]any, ref backup.Ref) bool {
	return object["kind"] == ref.Kind && groupOf(object) == ref.Group
}

// groupOf is the API group of an object; a case without one is of no group.
func groupOf(object map[string]any) string {
	version, _ := object["apiVersion"].(string)
	group, _, grouped := strings.Cut(version, "/")
	if !grouped {
		return ""
	}
	return group
}
