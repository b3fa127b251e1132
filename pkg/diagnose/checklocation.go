package diagnose

import (
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// CheckLocation judges what was seen of a location: apart, what this machine saw
// and what the server of the backup system says.
func CheckLocation(ev backup.Evidence) backup.LocationCheck {
	c := backup.LocationCheck{
		APIVersion: backup.APIVersion, Kind: "LocationCheck",
		At: ev.At, Cluster: ev.Cluster, Object: ev.Object, Gaps: ev.Gaps, Status: backup.StatusUnknown,
	}
	if ev.Location == nil {
		c.Verdict = "nothing is known: it names no place in an object store"
		return c
	}
	if v := ev.Location.Root.Verdict; v.Identity != "" { // else nothing was asked
		c.Vantage, c.Identity = v.Vantage, v.Identity
	}
	judge := func(entries []entry) (all []backup.Finding) {
		for _, e := range entries {
			all = append(all, e.judge(&ev)...)
		}
		for i := range all {
			sortFixes(all[i].Fixes)
		}
		slices.SortStableFunc(all, func(a, b backup.Finding) int { return rank(a) - rank(b) })
		return all
	}
	c.Here, c.Server = judge(hereEntries()), judge(serverEntries())
	c.Status = status(slices.Concat(c.Here, c.Server))
	c.Verdict = locationVerdict(c)
	return c
}

// checkEntries are all codes of a check of a location.
func checkEntries() []entry { return slices.Concat(hereEntries(), serverEntries()) }

// locationVerdict names the first problem of each side, else what is not known.
func locationVerdict(c backup.LocationCheck) string {
	for _, wanted := range []backup.Status{backup.StatusProblem, backup.StatusUnknown} {
		var titles []string
		for _, side := range [][]backup.Finding{c.Here, c.Server} {
			for _, f := range side {
				if f.Status == wanted && f.Severity != backup.SeverityInfo {
					titles = append(titles, f.Title)
					break
				}
			}
		}
		switch text := strings.Join(titles, "; "); {
		case text == "":
		case wanted == backup.StatusUnknown:
			return "nothing wrong was found, but not all is known: " + text
		default:
			return text
		}
	}
	return "this machine and the server both reach it"
}

// onLocation judges evidence of a location that was looked at.
func onLocation(judge func(ev *backup.Evidence, look *backup.LocationLook) []backup.Finding) func(*backup.Evidence) []backup.Finding {
	return func(ev *backup.Evidence) []backup.Finding {
		if ev.Location == nil {
			return nil
		}
		return judge(ev, ev.Location)
	}
}

// unseen judges a location that could not be listed from this machine.
func unseen(judge func(ev *backup.Evidence, v backup.StorageVerdict) []backup.Finding) func(*backup.Evidence) []backup.Finding {
	return onLocation(func(ev *backup.Evidence, look *backup.LocationLook) []backup.Finding {
		if look.Root.Listed == backup.Yes {
			return nil
		}
		return judge(ev, look.Root.Verdict)
	})
}

// forServer is a cause where the server does not reach the location either, and
// a warning where it says that it does.
func forServer(ev *backup.Evidence) backup.Severity {
	if ev.Object.Phase == backup.PhaseAvailable {
		return backup.SeverityWarning
	}
	return backup.SeverityCause
}

// here is the evidence for what this machine saw.
func here(v backup.StorageVerdict) backup.Proof {
	at := v.At
	return backup.Proof{Text: orElse(shorten(v.Detail), v.Location.URL()), Source: "this machine, " + orElse(v.Vantage, "direct") + asWhom(v.Identity), At: &at}
}

func asWhom(identity string) string {
	if identity == "" {
		return ""
	}
	return ", as " + identity
}
