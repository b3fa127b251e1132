package velero

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// ExcludeLabel keeps an object out of every backup
// (velero@v1.18.3 pkg/apis/velero/v1/labels_annotations.go).
const ExcludeLabel = "velero.io/exclude-from-backup"

// Selection is what the spec of a Backup takes, with its old and its new filters.
type Selection struct {
	IncludedNamespaces, ExcludedNamespaces                             []string
	IncludedResources, ExcludedResources                               []string
	IncludedNamespaceScopedResources, ExcludedNamespaceScopedResources []string
	LabelSelector                                                      *metav1.LabelSelector
	OrLabelSelectors                                                   []*metav1.LabelSelector

	selectors []labels.Selector // none select everything
}

// selectionOf reads the filters of a Backup. An error is one of the manifest.
func selectionOf(manifest map[string]any) (*Selection, error) {
	var out struct{ Spec Selection }
	if err := recode(manifest, &out); err != nil {
		return nil, err
	}
	s := &out.Spec
	all := s.OrLabelSelectors
	if s.LabelSelector != nil {
		all = append(all, s.LabelSelector)
	}
	for _, one := range all {
		selector, err := metav1.LabelSelectorAsSelector(one)
		if err != nil {
			return nil, fmt.Errorf("its label selector: %w", err)
		}
		s.selectors = append(s.selectors, selector)
	}
	return s, nil
}

// recode reads an object of a cluster into a struct.
func recode(object map[string]any, into any) error {
	data, err := json.Marshal(object)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

// Namespaces are the only namespaces that can be in the backup; none are all.
func (s *Selection) Namespaces() []string {
	if slices.ContainsFunc(s.IncludedNamespaces, func(name string) bool { return strings.ContainsAny(name, "*?[{") }) {
		return nil
	}
	return s.IncludedNamespaces
}

// namespace tells whether the filters take a namespace; both may hold patterns.
func (s *Selection) namespace(name string) bool {
	return (len(s.IncludedNamespaces) == 0 || matches(s.IncludedNamespaces, name)) && !matches(s.ExcludedNamespaces, name)
}

// resource tells whether the filters take a namespaced resource, by any of its names.
func (s *Selection) resource(names ...string) bool {
	has := func(list []string) bool {
		return slices.ContainsFunc(list, func(typed string) bool {
			typed, _, _ = strings.Cut(strings.ToLower(typed), ".")
			return typed == "*" || slices.Contains(names, typed)
		})
	}
	included := slices.Concat(s.IncludedResources, s.IncludedNamespaceScopedResources)
	return (len(included) == 0 || has(included)) && !has(s.ExcludedResources) && !has(s.ExcludedNamespaceScopedResources)
}

// labelled tells whether the selectors take an object with these labels.
func (s *Selection) labelled(of map[string]string) bool {
	return len(s.selectors) == 0 || slices.ContainsFunc(s.selectors, func(selector labels.Selector) bool { return selector.Matches(labels.Set(of)) })
}

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		fits, err := path.Match(pattern, name)
		return pattern == "*" || err == nil && fits
	})
}
