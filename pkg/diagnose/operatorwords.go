package diagnose

import (
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// workload is the kind of a controller's workload as kubectl takes it.
func workload(ref backup.Ref) string { return strings.TrimSuffix(ref.Resource, "s") }

// nothingMatches says what was looked for in vain.
func nothingMatches(s backup.OwnerSelector) string {
	if s.Deployments == "" {
		return "no DaemonSet is named " + strings.ReplaceAll(s.DaemonSets, ",", " or ")
	}
	return "no Deployment matches " + s.Deployments
}

// lookForOwner are the commands that look for a controller.
func lookForOwner(ev *backup.Evidence, s backup.OwnerSelector) []string {
	switch {
	case s.Deployments == "":
		return []string{look(ev.Object.Ref.Namespace, "get", "daemonsets")}
	case s.OwnNamespace:
		return []string{look(ev.Object.Ref.Namespace, "get", "deployments", "-l", s.Deployments)}
	}
	return []string{command("kubectl", "get", "deployments", "--all-namespaces", "-l", s.Deployments)}
}
