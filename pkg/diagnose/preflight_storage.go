package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func storagePreflightEntries() []entry {
	const overwrites = "Two runs in one place overwrite each other's files, and cleaning up after one erases the other."
	return []entry{
		{Code{
			Code: "BK-B101", Title: "the location for the new object does not exist",
			Explain: "The backup names a location that is not in its namespace, or names none where none is the default. The server refuses such a backup.",
			Why:     "The name is misspelt, the location is in another namespace, or no location calls itself the default.",
			Fix:     "Name one of those that `kubectl backup get locations` lists, or make one.",
			Danger:  "none", Source: "velero@v1.18.3 pkg/controller/backup_controller.go, prepareBackupRequest",
		}, onStorage(judgeNoLocation)},
		{Code{
			Code: "BK-B102", Title: "the location for the new object is read-only",
			Explain: "The server refuses each backup into a read-only location.",
			Why:     "spec.accessMode is ReadOnly, as it should be while another cluster's backups are restored from it.",
			Fix:     "Name another location, or set spec.accessMode to ReadWrite.",
			Danger:  "With ReadWrite the server deletes the backups there that have expired, whoever made them.", Source: "velero@v1.18.3 pkg/controller/backup_controller.go, prepareBackupRequest",
		}, onStorage(judgeReadOnlyTarget)},
		{Code{
			Code: "BK-B103", Title: "nothing answers at the endpoint for the new object",
			Explain: "The endpoint is a Service of this cluster, which does not exist or behind which nothing listens. Pods of the cluster reach it no better.",
			Why:     "The Service was renamed or removed, the port is wrong, or the storage is down.",
			Fix:     "Correct the endpoint, or start the storage.",
			Danger:  "none", Source: "the API server's port-forward to the Service",
		}, onStorage(judgeNoAnswer)},
		{Code{
			Code: "BK-B104", Title: "another object uses the place of the new one",
			Explain: "Another backup names the same prefix, or one of the two prefixes is a folder of the other.",
			Why:     "The storage section was copied from the other object.",
			Fix:     "Give the new object a prefix of its own.",
			Danger:  overwrites, Source: "the storage sections of the other objects",
		}, onStorage(judgeSharedPlace)},
		{Code{
			Code: "BK-B105", Title: "objects lie at the place of the new one already",
			Explain: "The place is not empty. BR refuses a place with the files of another backup; other programs write between them.",
			Why:     "An earlier object had the same prefix and kept its data, or the prefix belongs to something else.",
			Fix:     "Give the new object a prefix of its own.",
			Danger:  overwrites, Source: "a listing of the place; pingcap/tidb br/pkg/task/backup.go",
		}, onStorage(judgeOccupied)},
		{Code{
			Code: "BK-B106", Title: "the place of the new object is the whole bucket",
			Explain: "Without a prefix nothing tells the backup's objects from those of others.",
			Why:     "The prefix was left out.",
			Fix:     "Give the new object a prefix of its own.",
			Danger:  "A clean-up of such a place erases the whole bucket or nothing, depending on the program.", Source: "the manifest; pingcap/tidb-operator@v1.6.0 cmd/backup-manager/app/clean",
		}, onStorage(judgeWhole)},
	}
}

// onStorage judges the place of an object that is to be made.
func onStorage(judge func(ev *backup.Evidence, s *backup.StoragePreflight) []backup.Finding) func(*backup.Evidence) []backup.Finding {
	return func(ev *backup.Evidence) []backup.Finding {
		if ev.Preflight == nil || ev.Preflight.Storage == nil {
			return nil
		}
		return judge(ev, ev.Preflight.Storage)
	}
}

func judgeNoLocation(ev *backup.Evidence, s *backup.StoragePreflight) []backup.Finding {
	if s.Location.Kind == "" || s.Lookup == backup.Found {
		return nil
	}
	name := s.Location.Human()
	if s.Lookup != backup.Absent {
		return one(unknown("BK-B101", ev.Object.Ref, unread(name, s.Lookup, s.Error)))
	}
	found := problem("BK-B101", backup.SeverityCause, ev.Object.Ref, name+" does not exist")
	if !s.Named {
		found.Title = fmt.Sprintf("no location is named, none in namespace %s is the default, and %s does not exist", s.Location.Namespace, name)
	}
	found.Fixes = []backup.Fix{{Does: "Lists the locations.", DoesNot: "It changes nothing.", Commands: []string{look(s.Location.Namespace, "backup", "get", "locations")}}}
	return one(found)
}

func judgeReadOnlyTarget(ev *backup.Evidence, s *backup.StoragePreflight) []backup.Finding {
	if s.Location.Kind == "" || s.Seen == nil || s.Seen.Location == nil || !s.Seen.Location.Server.ReadOnly {
		return nil
	}
	return one(problem("BK-B102", backup.SeverityCause, ev.Object.Ref, s.Location.Human()+" is read-only: the server refuses backups into it"))
}

// judgeNoAnswer is sure of Services of this cluster alone: what this machine does
// not reach outside of it, the cluster may reach.
func judgeNoAnswer(ev *backup.Evidence, s *backup.StoragePreflight) []backup.Finding {
	if s.Seen == nil || s.Seen.Location == nil || !serviceSilent(s.Seen.Location.Root.Verdict) || s.Seen.Object.Phase == backup.PhaseAvailable {
		return nil
	}
	v := s.Seen.Location.Root.Verdict
	found := problem("BK-B103", backup.SeverityCause, ev.Object.Ref, "nothing answers at "+v.Location.Endpoint+": "+gist(v.Detail))
	found.Proof = []backup.Proof{here(v)}
	return one(atOverridden(found, v))
}

