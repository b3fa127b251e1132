package diagnose

import (
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// gitOpsFixes stop the tool that would bring the object back, as far as its
// mark on the object names what it manages.
func gitOpsFixes(marks []string) []backup.Fix {
	var all []backup.Fix
	for _, mark := range marks {
		if fix := gitOpsFix(mark); fix != nil {
			all = append(all, *fix)
		}
	}
	return all
}

func gitOpsFix(mark string) *backup.Fix {
	text, _, _ := strings.Cut(mark, " (")
	const doesNot = "It removes nothing from the repository: with the next run after that the object is back."
	switch {
	case strings.HasPrefix(text, "Argo CD "):
		// A tracking id is APP:GROUP/KIND:NAMESPACE/NAME.
		app, _, _ := strings.Cut(strings.TrimPrefix(text, "Argo CD "), ":")
		return &backup.Fix{Does: "Stops the automatic sync of its application.", DoesNot: doesNot, Commands: []string{command("argocd", "app", "set", app, "--sync-policy", "none")}}
	case strings.HasPrefix(text, "Flux Kustomization "):
		return &backup.Fix{Does: "Suspends its Kustomization.", DoesNot: doesNot, Commands: []string{command("flux", "suspend", "kustomization", strings.TrimPrefix(text, "Flux Kustomization "))}}
	case strings.HasPrefix(text, "Flux HelmRelease "):
		return &backup.Fix{Does: "Suspends its HelmRelease.", DoesNot: doesNot, Commands: []string{command("flux", "suspend", "helmrelease", strings.TrimPrefix(text, "Flux HelmRelease "))}}
	case strings.HasPrefix(text, "Helm release "):
		return &backup.Fix{Does: "Shows its release: Helm makes the object again with the next upgrade, and not before.", Commands: []string{command("helm", "get", "manifest", strings.TrimPrefix(text, "Helm release "))}}
	}
	return nil
}
