package diagnose

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// toTiDB is the evidence of a restore of TiDB to a point in time, against which nothing speaks.
func toTiDB() *backup.Evidence {
	found := backup.Read{Lookup: backup.Found}
	full, log := brVerified(), logVerified()
	full.Object.Phase = backup.PhaseCompleted
	return &backup.Evidence{
		At: clock("09:00:00"), Object: backup.Object{System: tidbOperator, Role: backup.RoleRestore, Ref: ref("pingcap.com", "restores", "Restore", "back")},
		Preflight: &backup.Preflight{TiDB: &backup.TiDBRestoreLook{
			Full:    &backup.TiDBSource{Seen: *full, Named: true, From: at("08:00:00"), Version: "8.1.0", VersionRead: found},
			Log:     &backup.TiDBSource{Seen: *log, Named: true, From: at("07:00:00")},
			Cluster: &backup.TiDBCluster{Read: found, Ref: ref("pingcap.com", "tidbclusters", "TidbCluster", "basic"), Version: "8.1.2"},
			Until:   at("08:30:00"),
		}},
	}
}

func onTiDBLook(change func(*backup.TiDBRestoreLook)) func(*backup.Evidence) {
	return func(ev *backup.Evidence) { change(ev.Preflight.TiDB) }
}

// fullAlone leaves the log out.
func fullAlone(change func(*backup.TiDBSource)) func(*backup.Evidence) {
	return onTiDBLook(func(l *backup.TiDBRestoreLook) {
		l.Log = nil
		change(l.Full)
	})
}

// dumped restores a dump instead, of which the storage says this.
func dumped(verdicts ...backup.StorageVerdict) func(*backup.Evidence) {
	return onTiDBLook(func(l *backup.TiDBRestoreLook) {
		l.Full, l.Log, l.Cluster, l.Host = &backup.TiDBSource{Seen: backup.Evidence{Storage: verdicts}}, nil, nil, "tidb"
	})
}

func noTiDB(ev *backup.Evidence) { ev.Preflight.TiDB = nil }

func preflightTiDBCases() []codeCase {
	same := func(*backup.TiDBSource) {}
	cluster := func(change func(*backup.TiDBCluster)) func(*backup.Evidence) {
		return onTiDBLook(func(l *backup.TiDBRestoreLook) { change(l.Cluster) })
	}
	dump := backup.StorageVerdict{Class: backup.VerdictData, Current: backup.Count{Objects: 1, Bytes: 7}}
	return append([]codeCase{
		{"BK-B301", isOK, toTiDB, nil, noTiDB},
		{"BK-B301", isProblem, toTiDB, fullAlone(func(s *backup.TiDBSource) { s.Seen.Object.Phase = backup.PhaseRunning }), fullAlone(func(s *backup.TiDBSource) { s.Seen.Object.Phase, s.Named = backup.PhaseUnknown, false })},
		{"BK-B301", isProblem, toTiDB, fullAlone(func(s *backup.TiDBSource) { s.Seen.Archive.Run.Complete = nil }), fullAlone(same)},
		{"BK-B301", isProblem, toTiDB, onTiDBLook(func(l *backup.TiDBRestoreLook) { l.Log.Seen.Archive.Run.CheckpointAt = nil }), fullAlone(same)},
		{"BK-B301", isUnknown, toTiDB, fullAlone(func(s *backup.TiDBSource) { s.Seen.Archive.Listing = backup.Failed }), fullAlone(same)},
		{"BK-B301", isOK, toTiDB, dumped(dump), dumped()},
		{"BK-B301", isUnknown, toTiDB, dumped(), dumped(dump)},
		{"BK-B301", isUnknown, toTiDB, dumped(backup.StorageVerdict{Class: backup.VerdictUnknown, Detail: "denied"}), nil},
		{"BK-B301", isProblem, toTiDB, dumped(backup.StorageVerdict{Class: backup.VerdictEmpty}), nil},
		{"BK-B301", isProblem, toTiDB, dumped(backup.StorageVerdict{Class: backup.VerdictBucketMissing}), nil},
		{"BK-B302", isProblem, toTiDB, onTiDBLook(func(l *backup.TiDBRestoreLook) { l.Log.Seen.Archive.Run.CheckpointAt = at("08:31:00") }), nil},
		{"BK-B304", isOK, toTiDB, nil, dumped(dump)},
		{"BK-B304", isProblem, toTiDB, cluster(func(c *backup.TiDBCluster) { c.Lookup = backup.Absent }), onTiDBLook(func(l *backup.TiDBRestoreLook) { l.Cluster = nil })},
		{"BK-B304", isUnknown, toTiDB, cluster(func(c *backup.TiDBCluster) { c.Read = deniedRead }), nil},
		{"BK-B304", isUnknown, toTiDB, dumped(dump), nil},
		{"BK-B311", isOK, toTiDB, nil, onTiDBLook(func(l *backup.TiDBRestoreLook) { l.Full = nil })},
		{"BK-B311", isProblem, toTiDB, cluster(func(c *backup.TiDBCluster) { c.Version = "8.5.0" }), nil},
		{"BK-B311", isProblem, toTiDB, cluster(func(c *backup.TiDBCluster) { c.Version = "7.5.0" }), nil},
		{"BK-B311", isUnknown, toTiDB, cluster(func(c *backup.TiDBCluster) { c.Version = "nightly" }), nil},
		{"BK-B311", isUnknown, toTiDB, fullAlone(func(s *backup.TiDBSource) { s.Version, s.VersionRead = "", lateRead }), nil},
	}, pointInTimeCases()...)
}

func pointInTimeCases() []codeCase {
	log := func(change func(full, log *backup.TiDBSource)) func(*backup.Evidence) {
		return onTiDBLook(func(l *backup.TiDBRestoreLook) { change(l.Full, l.Log) })
	}
	alone := func(from string) func(*backup.Evidence) {
		return onTiDBLook(func(l *backup.TiDBRestoreLook) { l.Full, l.Start, l.Until = nil, at(from), nil })
	}
	return []codeCase{
		{"BK-B305", isOK, toTiDB, nil, fullAlone(func(*backup.TiDBSource) {})},
		{"BK-B305", isOK, toTiDB, alone("07:30:00"), alone("06:30:00")},
		{"BK-B305", isProblem, toTiDB, alone("06:30:00"), alone("07:30:00")},
		{"BK-B305", isProblem, toTiDB, log(func(_, log *backup.TiDBSource) { log.From = at("08:10:00") }), nil},
		{"BK-B305", isProblem, toTiDB, onTiDBLook(func(l *backup.TiDBRestoreLook) { l.Until = at("07:50:00") }), nil},
		{"BK-B305", isProblem, toTiDB, onTiDBLook(func(l *backup.TiDBRestoreLook) { l.Until = at("09:30:00") }), nil},
		{"BK-B305", isProblem, toTiDB, log(func(_, log *backup.TiDBSource) { log.Seen.Archive.Run.CheckpointAt = at("07:40:00") }), nil},
		{"BK-B305", isUnknown, toTiDB, log(func(full, _ *backup.TiDBSource) { full.From = nil }), nil},
		{"BK-B305", isUnknown, toTiDB, log(func(_, log *backup.TiDBSource) { log.From = nil }), nil},
		{"BK-B305", isUnknown, toTiDB, log(func(_, log *backup.TiDBSource) { log.Seen.Archive.Run.Unread = []string{"1.ts"} }), nil},
	}
}
