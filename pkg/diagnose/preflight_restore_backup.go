package diagnose

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const restoreSource = "velero@v1.18.3 pkg/controller/restore_controller.go"

func restoreBackupEntries() []entry {
	return []entry{
		{Code{
			Code: "BK-B301", Title: "the backup cannot be restored",
			Explain: "What is in the bucket is not what a restore needs, or is not there yet. The server would begin the restore all the same, and it would fail or bring volumes without their data.",
			Why:     "The backup still runs, its data still moves, it failed, or files of it are missing or damaged.",
			Fix:     "Wait for the backup, or restore an older one; 'kubectl backup verify backup/NAME' names each fault.",
			Danger:  nothingLost, Source: restoreSource + "; the files in the bucket",
		}, both(onRestore(judgeRestoreSource), onTiDB(judgeTiDBSources))},
		{Code{
			Code: "BK-B302", Title: "the backup cannot be restored in full",
			Explain: "The objects of the backup can be restored. The data of some volumes, or other parts of it, cannot.",
			Why:     "The backup is PartiallyFailed, or volumes were not copied.",
			Fix:     "Look at what is missing with 'kubectl backup verify backup/NAME', and bring that back from elsewhere.",
			Danger:  "A volume without a copy comes back empty.", Source: "the files in the bucket",
		}, both(onRestore(judgeRestorePart), onTiDB(judgeTiDBPart))},
		{Code{
			Code: "BK-B303", Title: "the location of the backup is not available",
			Explain: "Velero refuses a restore whose backup lies in a location that it does not see: it becomes FailedValidation.",
			Why:     "The server's last look at the location failed, or the location was deleted.",
			Fix:     "'kubectl backup check location/NAME' says why.",
			Danger:  nothingLost, Source: restoreSource + ", BSLIsAvailable",
		}, onRestore(judgeRestoreLocation)},
	}
}

// judgeRestoreSource says whether anything can be restored from the backup at all.
func judgeRestoreSource(r restoring) []backup.Finding {
	const code = "BK-B301"
	src := r.look.Source
	if src == nil {
		return nil
	}
	name := src.Object.Ref.Human()
	if r.look.SourceRead.Lookup != backup.Found {
		return one(unknown(code, r.subject, notRead(name, r.look.SourceRead)))
	}
	if found := notEnded(r.subject, src.Object); found != nil {
		return found
	}
	if r.now.Object.System == eBackup && src.Object.Phase == backup.PhasePartiallyFailed { // the product's manual
		return one(problem(code, backup.SeverityCause, r.subject, name+" is PartiallyFailed, and e-backup restores only what is Completed"))
	}
	return judgeStored(r.subject, name, src)
}

// notEnded refuses a backup whose run, or whose data, has not arrived.
func notEnded(subject backup.Ref, source backup.Object) []backup.Finding {
	const code = "BK-B301"
	ends := map[backup.Phase]string{
		backup.PhasePending: "has not begun", backup.PhaseRunning: "still runs", backup.PhaseDeleting: "is being deleted",
	}
	if words := ends[source.Phase]; words != "" {
		return one(problem(code, backup.SeverityCause, subject, fmt.Sprintf("%s %s (%s)", source.Ref.Human(), words, orElse(source.NativePhase, "New"))))
	}
	if source.Data == backup.DataMoving {
		return one(problem(code, backup.SeverityCause, subject, "data of "+source.Ref.Human()+" still moves"+because(source.DataWhy)))
	}
	return nil
}

// judgeStored says whether what the storage holds can be restored.
func judgeStored(subject backup.Ref, name string, src *backup.Evidence) []backup.Finding {
	const code = "BK-B301"
	switch v := Verify(*src); {
	case v.Restorable == backup.Yes && flawed(v):
		return nil // the next code says so
	case v.Restorable == backup.Yes:
		return one(fine(code, subject, name+" is "+v.Verdict))
	case v.Restorable == backup.Unknown:
		return one(unknown(code, subject, name+": "+v.Verdict))
	case whollyBad(v):
		return one(problem(code, backup.SeverityCause, subject, name+" is "+v.Verdict))
	}
	return nil
}

