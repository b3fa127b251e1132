package diagnose

import (
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// recovered is how the recipe calls what it makes.
const recovered = "recovered"

// Recovery is how a backup comes out of its bucket into another cluster: the
// commands to type in it, in their order. Only the credentials are left open. An
// empty name stands for a bucket without a backup that could be restored.
func Recovery(from backup.BucketLocation, namespace, name string) []backup.Fix {
	steps := []backup.Fix{
		{
			Does: "In the new cluster, with Velero and its " + from.Provider + " plugin in namespace " + namespace + ": make a Secret of the credentials for the bucket.",
			Commands: []string{
				command("kubectl", "create", "secret", "generic", recovered, "-n", namespace, "--from-file=cloud=<credentials file>"),
			},
		},
		{
			Does:     "Name the bucket, read-only, so that nothing in it is changed or deleted.",
			DoesNot:  "Without ReadOnly the new cluster deletes backups that have expired.",
			Commands: []string{createLocation(from, namespace)},
		},
	}
	if name == "" {
		return steps
	}
	return append(steps,
		backup.Fix{
			Does:     "Wait until Velero has found the backup, a minute or so.",
			Commands: []string{command("kubectl", "wait", "--for=create", "backups.velero.io/"+name, "-n", namespace, "--timeout=5m")},
		},
		backup.Fix{
			Does:     "Restore it.",
			DoesNot:  "Volumes that kopia or restic copied need the old password: where it was changed, bring the Secret velero-repo-credentials along first.",
			Commands: []string{command("velero", "restore", "create", "--from-backup", name, "-n", namespace, "--wait")},
		})
}

func createLocation(from backup.BucketLocation, namespace string) string {
	words := []string{"velero", "backup-location", "create", recovered, "-n", namespace, "--provider", from.Provider, "--bucket", from.Bucket}
	if from.Prefix != "" {
		words = append(words, "--prefix", from.Prefix)
	}
	var config []string
	for _, key := range slices.Sorted(maps.Keys(from.Config)) {
		config = append(config, key+"="+from.Config[key])
	}
	if len(config) > 0 {
		words = append(words, "--config", strings.Join(config, ","))
	}
	return command(append(words, "--credential", recovered+"=cloud", "--access-mode", "ReadOnly")...)
}
