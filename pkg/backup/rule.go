package backup

import "fmt"

// PolicyRule is an RBAC rule as it is written into the rules of a Role or a
// ClusterRole. The resource may name a subresource: "pods/log".
func PolicyRule(verb, group, resource string) string {
	if group == "" {
		group = `""`
	}
	return fmt.Sprintf("{apiGroups: [%s], resources: [%s], verbs: [%s]}", group, resource, verb)
}
