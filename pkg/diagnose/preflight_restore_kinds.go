package diagnose

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func restoreDefinitionEntries() []entry {
	return []entry{
		{Code{
			Code: "BK-B320", Title: "kinds of the backup are not served here",
			Explain: "The API server does not know the kind, and the restore does not bring its definition. Each such object is an error of the restore.",
			Why:     "The operator whose definitions these are is not installed. With --include-namespaces Velero restores no definitions.",
			Fix:     "Install the operator first, restore the definitions with --include-cluster-resources, or leave the kinds out with --exclude-resources.",
			Danger:  nothingLost, Source: "the resource list of the backup; the API server's discovery; velero@v1.18.3 pkg/restore/restore.go",
		}, onRestore(judgeRestoreKinds)},
		{Code{
			Code: "BK-B321", Title: "API versions of the backup are not served here",
			Explain: "The server serves the kind, but not in the version in which the backup holds its objects. Velero sends them in that version, and the server answers that it does not find it.",
			Why:     "The version was removed from Kubernetes or from the operator since.",
			Fix:     "Leave the kinds out with --exclude-resources and make them anew; with the feature EnableAPIGroupVersions, at the time of the backup too, Velero has other versions to choose from.",
			Danger:  nothingLost, Source: "the resource list of the backup; the API server's discovery",
		}, onRestore(judgeRestoreAPIVersions)},
	}
}

func judgeRestoreKinds(r restoring) []backup.Finding {
	const code = "BK-B320"
	k := r.look.Kinds
	switch {
	case k == nil:
		return nil
	case k.Lookup != backup.Found:
		return one(unknown(code, r.subject, notRead("the backup's list of what it holds", k.Read)))
	}
	missing, count := kindsWhere(k, func(kind backup.RestoreKind) bool {
		return kind.Served != backup.Yes && len(kind.Versions) == 0 && !kind.Made
	})
	if len(missing) == 0 {
		return one(fine(code, r.subject, "every kind in it is served here"))
	}
	return one(problem(code, backup.SeverityCause, r.subject, fmt.Sprintf("this cluster does not serve %s (%s)", few(missing, 0), counted(count, "object"))))
}

func judgeRestoreAPIVersions(r restoring) []backup.Finding {
	k := r.look.Kinds
	if k == nil || k.Lookup != backup.Found {
		return nil
	}
	missing, count := kindsWhere(k, func(kind backup.RestoreKind) bool {
		return kind.Served != backup.Yes && len(kind.Versions) > 0 && !kind.Made
	})
	if len(missing) == 0 {
		return nil
	}
	severity := backup.SeverityCause
	if s := r.look.Server; s == nil || s.Lookup != backup.Found || s.AllVersions {
		severity = backup.SeverityWarning // it may choose another version
	}
	return one(problem("BK-B321", severity, r.subject, fmt.Sprintf("this cluster no longer serves %s (%s)", few(missing, 0), counted(count, "object"))))
}

// kindsWhere are the kinds of which something holds, and how many objects these are.
func kindsWhere(k *backup.RestoreKinds, holds func(backup.RestoreKind) bool) (kinds []string, count int64) {
	for _, kind := range k.Kinds {
		if !holds(kind) {
			continue
		}
		text := kind.Kind
		if len(kind.Versions) > 0 {
			text += " (but " + strings.Join(kind.Versions, ", ") + ")"
		}
		kinds = append(kinds, text)
		count += kind.Count
	}
	return kinds, count
}