// serviceSilent tells that the API server itself found nobody behind a Service. A
// port-forward that the person may not make, or that failed on its way, tells nothing.
func serviceSilent(v backup.StorageVerdict) bool {
	if v.Reason != backup.ReasonUnreachable || !strings.HasPrefix(v.Vantage, "port-forward to ") {
		return false
	}
	return slices.ContainsFunc([]string{"which does not exist", "has no pods", "has no ready pod", "has no port", "connection refused"}, func(words string) bool {
		return strings.Contains(v.Detail, words)
	})
}

// judgeSharedPlace concerns objects that name their place themselves: those of
// others in one location have a folder each.
func judgeSharedPlace(ev *backup.Evidence, s *backup.StoragePreflight) []backup.Finding {
	location := ev.Object.Role == backup.RoleLocation && s.Seen != nil
	switch {
	case s.Repeats && hasPlace(s):
		return judgeAbove(s)
	case !ownsPlace(ev, s) && !location:
		return nil
	}
	var all []backup.Finding
	for _, n := range s.Seen.Neighbours {
		how := "overlaps with the place of"
		if n.Same {
			how = "is the place of"
		}
		found := problem("BK-B104", backup.SeverityCause, n.Ref, fmt.Sprintf("%s %s %s (%s)", placeName(s.Seen.Object.Locations[0]), how, n.Ref.Human(), n.Phase))
		if location { // several may name one place; each backup there is then known by each of them
			found.Severity = backup.SeverityWarning
		}
		found.Proof = []backup.Proof{{Text: n.Location.URL(), Source: orElse(n.Location.From, "spec") + " of " + n.Ref.Human()}}
		all = append(all, found)
	}
	if len(all) == 0 && !s.Seen.NeighboursLookup.Known() {
		return one(unknown("BK-B104", ev.Object.Ref, unread("the list of other objects that may use the same place", s.Seen.NeighboursLookup, "")))
	}
	return all
}

// judgeAbove warns of those whose clean-up would erase what a schedule stores in
// folders of its own below their place. What lies beside these is in nobody's way.
func judgeAbove(s *backup.StoragePreflight) []backup.Finding {
	var all []backup.Finding
	own := s.Seen.Object.Locations[0]
	for _, n := range s.Seen.Neighbours {
		if len(strings.Trim(n.Location.Prefix, "/")) > len(strings.Trim(own.Prefix, "/")) {
			continue
		}
		found := problem("BK-B104", backup.SeverityWarning, n.Ref, fmt.Sprintf("the backups would lie below %s, the place of %s (%s): cleaning up after it erases them", n.Location.URL(), n.Ref.Human(), n.Phase))
		found.Proof = []backup.Proof{{Text: n.Location.URL(), Source: orElse(n.Location.From, "spec") + " of " + n.Ref.Human()}}
		all = append(all, found)
	}
	return all
}

// ownsPlace tells whether the place is for the new object alone.
func ownsPlace(ev *backup.Evidence, s *backup.StoragePreflight) bool {
	return ev.Object.Role == backup.RoleBackup && !s.Repeats && hasPlace(s)
}

// hasPlace tells whether the new object itself names the place, and no other may lie there.
func hasPlace(s *backup.StoragePreflight) bool {
	if s.Location.Kind != "" || s.Seen == nil {
		return false
	}
	places := stored(s.Seen)
	return len(places) > 0 && places[0].Layout != backup.LayoutShared
}

func judgeOccupied(ev *backup.Evidence, s *backup.StoragePreflight) []backup.Finding {
	if !ownsPlace(ev, s) || s.Seen.Location == nil {
		return nil
	}
	v := s.Seen.Location.Root.Verdict
	found := problem("BK-B105", backup.SeverityWarning, ev.Object.Ref, fmt.Sprintf("%s is not empty (%s)", v.Location.URL(), amount(v)))
	switch {
	case v.Current.Objects == 0: // what is only to be seen in the history of the bucket is in nobody's way
		return nil
	case v.Class.HoldsData():
		found.Severity = backup.SeverityCause
		found.Title = fmt.Sprintf("%s holds data already (%s)", v.Location.URL(), amount(v))
	}
	found.Proof = []backup.Proof{lookProof(v)}
	return one(atOverridden(found, v))
}

func judgeWhole(ev *backup.Evidence, s *backup.StoragePreflight) []backup.Finding {
	if !ownsPlace(ev, s) || s.Seen.Object.Locations[0].Prefix != "" {
		return nil
	}
	return one(problem("BK-B106", backup.SeverityWarning, ev.Object.Ref, "no prefix is set: its place is the whole bucket "+s.Seen.Object.Locations[0].URL()))
}

// atOverridden makes a warning of what was seen elsewhere than the object will look.
func atOverridden(f backup.Finding, v backup.StorageVerdict) backup.Finding {
	if len(v.Location.Overridden) > 0 && f.Severity == backup.SeverityCause {
		f.Severity = backup.SeverityWarning
	}
	return f
}
