package diagnose

import (
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// judgeNeeds raises the code for each need of one sort that does not exist.
func judgeNeeds(code string, is func(backup.Need) bool, missing func(*backup.Evidence, backup.Need) backup.Finding) func(*backup.Evidence) []backup.Finding {
	return func(ev *backup.Evidence) []backup.Finding {
		var all []backup.Finding
		for _, n := range ev.Object.Needs {
			if !is(n) {
				continue
			}
			if n.Lookup == backup.Absent {
				all = append(all, missing(ev, n))
				continue
			}
			if len(n.MissingKeys) == 0 {
				all = append(all, needSeen(code, n))
			}
		}
		return all
	}
}

// needSeen is the answer for a need that is not known to be missing.
func needSeen(code string, n backup.Need) backup.Finding {
	switch n.Lookup {
	case backup.Found:
		title := n.Ref.Human() + " exists"
		if len(n.Keys) > 0 {
			title += " and has " + keyList(n.Keys)
		}
		return fine(code, n.Ref, title, backup.Proof{Text: n.Why, Source: n.Ref.Human()})
	case backup.NotAsked:
		return skipped(code, n.Ref, n.Ref.Human()+" was not read")
	}
	return unknown(code, n.Ref, unread(n.Ref.Human(), n.Lookup, n.Error))
}

func absent(ev *backup.Evidence, code string, n backup.Need) backup.Finding {
	found := problem(code, severityNow(ev), n.Ref, n.Ref.Human()+" does not exist: "+orElse(n.Why, "the object names it"))
	found.Cause = n.Ref.Human()
	found.Proof = []backup.Proof{{Text: "not found", Source: n.Ref.Human()}}
	return found
}

func secretMissing(ev *backup.Evidence, n backup.Need) backup.Finding {
	found := absent(ev, "BK-C403", n)
	if ev.Namespace.Terminating() == backup.Yes {
		found.Explain = "It cannot be made again either: the namespace is being deleted and takes no new objects."
		return found
	}
	words := inNamespace(n.Ref.Namespace, "kubectl", "create", "secret", "generic", n.Ref.Name)
	found.Fixes = []backup.Fix{{
		Does:     "Makes the Secret again, with values read from files.",
		DoesNot:  "It does not run the clean-up by itself unless its owner still waits to start it.",
		Commands: []string{command(append(words, keyFlags(n.Keys)...)...)},
		Danger:   erasureIfDeleting(ev),
	}}
	return found
}

func objectMissing(ev *backup.Evidence, n backup.Need) backup.Finding {
	found := absent(ev, "BK-C406", n)
	// An erasing clean-up of this operator works from the object alone; only
	// stopping a log backup looks its TidbCluster up.
	// Source: pingcap/tidb-operator@v1.6.1 pkg/controller/backup/backup_cleaner.go.
	if ev.Object.System == tidbOperator && ev.Object.Deleting() {
		if ev.Object.Mode == "log" {
			found.Explain = "Before it lets go the operator makes a Job that stops the log backup, and for that it looks the TidbCluster up. Without it the operator tries again for ever."
			return found
		}
		found.Severity = backup.SeverityInfo
		found.Explain = "The clean-up of a " + orElse(ev.Object.Mode, "snapshot") + " backup does not need it."
	}
	return found
}

func judgeKeys(ev *backup.Evidence) []backup.Finding {
	var all []backup.Finding
	for _, n := range ev.Object.Needs {
		if len(n.MissingKeys) == 0 {
			continue
		}
		found := problem("BK-C404", severityNow(ev), n.Ref, n.Ref.Human()+" lacks "+keyList(n.MissingKeys)+": "+orElse(n.Why, "the object needs them"))
		found.Cause = n.Ref.Human()
		found.Proof = []backup.Proof{{Text: "missing: " + keyList(n.MissingKeys), Source: "keys of " + n.Ref.Human()}}
		found.Fixes = []backup.Fix{{
			Does: "Adds the missing " + keyList(n.MissingKeys) + " from a file with stringData.", DoesNot: "Other keys stay as they are.",
			Commands: []string{patchSecret(n.Ref.Namespace, n.Ref.Name)}, Danger: erasureIfDeleting(ev),
		}}
		all = append(all, found)
	}
	return all
}

func erasureIfDeleting(ev *backup.Evidence) string {
	if !ev.Object.Deleting() {
		return ""
	}
	return erasure(ev)
}

func judgeServiceAccount(ev *backup.Evidence) []backup.Finding {
	var all []backup.Finding
	for _, n := range ev.Object.Needs {
		if n.Ref.Resource != "serviceaccounts" {
			continue
		}
		if n.Lookup == backup.Absent {
			all = append(all, accountMissing(ev, absent(ev, "BK-C405", n), n.Ref))
			continue
		}
		all = append(all, needSeen("BK-C405", n))
	}
	known := slices.ContainsFunc(all, func(f backup.Finding) bool { return f.Status == backup.StatusProblem })
	for _, w := range expected(ev) {
		e := refusal(ev, w)
		if known || e == nil || culpritOf(e.Message) != "service account" {
			continue
		}
		found := problem("BK-C405", backup.SeverityCause, w.Ref, who(ev, w)+" cannot make its pods, for their service account is missing: "+gist(e.Message))
		found.Cause = "ServiceAccount " + w.Ref.Namespace + "/" + accountName(e.Message)
		found.Proof = []backup.Proof{eventProof(e)}
		all = append(all, accountMissing(ev, found, backup.Ref{Namespace: w.Ref.Namespace, Name: accountName(e.Message)}))
	}
	return all
}

func accountMissing(ev *backup.Evidence, found backup.Finding, account backup.Ref) backup.Finding {
	found.Explain = "The Job's pods are refused until it exists; the Job itself reports no failure."
	if ev.Namespace.Terminating() == backup.Yes {
		found.Explain += " It cannot be made again: the namespace is being deleted and takes no new objects."
		return found
	}
	found.Fixes = []backup.Fix{{
		Does: "Makes the service account.", DoesNot: "It gives it no rights: the Jobs also need the role that the system's documentation names.",
		Commands: []string{look(account.Namespace, "create", "serviceaccount", account.Name)}, Danger: erasureIfDeleting(ev),
	}}
	return found
}

// accountName is the name in `serviceaccount "name" not found`, or a placeholder.
func accountName(message string) string {
	_, rest, _ := strings.Cut(message, `serviceaccount "`)
	name, _, ok := strings.Cut(rest, `"`)
	if !ok || name == "" {
		return "<service account>"
	}
	return name
}
