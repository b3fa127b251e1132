package diagnose

import (
	"fmt"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// judgeTiDBSources says of each thing that is restored whether that can be done at all.
func judgeTiDBSources(r restoringTiDB) (all []backup.Finding) {
	for _, s := range []*backup.TiDBSource{r.look.Full, r.look.Log} {
		switch {
		case s == nil:
		case s.Seen.Archive != nil:
			all = append(all, judgeTiDBSource(r.subject, s)...)
		default:
			all = append(all, judgeDump(r.subject, s)...)
		}
	}
	return all
}

func judgeTiDBSource(subject backup.Ref, s *backup.TiDBSource) []backup.Finding {
	log := s.Seen.Archive.Run != nil && s.Seen.Archive.Run.Mode == "log" || s.Seen.Object.Mode == "log"
	if s.Named && !log { // a log is restored while it is written
		if found := notEnded(subject, s.Seen.Object); found != nil {
			return found
		}
	}
	return judgeStored(subject, sourceName(s), &s.Seen)
}

// sourceName is the Backup, or where there is none the place.
func sourceName(s *backup.TiDBSource) string {
	if s.Named {
		return s.Seen.Object.Ref.Human()
	}
	return "what lies at " + orElse(s.Seen.Archive.Place, "the place that the restore names")
}

// judgeTiDBPart says what of them is not as it should be.
func judgeTiDBPart(r restoringTiDB) (all []backup.Finding) {
	for _, s := range []*backup.TiDBSource{r.look.Full, r.look.Log} {
		if s != nil && s.Seen.Archive != nil {
			all = append(all, judgeStoredPart(r.subject, sourceName(s), &s.Seen)...)
		}
	}
	return all
}

// judgeDump looks at the one file of a dump, into which nobody looks.
func judgeDump(subject backup.Ref, s *backup.TiDBSource) []backup.Finding {
	const code = "BK-B301"
	if len(s.Seen.Storage) == 0 {
		return one(unknown(code, subject, "whether the dump is there is not known: storage was not looked at"))
	}
	v := s.Seen.Storage[0]
	switch {
	case v.Class.HoldsData() && v.Current.Bytes > 0:
		return one(fine(code, subject, fmt.Sprintf("the dump %s is there (%s); what is in it was not read", v.Location.URL(), bytesText(v.Current.Bytes)), lookProof(v)))
	case v.Class == backup.VerdictUnknown:
		return one(unknown(code, subject, "whether the dump "+v.Location.URL()+" is there is not known"+because(gist(v.Detail)), lookProof(v)))
	case v.Class == backup.VerdictBucketMissing:
		return one(atOverridden(problem(code, backup.SeverityCause, subject, "the bucket of the dump does not exist: "+v.Location.URL()), v))
	}
	return one(atOverridden(problem(code, backup.SeverityCause, subject, "there is no dump "+v.Location.URL()), v))
}

func tidbPointInTimeEntry() entry {
	return entry{Code{
		Code: "BK-B305", Title: "the log does not cover the restore",
		Explain: "A restore to a point in time takes the full backup and then what the log holds from there on. Where the log begins later, was truncated, or ends earlier, BR refuses.",
		Why:     "The point in time lies outside, or the full backup and the log do not belong together.",
		Fix:     "Name another point in time with --restored-ts, or a full backup that is younger than the start of the log.",
		Danger:  nothingLost, Source: "status.commitTs and status.logSuccessTruncateUntil of the Backups; v1/global_checkpoint in the bucket; pingcap/tidb br/pkg/task/stream.go",
	}, onTiDB(judgeTiDBPointInTime)}
}

func judgeTiDBPointInTime(r restoringTiDB) []backup.Finding {
	const code = "BK-B305"
	log := r.look.Log
	if log == nil {
		return nil
	}
	start, begins, until, ends := r.look.Start, log.From, r.look.Until, logEnd(log)
	if r.look.Full != nil {
		start = r.look.Full.From
	}
	after := func(a, b *time.Time) bool { return a != nil && b != nil && a.After(*b) }
	refuse := func(text string) []backup.Finding {
		return one(problem(code, backup.SeverityCause, r.subject, text))
	}
	switch {
	case after(begins, start):
		return refuse(fmt.Sprintf("the log begins at %s, and the restore wants it from %s on", stamp(begins), stamp(start)))
	case after(start, until):
		return refuse(fmt.Sprintf("%s is before the full backup, which is of %s", stamp(until), stamp(start)))
	case after(until, ends):
		return refuse(fmt.Sprintf("%s is after the end of the log, which reaches %s", stamp(until), stamp(ends)))
	case after(start, ends):
		return refuse(fmt.Sprintf("the log reaches only %s, before the full backup of %s", stamp(ends), stamp(start)))
	}
	for _, known := range []struct {
		at   *time.Time
		what string
	}{{start, "of which time the full backup is"}, {begins, "from when on the log goes"}, {ends, "how far the log reaches"}} {
		if known.at == nil {
			return one(unknown(code, r.subject, "whether the log covers the restore is not known: it is not said "+known.what))
		}
	}
	return one(fine(code, r.subject, fmt.Sprintf("the log goes from %s to %s; restored is what was at %s", stamp(begins), stamp(ends), stamp(orTime(until, ends)))))
}

// logEnd is how far a log reaches, as its checkpoints in the bucket say.
func logEnd(log *backup.TiDBSource) *time.Time {
	if a := log.Seen.Archive; a != nil && a.Run != nil && len(a.Run.Unread) == 0 {
		return a.Run.CheckpointAt
	}
	return nil
}

func orTime(at, other *time.Time) *time.Time {
	if at == nil {
		return other
	}
	return at
}

func stamp(at *time.Time) string { return at.UTC().Format(time.RFC3339) }
