package cluster

import (
	"errors"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestCall(t *testing.T) {
	t.Parallel()
	core := backup.Ref{Version: "v1", Resource: "pods", Namespace: "a", Name: "p"}
	nodes := backup.Ref{Version: "v1", Resource: "nodes", Name: "n"}
	for _, c := range []struct {
		call             Call
		path, what, rule string
	}{
		{callFor("get", backups, "a", "x"), "/apis/pingcap.com/v1alpha1/namespaces/a/backups/x", "get backups.pingcap.com/x in namespace a", "get backups.pingcap.com in namespace a: {apiGroups: [pingcap.com], resources: [backups], verbs: [get]}"},
		{callFor("list", backups, "", ""), "/apis/pingcap.com/v1alpha1/backups", "list backups.pingcap.com in all namespaces", "list backups.pingcap.com in all namespaces: {apiGroups: [pingcap.com], resources: [backups], verbs: [list]}"},
		{Call{Verb: "get", Ref: core, Namespaced: true, Subresource: "log"}, "/api/v1/namespaces/a/pods/p/log", "get log of pods/p in namespace a", `get pods/log in namespace a: {apiGroups: [""], resources: [pods/log], verbs: [get]}`},
		{Call{Verb: "get", Ref: nodes}, "/api/v1/nodes/n", "get nodes/n", `get nodes in the cluster: {apiGroups: [""], resources: [nodes], verbs: [get]}`},
	} {
		path, err := c.call.Path()
		if got := strings.Join(path, "/"); got != c.path || err != nil {
			t.Errorf("path %q, %v; want %q", got, err, c.path)
		}
		if c.call.String() != c.what || c.call.Rule() != c.rule {
			t.Errorf("%q, %q", c.call.String(), c.call.Rule())
		}
	}
	if err := callFor("get", backups, "a", "x").Failed(nil); err != nil {
		t.Errorf("no error became %v", err)
	}
}

// A right is missing where the authorizer says so; a quota or a namespace that goes
// forbids as well, and no rule helps against these.
func TestOnlyAMissingRightHasARule(t *testing.T) {
	t.Parallel()
	denied := errors.New(`User "sre" cannot create resource "backups" in API group "velero.io" in the namespace "a"`)
	quota := errors.New("exceeded quota: backups, requested: count/backups.velero.io=1")
	ending := errors.New("unable to create new content in namespace a because it is being terminated")
	for name, c := range map[string]struct {
		verb string
		why  error
		want bool
	}{
		"a write that is denied":        {"create", denied, true},
		"a quota":                       {"create", quota, false},
		"a namespace that terminates":   {"patch", ending, false},
		"a read, whoever refuses it":    {"list", errors.New("not by this proxy"), true},
		"a read that is denied as well": {"get", denied, true},
	} {
		err := callFor(c.verb, backups, "a", "").Failed(apierrors.NewForbidden(schema.GroupResource{Group: "velero.io", Resource: "backups"}, "x", c.why))
		var failed *Error
		if !errors.As(err, &failed) || (failed.Rule != "") != c.want {
			t.Errorf("%s: rule %q", name, failed.Rule)
		}
	}
}
