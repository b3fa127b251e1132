package diagnose

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// needsCheck asks for what an object of any role needs.
func needsCheck() preflightCheck {
	return preflightCheck{name: backup.PreflightNeeds, entries: []entry{
		{Code{
			Code: "BK-B111", Title: "what the new object needs does not exist",
			Explain: "The system carries the object out only while certain other objects are there, such as the cluster that is backed up, the service account of its Jobs, and the Secret with whose keys a restore reads. One of them does not exist, or lacks a key.",
			Why:     "A name is misspelt, the object is in another namespace, or it was never made there.",
			Fix:     "Correct the name, or make what is missing, in the namespace of the new object.",
			Danger:  "none", Source: "the needs of the profile; pingcap/tidb-operator@v1.6.1 pkg/backup/backup/backup_manager.go",
		}, judgeNewNeeds},
	}}
}

func judgeNewNeeds(ev *backup.Evidence) []backup.Finding {
	if ev.Preflight == nil {
		return nil
	}
	var all []backup.Finding
	for _, n := range ev.Preflight.Needs {
		switch {
		case n.Lookup == backup.Absent:
		case len(n.MissingKeys) > 0:
			all = append(all, problem("BK-B111", backup.SeverityCause, n.Ref, n.Ref.Human()+" lacks "+keyList(n.MissingKeys)+": "+orElse(n.Why, "the object needs them")))
			continue
		default:
			all = append(all, needSeen("BK-B111", n))
			continue
		}
		found := problem("BK-B111", backup.SeverityCause, n.Ref, n.Ref.Human()+" does not exist: "+orElse(n.Why, "the object names it"))
		if n.Ref.Resource == "serviceaccounts" {
			found = accountMissing(ev, found, n.Ref)
		}
		all = append(all, found)
	}
	return all
}
