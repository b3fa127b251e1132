package diagnose

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func locationEntries() []entry {
	return []entry{
		{Code{
			Code:    "BK-L801",
			Title:   "another object uses the same place or one inside it",
			Explain: "Another backup object names the same prefix, or one is a folder of the other. A clean-up erases everything under its prefix, whoever wrote it, and what a listing shows may be the other's data.",
			Why:     "Objects were copied with their storage section, or a prefix was chosen above that of other backups.",
			Fix:     "Give every backup its own prefix. Before anything is erased, find out whose data it is.",
			Danger:  "Erasing one of them erases the other.",
			Source:  "the storage sections of the other objects; pingcap/tidb-operator@v1.6.0 cmd/backup-manager/app/clean",
		}, judgeNeighbours},
		{Code{
			Code:    "BK-L802",
			Title:   "the place in the specification is not the one that the run recorded",
			Explain: "The run wrote down another path than the one that the specification names today. The clean-up goes to the place in the specification; the data lies at the recorded one.",
			Why:     "The storage section was changed after the run.",
			Fix:     "Set the storage section back to the recorded place before anything is cleaned up.",
			Danger:  "A clean-up erases what lies at the wrong place and leaves the backup's data.",
			Source:  "status path of the object against its spec; pingcap/tidb-operator@v1.6.0 cmd/backup-manager/app/clean",
		}, judgeRecorded},
		{Code{
			Code:    "BK-L804",
			Title:   "the place is the whole bucket",
			Explain: "The object names no prefix, so its place is everything in the bucket. Nothing tells its data from that of others.",
			Why:     "The prefix was left out.",
			Fix:     "Give every backup a prefix of its own.",
			Danger:  "A clean-up of such a place either erases the whole bucket or reports success and erases nothing, depending on the program.",
			Source:  "the object's storage section; pingcap/tidb-operator@v1.6.0 cmd/backup-manager/app/clean",
		}, judgeWholeBucket},
		{Code{
			Code:    "BK-L807",
			Title:   "a flag replaced a part of the place",
			Explain: "What was seen in the storage was seen with an endpoint, region or credentials that you gave, not with those of the object.",
			Why:     "An option such as --storage-endpoint was used.",
			Fix:     "Make sure that it is the storage that the run wrote to.",
			Danger:  "An empty place at another storage proves nothing about the backup's data.",
			Source:  "the options of this command",
		}, judgeOverridden},
	}
}

// stored are the locations in an object store, where prefixes mean something.
func stored(ev *backup.Evidence) []backup.Location {
	var all []backup.Location
	for _, loc := range ev.Object.Locations {
		if loc.Provider != backup.ProviderPodPath && loc.Provider != backup.ProviderSnapshots {
			all = append(all, loc)
		}
	}
	return all
}

func judgeNeighbours(ev *backup.Evidence) []backup.Finding {
	if len(stored(ev)) == 0 || ev.Object.Role == backup.RoleRestore { // a restore shares the place of its backup
		return nil
	}
	var all []backup.Finding
	for _, n := range ev.Neighbours {
		how := "a place that overlaps with this one's"
		if n.Same {
			how = "the same place"
		}
		severity := backup.SeverityInfo
		if ev.Object.Retention.Policy != backup.Keeps {
			severity = backup.SeverityWarning
		}
		found := problem("BK-L801", severity, n.Ref, fmt.Sprintf("%s (%s) uses %s: %s", n.Ref.Human(), n.Phase, how, n.Location.URL()))
		found.Explain = "A clean-up of one erases the other's data too."
		found.Proof = []backup.Proof{{Text: n.Location.URL(), Source: orElse(n.Location.From, "spec") + " of " + n.Ref.Human()}}
		all = append(all, found)
	}
	switch {
	case !ev.NeighboursLookup.Known():
		all = append(all, unknown("BK-L801", ev.Object.Ref, unread("the list of other objects that may use the same place", ev.NeighboursLookup, "")))
	case len(all) == 0:
		all = append(all, fine("BK-L801", ev.Object.Ref, "no other object in the cluster names the same place"))
	}
	return all
}

func judgeRecorded(ev *backup.Evidence) []backup.Finding {
	var all []backup.Finding
	for _, loc := range ev.Object.Locations {
		if loc.Recorded == "" {
			continue
		}
		proof := backup.Proof{Text: "recorded by the run: " + loc.Recorded, Source: "status of the object"}
		if samePath(loc.Recorded, loc.URL()) {
			all = append(all, fine("BK-L802", ev.Object.Ref, "the place is the one that the run recorded: "+loc.Recorded, proof))
			continue
		}
		found := problem("BK-L802", backup.SeverityWarning, ev.Object.Ref, fmt.Sprintf("the run recorded %s, but %s names %s", loc.Recorded, orElse(loc.From, "the object"), loc.URL()))
		found.Explain = "A clean-up goes to the second, the data lies at the first."
		found.Proof = []backup.Proof{proof}
		all = append(all, found)
	}
	return all
}

func judgeWholeBucket(ev *backup.Evidence) []backup.Finding {
	var all []backup.Finding
	for _, loc := range stored(ev) {
		if loc.Prefix != "" || loc.Layout == backup.LayoutShared {
			continue
		}
		found := problem("BK-L804", backup.SeverityWarning, ev.Object.Ref, "its place is the whole bucket "+loc.URL())
		found.Explain = "No prefix tells its data from that of others."
		if ev.Object.System == tidbOperator {
			found.Explain += " The clean-up of this operator then lists nothing, reports success and erases nothing."
		}
		all = append(all, found)
	}
	return all
}

func judgeOverridden(ev *backup.Evidence) []backup.Finding {
	var all []backup.Finding
	for _, v := range ev.Storage {
		if len(v.Location.Overridden) == 0 {
			continue
		}
		found := problem("BK-L807", backup.SeverityInfo, ev.Object.Ref, "the storage was looked at with another "+listed(v.Location.Overridden)+" than the object's own")
		found.Explain = "The object's own clean-up goes to the object's own place."
		all = append(all, found)
	}
	return all
}
