package diagnose

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// VerifyAll says what many verifications amount to. What could not be looked at
// is unknown, and so is the whole then, unless a problem was found.
func VerifyAll(at time.Time, cluster backup.ClusterInfo, items []backup.Verification, gaps []backup.Gap) backup.Verifications {
	all := backup.Verifications{
		APIVersion: backup.APIVersion, Kind: "VerificationList", At: at, Cluster: cluster, Status: backup.StatusOK, Items: items, Gaps: gaps,
	}
	switch {
	case len(gaps) > 0:
		all.Status = backup.StatusUnknown
	case len(items) == 0:
		all.Status = backup.StatusSkipped
	}
	count := map[backup.Answer]int64{}
	for _, v := range items {
		count[v.Restorable]++
		switch {
		case v.Status == backup.StatusProblem:
			all.Status = backup.StatusProblem
		case v.Status != backup.StatusOK && all.Status == backup.StatusOK:
			all.Status = backup.StatusUnknown
		}
	}
	all.Verdict = allVerdict(int64(len(items)), count, len(gaps) > 0)
	return all
}

func allVerdict(total int64, count map[backup.Answer]int64, gaps bool) string {
	var parts []string
	if n := count[backup.No]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d of %s cannot be restored in full", n, counted(total, "backup")))
	}
	switch n := count[backup.Unknown]; {
	case n > 0 && len(parts) > 0:
		parts = append(parts, fmt.Sprintf("%d cannot be judged", n))
	case n > 0:
		parts = append(parts, fmt.Sprintf("%d of %s cannot be judged", n, counted(total, "backup")))
	}
	switch {
	case len(parts) > 0:
	case total == 0 && gaps:
		parts = append(parts, "no backup could be looked at")
	case total == 0:
		parts = append(parts, "there is no backup")
	default:
		parts = append(parts, fmt.Sprintf("nothing speaks against restoring %s", counted(total, "backup")))
	}
	if gaps && total > 0 {
		parts = append(parts, "and not all could be looked at")
	}
	return strings.Join(parts, ", ")
}
