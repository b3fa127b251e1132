package diagnose

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// verdicts are what a look at each location showed, reconciled with the
// object's own record; one per location, NotLooked where nobody looked.
func verdicts(ev *backup.Evidence) []backup.StorageVerdict {
	var all []backup.StorageVerdict
	for i, loc := range ev.Object.Locations {
		v := backup.StorageVerdict{Class: backup.VerdictUnknown, Reason: backup.ReasonNotLooked, Location: loc}
		switch {
		case i < len(ev.Storage):
			v = ev.Storage[i]
		case loc.Provider == backup.ProviderSnapshots:
			v.Reason = backup.ReasonSnapshots
		}
		all = append(all, v.Against(ev.Object.Written))
	}
	return all
}

// judgePlace raises the code for each location with a verdict of that sort.
func judgePlace(is func(backup.StorageVerdict) bool, say func(*backup.Evidence, backup.StorageVerdict) backup.Finding) func(*backup.Evidence) []backup.Finding {
	return func(ev *backup.Evidence) []backup.Finding {
		var all []backup.Finding
		for _, v := range verdicts(ev) {
			if !is(v) {
				continue
			}
			found := say(ev, v)
			if v.Requests > 0 {
				found.Proof = append(found.Proof, lookProof(v))
			}
			all = append(all, found)
		}
		return all
	}
}

func isClass(c backup.VerdictClass) func(backup.StorageVerdict) bool {
	return func(v backup.StorageVerdict) bool { return v.Class == c }
}

// seen says in words what a look at a place showed.
func seen(v backup.StorageVerdict) string {
	switch v.Class {
	case backup.VerdictEmpty:
		return "empty: no object, no old version, no open upload"
	case backup.VerdictUnknown:
		return string(v.Reason) + detail(v)
	case backup.VerdictBucketMissing:
		return "the bucket does not exist" + detail(v)
	}
	return amount(v)
}

func detail(v backup.StorageVerdict) string {
	if v.Detail == "" {
		return ""
	}
	return ": " + shorten(v.Detail)
}

// amount is what was counted, such as "812 objects, 41.0 GiB, 3 old versions".
func amount(v backup.StorageVerdict) string {
	parts := []string{countText(v.Current, "object")}
	for _, c := range []struct {
		count backup.Count
		noun  string
	}{{v.OldVersions, "old version"}, {v.DeleteMarkers, "delete marker"}, {v.OpenUploads, "open upload"}} {
		if c.count.Objects > 0 {
			parts = append(parts, countText(c.count, c.noun))
		}
	}
	return strings.Join(parts, ", ")
}

func countText(c backup.Count, noun string) string {
	text := counted(c.Objects, noun)
	if c.AtLeast {
		text = "at least " + text
	}
	if c.Bytes > 0 {
		text += ", " + bytesText(c.Bytes)
	}
	return text
}

// lookProof tells how the look was made: from where, as whom, when, with how many requests.
func lookProof(v backup.StorageVerdict) backup.Proof {
	at := v.At
	source := fmt.Sprintf("%s to %s, %s", counted(int64(v.Requests), "request"), orElse(v.Location.Endpoint, v.Location.Provider), orElse(v.Vantage, "direct"))
	if v.Identity != "" {
		source += ", as " + v.Identity
	}
	return backup.Proof{Text: seen(v), Source: source, At: &at}
}

// rests is a warning while deletion is asked for, since data is then at stake,
// and fine otherwise.
func rests(ev *backup.Evidence, code, title, atStake string) backup.Finding {
	if !ev.Object.Deleting() {
		return fine(code, ev.Object.Ref, title)
	}
	found := problem(code, backup.SeverityWarning, ev.Object.Ref, title)
	found.Explain = atStake
	return found
}

func sayEmpty(ev *backup.Evidence, v backup.StorageVerdict) backup.Finding {
	found := fine("BK-S310", ev.Object.Ref, v.Location.URL()+" is empty: nothing would be lost")
	if v.BucketEmpty == backup.Yes {
		found.Title += "; the whole bucket is empty"
		found.Explain = "A bucket without any object is also what a wrong endpoint or a wrong bucket looks like."
	}
	return found
}

func sayResidue(ev *backup.Evidence, v backup.StorageVerdict) backup.Finding {
	return fine("BK-S311", ev.Object.Ref, fmt.Sprintf("%s holds no data, only locks, markers or checkpoints (%s)", v.Location.URL(), amount(v)))
}

