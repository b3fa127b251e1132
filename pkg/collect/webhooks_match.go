package collect

import (
	"encoding/json"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// write is a kind of write that admission webhooks may see.
type write struct {
	served     backup.Served
	versions   []string
	operations []string
	namespace  string
	// labels are those of the object, where it is one; spaceLabels its namespace's.
	labels      map[string]string
	known       bool
	spaceLabels map[string]string
	spaceKnown  bool
}

// ruled returns the operations of the write that a rule matches, as the API
// server does. A rule for another served version matches too, since matchPolicy
// is Equivalent unless set otherwise and which version the writer uses is not known.
// Source: k8s.io/apiserver@v0.36.3 pkg/admission/plugin/webhook/predicates/rules/rules.go.
func (w write) ruled(rule map[string]any) []string {
	lists := func(list []string, values ...string) bool {
		return slices.Contains(list, "*") || slices.ContainsFunc(values, func(v string) bool { return slices.Contains(list, v) })
	}
	if !lists(texts(rule, "apiGroups"), w.served.Group) || !lists(texts(rule, "apiVersions"), w.versions...) || !w.scoped(nested(rule, "scope")) {
		return nil
	}
	if !slices.ContainsFunc(texts(rule, "resources"), w.resource) {
		return nil
	}
	var seen []string
	for _, operation := range w.operations {
		if lists(texts(rule, "operations"), operation) {
			seen = append(seen, operation)
		}
	}
	return seen
}

// resource tells whether an entry such as "pods", "pods/*", "*" or "*/status"
// means the object itself. Of a namespace the last write is one of its
// subresource finalize.
func (w write) resource(entry string) bool {
	resource, sub, _ := strings.Cut(entry, "/")
	if resource != "*" && resource != w.served.Resource {
		return false
	}
	return sub == "" || sub == "*" || w.isNamespace() && sub == "finalize"
}

func (w write) isNamespace() bool { return w.served.Group == "" && w.served.Resource == "namespaces" }

func (w write) scoped(scope string) bool {
	switch scope {
	case "Namespaced":
		return w.served.Namespaced
	case "Cluster":
		return !w.served.Namespaced
	}
	return true
}

// selected tells whether the selectors of a webhook take the write. Objects of
// the cluster that are no namespaces are taken by every namespaceSelector; what
// matchConditions say is not evaluated.
// Source: k8s.io/apiserver@v0.36.3 pkg/admission/plugin/webhook/predicates.
func (w write) selected(webhook map[string]any) (backup.Answer, string) {
	answer, why := backup.Yes, ""
	if w.served.Namespaced || w.isNamespace() {
		answer, why = selects(webhook, "namespaceSelector", w.spaceLabels, w.spaceKnown)
	}
	if answer == backup.No {
		return answer, why
	}
	if byObject, because := selects(webhook, "objectSelector", w.labels, w.known); byObject != backup.Yes {
		answer, why = byObject, because
	}
	if answer == backup.Yes && len(items(webhook, "matchConditions")) > 0 {
		return backup.Unknown, "its matchConditions are not evaluated here"
	}
	return answer, why
}

func selects(webhook map[string]any, field string, have map[string]string, known bool) (backup.Answer, string) {
	raw := object(webhook, field)
	if len(raw) == 0 {
		return backup.Yes, ""
	}
	text, err := json.Marshal(raw)
	if err != nil {
		return backup.Unknown, "its " + field + " cannot be read"
	}
	var parsed metav1.LabelSelector
	if err := json.Unmarshal(text, &parsed); err != nil {
		return backup.Unknown, "its " + field + " cannot be read"
	}
	selector, err := metav1.LabelSelectorAsSelector(&parsed)
	switch {
	case err != nil:
		return backup.Unknown, "its " + field + " cannot be read"
	case !known:
		return backup.Unknown, "its " + field + " may leave some out"
	case selector.Matches(labels.Set(have)):
		return backup.Yes, ""
	}
	return backup.No, "its " + field + " leaves it out"
}
