package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// ownFolders are those that Velero tolerates at the top of a location
// (velero@v1.18.3 pkg/persistence/object_store_layout.go).
var ownFolders = []string{"backups", "restores", "restic", "kopia", "metadata", "plugins"}

func rootEntries() []entry {
	return []entry{
		{Code{
			Code: "BK-L817", Title: "foreign folders lie at the top of the location",
			Explain: "Velero takes a location for its own only if nothing but its own folders lie at its top. With another one there it calls the location Unavailable, and then neither makes nor deletes nor finds backups.",
			Why:     "The bucket is shared with something else, or the prefix was written where Velero does not look for it, such as config.prefix.",
			Fix:     "Give Velero a prefix of its own in spec.objectStorage.prefix, or move the other folders. Backups that are there have to be moved along with the prefix.",
			Danger:  "The folders belong to somebody: do not delete them to make Velero quiet.", Source: layoutSource,
		}, onLocation(judgeForeign)},
		{Code{
			Code: "BK-L818", Title: "the certificate of the storage is not verified",
			Explain: "The location says that any certificate is taken. Whoever stands between can read and change backups.",
			Why:     "config.insecureSkipTLSVerify was set to get over a certificate that is not trusted.",
			Fix:     "Put the authority's certificate into spec.objectStorage.caCert and remove the setting.",
			Danger:  "none", Source: "spec.config.insecureSkipTLSVerify; velero-plugin-for-aws backupstoragelocation.md",
		}, onLocation(judgeInsecure)},
	}
}

func judgeForeign(ev *backup.Evidence, look *backup.LocationLook) []backup.Finding {
	if look.Root.Listed != backup.Yes {
		return nil
	}
	var foreign []string
	for _, folder := range look.Root.Folders {
		if name := strings.TrimSuffix(folder, "/"); !slices.Contains(ownFolders, name) {
			foreign = append(foreign, shorten(name))
		}
	}
	switch {
	case len(foreign) == 0 && !look.Root.Complete:
		return one(unknown("BK-L817", ev.Object.Ref, "too much lies at the top of the location to see all of it"))
	case len(foreign) == 0:
		return one(fine("BK-L817", ev.Object.Ref, "only Velero's own folders lie at its top"))
	}
	found := problem("BK-L817", backup.SeverityCause, ev.Object.Ref, fmt.Sprintf("foreign folders lie at its top: %s", listed(first(foreign, 5))))
	found.Explain = "Velero calls a location with other folders than its own Unavailable."
	found.Proof = []backup.Proof{here(look.Root.Verdict)}
	return one(found)
}

// first are the first few of many, and how many more there are.
func first(words []string, limit int) []string {
	if len(words) <= limit {
		return words
	}
	return append(slices.Clone(words[:limit]), fmt.Sprintf("%d more", len(words)-limit))
}

func judgeInsecure(ev *backup.Evidence, look *backup.LocationLook) []backup.Finding {
	if !look.Root.Verdict.Location.Insecure {
		return nil
	}
	return one(problem("BK-L818", backup.SeverityInfo, ev.Object.Ref, "the certificate of the storage is not verified"))
}