func sayHidden(ev *backup.Evidence, v backup.StorageVerdict) backup.Finding {
	title := fmt.Sprintf("%s shows no current object, but %s", v.Location.URL(), amount(v))
	if !v.Versions.Known() {
		title = v.Location.URL() + " shows no current object, and whether old versions lie there could not be listed"
	}
	return rests(ev, "BK-S312", title, "Old versions can be restored on the side of the storage. A clean-up does not erase them, and a plain listing does not show them.")
}

func sayPartial(ev *backup.Evidence, v backup.StorageVerdict) backup.Finding {
	title := fmt.Sprintf("%s holds data without the marker of a finished backup (%s)", v.Location.URL(), amount(v))
	if ev.Object.Phase == backup.PhaseRunning && !ev.Object.Deleting() {
		return fine("BK-S313", ev.Object.Ref, title)
	}
	found := problem("BK-S313", backup.SeverityWarning, ev.Object.Ref, title)
	found.Explain = "A backup without its marker cannot be restored from, but it takes up room, and it may not be this backup's own data."
	return found
}

func sayComplete(ev *backup.Evidence, v backup.StorageVerdict) backup.Finding {
	return rests(ev, "BK-S314", fmt.Sprintf("%s holds a complete backup (%s)", v.Location.URL(), amount(v)), "A clean-up erases it; removing the finalizer instead leaves it with nothing that points at it.")
}

func sayData(ev *backup.Evidence, v backup.StorageVerdict) backup.Finding {
	return rests(ev, "BK-S315", fmt.Sprintf("%s holds data (%s)", v.Location.URL(), amount(v)), "The layout is not known, so whether it is a whole backup cannot be said. It counts as data that someone may want.")
}

func sayBucketMissing(ev *backup.Evidence, v backup.StorageVerdict) backup.Finding {
	found := problem("BK-S316", backup.SeverityWarning, ev.Object.Ref, fmt.Sprintf("bucket %q does not exist at %s", v.Location.Bucket, orElse(v.Location.Endpoint, "the provider's endpoint")))
	found.Explain = "Either the bucket and the data in it are gone, or this is not the storage that the backup was written to."
	return found
}

func sayUnknown(ev *backup.Evidence, v backup.StorageVerdict) backup.Finding {
	if v.Reason == backup.ReasonNotLooked && !ev.Object.Deleting() {
		return skipped("BK-S317", ev.Object.Ref, v.Location.URL()+" was not looked at")
	}
	found := unknown("BK-S317", ev.Object.Ref, fmt.Sprintf("what lies at %s is not known (%s)", v.Location.URL(), seen(v)))
	found.Explain = "It cannot be said that nothing would be lost."
	if v.RightRegion != "" {
		found.Explain += fmt.Sprintf(" The server expects region %q.", v.RightRegion)
		found.Fixes = []backup.Fix{lookAgain(ev, "Looks again, with the region that the server named.", "--storage-region="+v.RightRegion)}
	}
	if v.Reason == backup.ReasonUnreachable && len(v.Location.Overridden) == 0 {
		found.Fixes = []backup.Fix{lookAgain(ev, "If the endpoint is wrong: looks at the right one.", "--storage-endpoint=<right endpoint>")}
	}
	return found
}

// lookAgain is the command that looks at the place in another way.
func lookAgain(ev *backup.Evidence, does, flag string) backup.Fix {
	words := inNamespace(ev.Object.Ref.Namespace, "kubectl", "backup", "diagnose", ev.Object.Ref.String())
	return backup.Fix{Does: does, DoesNot: "It changes nothing.", Commands: []string{command(append(words, flag)...)}}
}

func sayFreshLock(ev *backup.Evidence, v backup.StorageVerdict) backup.Finding {
	if !ev.Object.Deleting() { // a run that writes, or wrote a moment ago, is as it should be
		return fine("BK-S318", ev.Object.Ref, fmt.Sprintf("the run writes to %s or did so a moment ago: its lock %s is fresh", v.Location.URL(), shorten(v.FreshLock)))
	}
	found := problem("BK-S318", backup.SeverityCause, ev.Object.Ref, fmt.Sprintf("a writer is at work in %s: its lock %s is fresh", v.Location.URL(), shorten(v.FreshLock)))
	found.Explain = "A running writer refreshes its lock. Until the lock is older than its lifetime, nothing may be erased or released here."
	return found
}

func sayContradiction(ev *backup.Evidence, v backup.StorageVerdict) backup.Finding {
	found := unknown("BK-S319", ev.Object.Ref, fmt.Sprintf("%s %s", v.Location.URL(), orElse(shorten(v.Detail), "looks empty, but the record says that bytes were written")))
	found.Explain = "Either the data was removed, or the wrong place was looked at. Compare endpoint, bucket and prefix with those of the run."
	return found
}
