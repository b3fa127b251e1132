package cli

import (
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero/bucketreader"
)

// ofBucket says how a backup that was read from a bucket alone is restored, and
// makes one gap of all that only a cluster could have told.
func (l *Look) ofBucket(ev *backup.Evidence) {
	if l.Bucket == nil {
		return
	}
	noCluster := bucketreader.ErrNoCluster.Error()
	ev.Gaps = slices.DeleteFunc(ev.Gaps, func(gap backup.Gap) bool { return strings.HasSuffix(gap.Why, noCluster) })
	ev.Gaps = append(ev.Gaps, backup.Gap{What: "the state of the cluster", Why: noCluster, Lookup: backup.Failed})
	ev.Namespace, ev.EventsLookup, ev.Object.Needs = backup.Namespace{}, backup.NotAsked, nil
	for i := range ev.Object.Locations {
		place := &ev.Object.Locations[i]
		place.From, place.Credentials.Secret, place.Credentials.Namespace = "--bucket", "", ""
		place.Credentials.From = "--storage-credentials=" + l.credentials
	}
	switch ev.Object.Phase {
	case backup.PhaseCompleted, backup.PhasePartiallyFailed:
		ev.Recovery = diagnose.Recovery(*l.Bucket, ev.Object.Ref.Namespace, ev.Object.Ref.Name)
	}
}
