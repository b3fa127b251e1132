package cluster

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/validate/content"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Call is one thing to ask an API server for, in the words of RBAC.
type Call struct {
	Verb        string     // get, list, watch, create, patch, delete
	Ref         backup.Ref // without a name: all of them in the namespace
	Namespaced  bool
	Subresource string
}

func callFor(verb string, served backup.Served, namespace, name string) Call {
	return Call{Verb: verb, Ref: served.Ref(namespace, name), Namespaced: served.Namespaced}
}

// resource is the resource as RBAC names it, and with its group as people do.
func (c Call) resource() (rule, spoken string) {
	rule, spoken = c.Ref.Resource, c.Ref.GroupResource()
	if c.Subresource == "" {
		return rule, spoken
	}
	rule += "/" + c.Subresource
	if c.Ref.Group == "" {
		return rule, rule
	}
	return rule, rule + "." + c.Ref.Group
}

func (c Call) where() string {
	switch {
	case !c.Namespaced:
		return " in the cluster"
	case c.Ref.Namespace == "":
		return " in all namespaces"
	}
	return " in namespace " + c.Ref.Namespace
}

// String is the call for an error message: "get backups.pingcap.com/demo in namespace tidb-test".
func (c Call) String() string {
	target := c.Ref.GroupResource()
	if c.Ref.Name != "" {
		target += "/" + c.Ref.Name
	}
	if c.Subresource != "" {
		target = c.Subresource + " of " + target
	}
	if !c.Namespaced {
		return c.Verb + " " + target
	}
	return c.Verb + " " + target + c.where()
}

// Rule is the right that the call needs, in words and as a Role has it: "get
// backups.pingcap.com in namespace a: {apiGroups: [pingcap.com], resources: [backups], verbs: [get]}".
func (c Call) Rule() string {
	resource, spoken := c.resource()
	return c.Verb + " " + spoken + c.where() + ": " + backup.PolicyRule(c.Verb, c.Ref.Group, resource)
}

// Failed wraps the error of the call as an [*Error], and names the missing rule
// of a denied one.
func (c Call) Failed(err error) error {
	if err == nil {
		return nil
	}
	out := &Error{What: c.String(), Err: err}
	if IsDenied(err) && (c.reads() || byAuthorizer(err)) {
		out.Rule = c.Rule()
	}
	return out
}

func (c Call) reads() bool { return slices.Contains([]string{"get", "list", "watch"}, c.Verb) }

// byAuthorizer tells a right that is missing from what admission forbids, such as a
// quota or a namespace that is terminating: no rule of a Role helps against these.
// Who may not is told so in these words (k8s.io/apiserver@v0.37.0
// pkg/endpoints/handlers/responsewriters/errors.go forbiddenMessage).
func byAuthorizer(err error) bool {
	text := err.Error()
	return strings.Contains(text, "User \"") && strings.Contains(text, "\" cannot ")
}

// Path is the URL path of the call in segments. Each is checked: a name that
// comes from an object must not lead to another path.
func (c Call) Path() ([]string, error) {
	segments := []string{"/apis", c.Ref.Group, c.Ref.Version}
	if c.Ref.Group == "" {
		segments = []string{"/api", c.Ref.Version}
	}
	if c.Namespaced && c.Ref.Namespace != "" {
		segments = append(segments, "namespaces", c.Ref.Namespace)
	}
	segments = append(segments, c.Ref.Resource)
	if c.Ref.Name != "" {
		if c.Namespaced && c.Ref.Namespace == "" {
			return nil, errors.New("a namespace is needed")
		}
		segments = append(segments, c.Ref.Name)
	}
	if c.Subresource != "" {
		segments = append(segments, c.Subresource)
	}
	for _, segment := range segments[1:] {
		if problems := content.IsPathSegmentName(segment); segment == "" || len(problems) > 0 {
			return nil, fmt.Errorf("%q cannot be part of an API path", segment)
		}
	}
	return segments, nil
}
