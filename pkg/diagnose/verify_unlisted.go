package diagnose

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// judgeUnlisted says what is not known of a place that was not listed: all of it,
// or what the backup system's server gives no way to.
func judgeUnlisted(ev *backup.Evidence) []backup.Finding {
	a := ev.Archive
	switch {
	case a == nil || a.Listing == backup.Found:
		return nil
	case a.ThroughServer():
		found := unknown("BK-R109", archiveSubject(ev), "the place could not be listed: only what Velero's server gives was seen", unlistedProof(a)...)
		found.Explain = "The server signs URLs for single files and lists nothing. Whether the files named here, other files, repositories and the data of plugins are there is not known."
		return one(found)
	case a.Server != backup.NotAsked:
		return one(unknown("BK-R109", archiveSubject(ev), "the place could not be listed, and there are no files through the server: "+gist(a.ServerError),
			backup.Proof{Text: shorten(a.Error), Source: a.Place}, backup.Proof{Text: shorten(a.ServerError), Source: "Velero's server"}))
	}
	found := unknown("BK-R109", archiveSubject(ev), fmt.Sprintf("the place of the %s could not be listed: %s", roleWord(a), orElse(gist(a.Error), "nobody tried")), backup.Proof{Text: shorten(a.Error), Source: a.Place})
	if ref := ev.Object.Ref; ev.ServerCanBeAsked() {
		found.Fixes = []backup.Fix{{
			Does:     "has Velero's server sign URLs for the files, with DownloadRequests that are deleted at the end",
			DoesNot:  "it lists nothing: what only a listing shows stays unknown",
			Commands: []string{command(append(inNamespace(ref.Namespace, "kubectl", "backup", "verify", ref.String()), "--via-server")...)},
		}}
	}
	return one(found)
}

// unlistedProof is why the place was not listed, and the files that stay unknown.
func unlistedProof(a *backup.Archive) []backup.Proof {
	proof := []backup.Proof{{Text: shorten(a.Error), Source: a.Place}}
	for i := range a.Files {
		if file := &a.Files[i]; file.State == backup.FileUnlisted && (file.Need != backup.NeedOptional || a.Role == backup.RoleRestore) {
			proof = append(proof, backup.Proof{Text: joinReason(string(file.State), file.Detail), Source: file.Key})
		}
	}
	return proof
}

func joinReason(state, detail string) string {
	if detail == "" {
		return state
	}
	return state + ": " + shorten(detail)
}

// ofTheCluster names the cluster's own object as the source of what it says, where
// it took the place of the stored one.
func ofTheCluster(findings []backup.Finding) {
	for i := range findings {
		for j := range findings[i].Proof {
			if proof := &findings[i].Proof[j]; proof.Source == storedObject {
				proof.Source = "the object in the cluster"
			}
		}
	}
}
