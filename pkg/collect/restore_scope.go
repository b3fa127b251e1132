package collect

import (
	"path"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// restoreScope is what a Restore selects: its filters by namespace and by resource.
// Labels are left to the server, so that what is selected here is at most what is
// restored.
type restoreScope struct {
	include, exclude []string // namespaces, as the backup names them
	resources        []string
	without          []string
	mapping          map[string]any
	cluster          *bool
	served           []backup.Served
}

// unrestorable are what Velero never restores
// (velero@v1.18.3 pkg/controller/restore_controller.go, nonRestorableResources).
func unrestorable() []string {
	return []string{
		"nodes", "events", "events.events.k8s.io", "backups.velero.io", "restores.velero.io", "resticrepositories.velero.io",
		"csinodes.storage.k8s.io", "volumeattachments.storage.k8s.io", "backuprepositories.velero.io",
	}
}

func newRestoreScope(manifest map[string]any, served []backup.Served) *restoreScope {
	spec := object(manifest, "spec")
	s := &restoreScope{
		include: texts(spec, "includedNamespaces"), exclude: texts(spec, "excludedNamespaces"),
		resources: texts(spec, "includedResources"), without: texts(spec, "excludedResources"),
		mapping: object(spec, "namespaceMapping"), served: served,
	}
	if with, set := spec["includeClusterResources"].(bool); set {
		s.cluster = &with
	}
	return s
}

// everywhere tells whether all namespaces are restored.
func (s *restoreScope) everywhere() bool {
	return len(s.exclude) == 0 && (len(s.include) == 0 || slices.Contains(s.include, "*"))
}

// namespace tells whether what is in a namespace of the backup is restored; without
// a namespace, whether what has none is (velero@v1.18.3 pkg/restore/restore.go).
func (s *restoreScope) namespace(name string) bool {
	switch {
	case name == "" && s.cluster != nil:
		return *s.cluster
	case name == "":
		return s.everywhere()
	}
	return !matches(s.exclude, name) && (len(s.include) == 0 || matches(s.include, name))
}

// matches tells whether one of the patterns, such as "*" or "team-*", fits.
func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		fits, err := path.Match(pattern, name)
		return err == nil && fits || pattern == name
	})
}

// resource tells whether objects of a resource are restored.
func (s *restoreScope) resource(of backup.Served) bool {
	named := func(word string) bool {
		return word == "*" || word == of.Ref("", "").GroupResource() || names(of, word)
	}
	if slices.ContainsFunc(unrestorable(), named) || slices.ContainsFunc(s.without, named) {
		return false
	}
	return len(s.resources) == 0 || slices.ContainsFunc(s.resources, named)
}

// item tells whether an object is restored whose resource is named as in the
// tarball, "deployments.apps".
func (s *restoreScope) item(resource, namespace string) bool {
	if !s.namespace(namespace) {
		return false
	}
	name, group, _ := strings.Cut(resource, ".")
	for _, served := range s.served {
		if served.Resource == name && served.Group == group {
			return s.resource(served)
		}
	}
	return s.resource(backup.Served{Group: group, Resource: name})
}

// target is the namespace into which a namespace of the backup goes.
func (s *restoreScope) target(namespace string) string {
	if to, ok := s.mapping[namespace].(string); ok && to != "" {
		return to
	}
	return namespace
}

// renamed are the namespaces that go elsewhere.
func (s *restoreScope) renamed() []string {
	var out []string
	for from := range s.mapping {
		if s.target(from) != from && s.namespace(from) {
			out = append(out, from)
		}
	}
	slices.Sort(out)
	return out
}

// kindOf is the resource of a kind in the backup's list, "apps/v1/Deployment", and
// whether the server has it in that version. Of a kind that it does not have the
// resource is guessed from the kind.
func (s *restoreScope) kindOf(text string) (served backup.Served, has bool, versions []string) {
	parts := strings.Split(text, "/")
	kind, version, group := parts[len(parts)-1], parts[max(0, len(parts)-2)], ""
	if len(parts) == 3 {
		group = parts[0]
	}
	for _, candidate := range s.served {
		if candidate.Group != group || candidate.Kind != kind || strings.Contains(candidate.Resource, "/") {
			continue
		}
		versions = append(versions, candidate.Version)
		if candidate.Version == version || served.Resource == "" {
			served = candidate
		}
		has = has || candidate.Version == version
	}
	if served.Resource == "" {
		served = backup.Served{Group: group, Version: version, Kind: kind, Singular: strings.ToLower(kind), Resource: plural(strings.ToLower(kind))}
	}
	return served, has, versions
}

// plural is the usual plural of a resource.
func plural(word string) string {
	switch {
	case strings.HasSuffix(word, "y"):
		return strings.TrimSuffix(word, "y") + "ies"
	case strings.HasSuffix(word, "s") || strings.HasSuffix(word, "x") || strings.HasSuffix(word, "ch"):
		return word + "es"
	}
	return word + "s"
}
