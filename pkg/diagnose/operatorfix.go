package diagnose

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// operatorFixes bring a controller back that has no ready replica.
func operatorFixes(ev *backup.Evidence, o backup.Owner) []backup.Fix {
	if len(o.Deployments) == 0 {
		return nil
	}
	ref := o.Deployments[0].Ref
	if ref.Resource == "daemonsets" { // it cannot be scaled
		return []backup.Fix{{Does: "Shows why.", Commands: []string{look(ref.Namespace, "describe", "daemonset", ref.Name)}}}
	}
	fixes := []backup.Fix{{Does: "Shows why.", Commands: []string{
		look(ref.Namespace, "describe", "deployment", ref.Name), look(ref.Namespace, "get", "pods", "-l", o.Selector.Deployments),
	}}}
	if o.Deployments[0].Replicas > 0 {
		return fixes
	}
	return append(fixes, backup.Fix{
		Does: "Starts it again: it was scaled to zero.", DoesNot: "Who scaled it down, and why, is not recorded.",
		Commands: []string{look(ref.Namespace, "scale", "deployment", ref.Name, "--replicas=1")}, Danger: erasureIfDeleting(ev),
	})
}

// silentFixes wake a controller up that is ready and does nothing.
func silentFixes(ev *backup.Evidence, o backup.Owner) []backup.Fix {
	if len(o.Deployments) == 0 {
		return nil
	}
	ref := o.Deployments[0].Ref
	return []backup.Fix{
		{Does: "Shows what it said last.", Commands: []string{look(ref.Namespace, "logs", workload(ref)+"/"+ref.Name, "--tail=50")}},
		{
			Does: "Starts it again.", DoesNot: "It repairs nothing that the log complains about.",
			Commands: []string{look(ref.Namespace, "rollout", "restart", workload(ref), ref.Name)}, Danger: erasureIfDeleting(ev),
		},
	}
}
