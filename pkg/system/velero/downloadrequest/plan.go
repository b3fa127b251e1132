package downloadrequest

import (
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// served is the kind that is written.
var served = backup.Served{Group: "velero.io", Version: "v1", Resource: "downloadrequests", Kind: "DownloadRequest", Namespaced: true}

// Way is how plans and the journal call it.
const Way = "download-request"

// longestName leaves room behind the name of a backup for what makes that of a
// DownloadRequest: names of objects have 253 characters at most.
const longestName = 160

// planned are the steps, one for each kind that may be asked for. Not all of them
// need be taken: an outcome says which.
func (s *Session) planned() (backup.Plan, map[string]*request) {
	plan := backup.Plan{
		APIVersion: backup.APIVersion, Kind: "Plan", At: s.Now().UTC(), Cluster: s.Cluster, Target: s.Target, System: s.System,
		Way: Way, Decision: backup.DecisionAllowed,
	}
	requests := map[string]*request{}
	for i, kind := range s.Kinds {
		name := strings.TrimRight(s.Target.Name[:min(len(s.Target.Name), longestName)], ".-") + "-" + strings.ToLower(kind) + "-" + s.Suffix
		ref := served.Ref(s.Target.Namespace, name)
		plan.Steps = append(plan.Steps, backup.Step{
			Kind: backup.StepCreate, Target: ref, Does: "create " + ref.Human() + ", upon which Velero's server signs a URL",
			Object: manifest(ref, kind, s.Target.Name), Undo: "it is deleted at the end; else Velero deletes it ten minutes after it was signed",
		})
		requests[kind] = &request{step: i, ref: ref}
	}
	return plan, requests
}

// manifest is a DownloadRequest (velero@v1.18.3 pkg/apis/velero/v1/download_request_types.go).
func manifest(ref backup.Ref, kind, target string) map[string]any {
	return map[string]any{
		"apiVersion": "velero.io/v1", "kind": ref.Kind,
		"metadata": map[string]any{
			"namespace": ref.Namespace, "name": ref.Name,
			"labels": map[string]any{"app.kubernetes.io/managed-by": "kubectl-backup"},
		},
		"spec": map[string]any{"target": map[string]any{"kind": kind, "name": target}},
	}
}

// text is a string in an object; empty where there is none.
func text(object map[string]any, path ...string) string {
	var value any = object
	for _, name := range path {
		inner, _ := value.(map[string]any)
		value = inner[name]
	}
	found, _ := value.(string)
	return found
}

// shortened is an error for the record, on one line.
func shortened(err error) string {
	const most = 300
	text := []rune(strings.Join(strings.Fields(err.Error()), " "))
	return string(text[:min(len(text), most)])
}
