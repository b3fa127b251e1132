package diagnose

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const tidbRestoreSource = "pingcap/tidb-operator@v1.6.0 pkg/backup/restore/restore_manager.go"

func tidbClusterEntry() entry {
	return entry{Code{
		Code: "BK-B304", Title: "the TidbCluster to restore into is not there",
		Explain: "BR runs in a Job that the operator makes only once the TidbCluster is there; until then it tries again.",
		Why:     "The name or the namespace is wrong, or the cluster is yet to be made.",
		Fix:     "Name the cluster with --tidb-cluster and --tidb-cluster-namespace, or make it first.",
		Danger:  "The restore writes into the cluster: a newer BR fails where a table of the backup exists, an older one writes into it, and Lightning writes over rows of the same key.",
		Source:  tidbRestoreSource,
	}, onTiDB(judgeTiDBCluster)}
}

func tidbVersionEntry() entry {
	return entry{Code{
		Code: "BK-B311", Title: "the backup is of another TiDB version",
		Explain: "BR of one version reads the backups of some others and not of all. System tables are restored only where their columns are the same.",
		Why:     "The cluster was updated since, or it is another one.",
		Fix:     "Look both versions up in the compatibility table of BR's documentation, and restore into a cluster of the backup's version if they do not go together.",
		Danger:  nothingLost, Source: "cluster_version in backupmeta (pingcap/kvproto proto/brpb.proto) and the version of the TidbCluster",
	}, onTiDB(judgeTiDBVersion)}
}

// restoringTiDB is a restore of TiDB that is to be made.
type restoringTiDB struct {
	look    *backup.TiDBRestoreLook
	subject backup.Ref
}

// onTiDB judges evidence of a restore of TiDB that is to be made.
func onTiDB(judge func(r restoringTiDB) []backup.Finding) func(*backup.Evidence) []backup.Finding {
	return func(ev *backup.Evidence) []backup.Finding {
		if ev.Preflight == nil || ev.Preflight.TiDB == nil {
			return nil
		}
		return judge(restoringTiDB{look: ev.Preflight.TiDB, subject: ev.Object.Ref})
	}
}

// both judges by one function and by another.
func both(one, other func(*backup.Evidence) []backup.Finding) func(*backup.Evidence) []backup.Finding {
	return func(ev *backup.Evidence) []backup.Finding { return append(one(ev), other(ev)...) }
}

func judgeTiDBCluster(r restoringTiDB) []backup.Finding {
	const code = "BK-B304"
	c := r.look.Cluster
	if c == nil {
		if r.look.Host == "" {
			return nil
		}
		return one(unknown(code, r.subject, "Lightning writes into the TiDB at "+r.look.Host+", over rows of the same key; whether it answers is not known"))
	}
	name := c.Ref.Human()
	switch c.Lookup {
	case backup.Found:
		return one(fine(code, r.subject, "BR writes into "+name+": a table of the backup that exists there makes a newer BR fail, and an older one writes into it"))
	case backup.Absent:
		return one(problem(code, backup.SeverityCause, r.subject, name+" does not exist: the operator waits for it"))
	}
	return one(unknown(code, r.subject, notRead(name, c.Read)))
}

func judgeTiDBVersion(r restoringTiDB) []backup.Finding {
	const code = "BK-B311"
	full, c := r.look.Full, r.look.Cluster
	if full == nil || c == nil || c.Lookup == backup.Absent || full.VersionRead.Lookup == "" {
		return nil
	}
	thenMajor, thenMinor, knownThen := minor(full.Version)
	nowMajor, nowMinor, knownNow := minor(c.Version)
	switch {
	case !knownThen:
		return one(unknown(code, r.subject, notRead("of which TiDB version the backup is", full.VersionRead)))
	case !knownNow:
		return one(unknown(code, r.subject, "of which version "+c.Ref.Human()+" is, it does not say"))
	case thenMajor == nowMajor && thenMinor == nowMinor:
		return one(fine(code, r.subject, "TiDB "+full.Version+" then, "+c.Version+" now"))
	}
	word := "newer"
	if thenMajor > nowMajor || thenMajor == nowMajor && thenMinor > nowMinor {
		word = "older"
	}
	return one(problem(code, backup.SeverityWarning, r.subject, fmt.Sprintf("the backup is of TiDB %s, %s is %s: %s", full.Version, c.Ref.Human(), word, c.Version)))
}
