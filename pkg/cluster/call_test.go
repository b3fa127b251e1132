package cluster

import (
	"strings"
	"testing"

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
