package diagnose

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestAnOwnerIsLookedForAsItIsFound(t *testing.T) {
	ev := &backup.Evidence{Object: backup.Object{Ref: backup.Ref{Resource: "datauploads", Namespace: "velero", Name: "x"}}}
	tests := map[string]struct {
		selector         backup.OwnerSelector
		matches, command string
	}{
		"anywhere":   {backup.OwnerSelector{Deployments: "app=x"}, "no Deployment matches app=x", "kubectl get deployments --all-namespaces -l app=x"},
		"beside it":  {backup.OwnerSelector{Deployments: "app=x", OwnNamespace: true}, "no Deployment matches app=x", "kubectl get deployments -l app=x -n velero"},
		"DaemonSets": {backup.OwnerSelector{DaemonSets: "node-agent,restic"}, "no DaemonSet is named node-agent or restic", "kubectl get daemonsets -n velero"},
	}
	for name, test := range tests {
		if got := nothingMatches(test.selector); got != test.matches {
			t.Errorf("%s: %q, want %q", name, got, test.matches)
		}
		if got := lookForOwner(ev, test.selector); !slices.Equal(got, []string{test.command}) {
			t.Errorf("%s: %q, want %q", name, got, test.command)
		}
	}
}

func TestADaemonSetIsNotScaled(t *testing.T) {
	ev := &backup.Evidence{}
	ref := backup.Ref{Group: "apps", Resource: "daemonsets", Kind: "DaemonSet", Namespace: "velero", Name: "node-agent"}
	owner := backup.Owner{Selector: backup.OwnerSelector{DaemonSets: "node-agent"}, Deployments: []backup.Deployment{{Ref: ref}}}
	for _, fix := range append(operatorFixes(ev, owner), silentFixes(ev, owner)...) {
		for _, text := range fix.Commands {
			if strings.Contains(text, "scale") || strings.Contains(text, "deployment") {
				t.Errorf("a DaemonSet gets %q", text)
			}
		}
	}
}