// judgeRestorePart says what of a backup cannot be restored, or looks strange.
func judgeRestorePart(r restoring) []backup.Finding {
	src := r.look.Source
	if src == nil || src.Archive == nil || r.look.SourceRead.Lookup != backup.Found {
		return nil
	}
	return judgeStoredPart(r.subject, src.Object.Ref.Human(), src)
}

func judgeStoredPart(subject backup.Ref, name string, src *backup.Evidence) []backup.Finding {
	v := Verify(*src)
	if !flawed(v) || whollyBad(v) {
		return nil
	}
	found := problem("BK-B302", backup.SeverityWarning, subject, name+" is "+v.Verdict)
	for _, f := range v.Findings {
		if rank(f) < 2 {
			found.Proof = append(found.Proof, backup.Proof{Text: f.Title, Source: f.Code})
		}
	}
	return one(found)
}

// flawed tells whether something is wrong with what the bucket holds.
func flawed(v backup.Verification) bool {
	return slices.ContainsFunc(v.Findings, func(f backup.Finding) bool { return rank(f) < 2 })
}

// whollyBad tells whether nothing can be restored, or not yet.
func whollyBad(v backup.Verification) bool {
	return slices.ContainsFunc(v.Findings, func(f backup.Finding) bool {
		return rank(f) == 0 && (f.Code == codeMoves || !partial(&v.Archive, f))
	})
}

func judgeRestoreLocation(r restoring) []backup.Finding {
	const code = "BK-B303"
	l := r.look.Location
	if l == nil {
		return nil
	}
	name := l.Ref.Human()
	switch {
	case l.Lookup == backup.Absent:
		return one(problem(code, backup.SeverityCause, r.subject, name+", in which the backup lies, does not exist"))
	case l.Lookup != backup.Found:
		return one(unknown(code, r.subject, notRead(name, l.Read)))
	case l.Phase == "Unavailable":
		return one(problem(code, backup.SeverityCause, r.subject, name+" is Unavailable"+because(l.Message)))
	case l.Phase != "Available":
		return one(unknown(code, r.subject, name+" was not looked at by the server yet"))
	}
	return one(fine(code, r.subject, name+" is Available"))
}

func restoreVersionsEntry() entry {
	return entry{Code{
		Code: "BK-B310", Title: "the backup is of another Kubernetes version",
		Explain: "Kinds, fields and defaults differ between minor versions. What was removed since cannot be restored, and what the older version does not know is dropped.",
		Why:     "The cluster was updated since, or the backup is of another cluster.",
		Fix:     "Read the deprecation guide of Kubernetes for the versions in between, and restore into a namespace of its own first.",
		Danger:  nothingLost, Source: "the annotation velero.io/source-cluster-k8s-gitversion of the backup",
	}, onRestore(judgeRestoreVersions)}
}

var minorVersion = regexp.MustCompile(`^v?(\d+)\.(\d+)`)

// minor is the major and minor version of "v1.31.2".
func minor(version string) (major, minor int, ok bool) {
	m := minorVersion.FindStringSubmatch(version)
	if m == nil {
		return 0, 0, false
	}
	major, _ = strconv.Atoi(m[1])
	minor, _ = strconv.Atoi(m[2])
	return major, minor, true
}

func judgeRestoreVersions(r restoring) []backup.Finding {
	const code = "BK-B310"
	then, now := r.look.Version, r.now.Cluster.Version
	oldMajor, oldMinor, knownThen := minor(then)
	newMajor, newMinor, knownNow := minor(now)
	switch {
	case !knownThen:
		return one(unknown(code, r.subject, "the backup does not say of which Kubernetes version it is"))
	case !knownNow:
		return one(unknown(code, r.subject, "the version of this cluster is not known"))
	case oldMajor == newMajor && oldMinor == newMinor:
		return one(fine(code, r.subject, "Kubernetes "+then+" then, "+now+" now"))
	}
	word := "newer"
	if oldMajor > newMajor || oldMajor == newMajor && oldMinor > newMinor {
		word = "older"
	}
	return one(problem(code, backup.SeverityWarning, r.subject, fmt.Sprintf("the backup is of Kubernetes %s, this cluster is %s: %s", then, word, now)))
}
