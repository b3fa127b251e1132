package diagnose

import (
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func bytesOf(n int64) *int64 { return &n }

// verified is the evidence of a Velero backup that holds what it says.
func verified() *backup.Evidence {
	file := func(role backup.FileRole, need backup.FileNeed) backup.ArchiveFile {
		return backup.ArchiveFile{Role: role, Key: "backups/shop/" + string(role), Need: need, State: backup.FileSound, Bytes: 100}
	}
	return &backup.Evidence{
		At:     clock("09:00:00"),
		Object: backup.Object{System: "velero", Role: backup.RoleBackup, Ref: ref("velero.io", "backups", "Backup", "shop"), Phase: backup.PhaseCompleted},
		Archive: &backup.Archive{
			System: "velero", Role: backup.RoleBackup, Name: "shop", Place: "s3://velero/backups/shop/", Listing: backup.Found, VolumesRead: backup.Yes,
			Files: []backup.ArchiveFile{
				file(backup.FileObject, backup.NeedRequired), file(backup.FileContents, backup.NeedRequired), file(backup.FileLog, backup.NeedOptional),
				file(backup.FileResults, backup.NeedExpected), file(backup.FileVolumes, backup.NeedExpected),
			},
			Record: &backup.ArchiveRecord{
				Ref: ref("velero.io", "backups", "Backup", "shop"), Phase: backup.PhaseCompleted, NativePhase: "Completed", Expires: at("10:00:00"),
				Items: backup.Tally{Attempted: 9, Completed: 9}, Volumes: backup.VolumePolicy{FileSystem: backup.Yes},
			},
			Items: &backup.ArchiveItems{Format: "1.1.0", Total: 9},
			Volumes: []backup.ArchivedVolume{{
				Namespace: "shop", Claim: "db", Method: backup.MethodPodVolume, State: backup.VolumeCopied, Handle: "k1", Driver: "kopia",
				Bytes: bytesOf(4096), Capacity: bytesOf(1 << 30), Source: backup.FileVolumes,
			}},
			Repositories: []backup.Repository{{Type: "kopia", Namespace: "shop", Format: backup.Found, HasData: backup.Yes}},
			Log:          &backup.ArchiveLog{Lines: 3},
		},
	}
}

// brVerified is the evidence of a TiDB snapshot backup that is whole.
func brVerified() *backup.Evidence {
	ev := completed()
	ev.Archive = &backup.Archive{
		System: tidbOperator, Role: backup.RoleBackup, Name: "backup-test", Place: "s3://backup/demo/", Listing: backup.Found,
		Run: &backup.ArchiveRun{
			Mode: "snapshot", Complete: &backup.StoredObject{Key: "backupmeta", Bytes: 812}, LockTTL: backup.Duration(5 * time.Minute),
			Lock: &backup.StoredObject{Key: "backup.lock", Bytes: 77, Modified: clock("08:59:59")},
			Data: backup.Count{Objects: 12, Bytes: 4096},
		},
	}
	return ev
}

// logVerified is a log backup that runs, with a checkpoint a minute ago.
func logVerified() *backup.Evidence {
	ev := brVerified()
	ev.Object.Phase = backup.PhaseRunning
	ev.Archive.Run.Mode, ev.Archive.Run.Complete, ev.Archive.Run.CheckpointAt = "log", nil, at("08:59:10")
	return ev
}

func onFile(role backup.FileRole, state backup.FileState) func(*backup.Evidence) {
	return func(ev *backup.Evidence) { ev.Archive.File(role).State = state }
}

func onVolume(change func(*backup.ArchivedVolume)) func(*backup.Evidence) {
	return func(ev *backup.Evidence) { change(&ev.Archive.Volumes[0]) }
}

func onMarkers(change func(*backup.ArchiveRun)) func(*backup.Evidence) {
	return func(ev *backup.Evidence) { change(ev.Archive.Run) }
}

func onStored(change func(*backup.ArchiveRecord)) func(*backup.Evidence) {
	return func(ev *backup.Evidence) { change(ev.Archive.Record) }
}

// throughServer is an archive whose place was not listed, and whose files came
// through the server as far as that gives them.
func throughServer(ev *backup.Evidence) {
	ev.Archive.Listing, ev.Archive.Server, ev.Archive.Error = backup.NotAsked, backup.Found, "denied"
	for _, role := range []backup.FileRole{backup.FileObject, backup.FileResults} {
		file := ev.Archive.File(role)
		file.State, file.Detail = backup.FileUnlisted, "no URL"
	}
}

func missingFiles(ev *backup.Evidence) {
	for i := range ev.Archive.Files {
		ev.Archive.Files[i].State = backup.FileMissing
	}
}

func verifyCases() []codeCase {
	return append(append(verifyFileCases(), verifyVolumeCases()...), append(verifyRecordCases(), verifyRunCases()...)...)
}

func verifyFileCases() []codeCase {
	both := func(change ...func(*backup.Evidence)) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			for _, c := range change {
				c(ev)
			}
		}
	}
	noObject := onFile(backup.FileObject, backup.FileMissing)
	return []codeCase{
		{"BK-R100", isOK, verified, nil, noObject},
		{"BK-R100", isOK, brVerified, nil, onMarkers(func(r *backup.ArchiveRun) { r.Complete = nil })},
		{"BK-R100", isSkipped, verified, func(ev *backup.Evidence) {
			ev.Archive.Items = nil
			ev.Archive.File(backup.FileContents).State = backup.FileListed
		}, nil},
		{"BK-R101", isProblem, verified, missingFiles, noObject},
		{"BK-R102", isProblem, verified, noObject, missingFiles},
		{"BK-R103", isProblem, verified, both(noObject, onFile(backup.FileContents, backup.FileMissing)), noObject},
		{"BK-R104", isProblem, verified, onFile(backup.FileContents, backup.FileMissing), onFile(backup.FileLog, backup.FileMissing)},
		{"BK-R105", isProblem, verified, onFile(backup.FileVolumes, backup.FileCorrupt), onFile(backup.FileVolumes, backup.FileTruncated)},
		{"BK-R105", isProblem, verified, func(ev *backup.Evidence) {
			file := ev.Archive.File(backup.FileObject)
			file.State, file.Detail = backup.FileCorrupt, "invalid character"
		}, nil},
		{"BK-R106", isProblem, verified, onFile(backup.FileContents, backup.FileTruncated), nil},
		{"BK-R107", isProblem, verified, onFile(backup.FileResults, backup.FileEmpty), nil},
		{"BK-R108", isUnknown, verified, onFile(backup.FileLog, backup.FileUnread), onFile(backup.FileLog, backup.FileListed)},
		{"BK-R108", isUnknown, verified, onFile(backup.FileLog, backup.FileTooLarge), nil},
		{"BK-R109", isUnknown, verified, func(ev *backup.Evidence) { ev.Archive.Listing, ev.Archive.Error = backup.Failed, "timeout" }, nil},
		{"BK-R109", isUnknown, verified, throughServer, nil},
		{"BK-R109", isUnknown, verified, func(ev *backup.Evidence) {
			ev.Archive.Listing, ev.Archive.Server, ev.Archive.ServerError = backup.Failed, backup.Failed, "Deployment velero/velero has 0 of 1 pods ready"
		}, nil},
		{"BK-R108", isUnknown, verified, onFile(backup.FileLog, backup.FileUnread), throughServer},
		{"BK-R104", isProblem, verified, onFile(backup.FileContents, backup.FileMissing), throughServer},
		{"BK-R110", isProblem, verified, func(ev *backup.Evidence) { ev.Archive.Items.Total = 8 }, func(ev *backup.Evidence) {
			ev.Archive.Items.Total, ev.Archive.Record.Errors = 8, 1 // what failed is an error
		}},
		{"BK-R110", isOK, verified, nil, func(ev *backup.Evidence) { ev.Archive.Items = nil }},
		{"BK-R111", isProblem, verified, func(ev *backup.Evidence) { ev.Archive.Items.Format = "2.0" }, func(ev *backup.Evidence) { ev.Archive.Items.Format = "1" }},
	}
}

func verifyVolumeCases() []codeCase {
	state := func(s backup.VolumeState, meant bool) func(*backup.Evidence) {
		return onVolume(func(v *backup.ArchivedVolume) { v.State, v.Meant, v.Why = s, meant, "why not" })
	}
	stored := func(info backup.Lookup, method backup.VolumeMethod, bytes int64) func(*backup.Evidence) {
		return onVolume(func(v *backup.ArchivedVolume) {
			v.Method, v.Bytes = method, bytesOf(bytes)
			v.Stored = &backup.StoredVolume{Lookup: backup.Found, Info: info}
		})
	}
	empty := onVolume(func(v *backup.ArchivedVolume) {
		v.Bytes, v.Handle, v.Why = bytesOf(0), "", "volume was empty so no snapshot was taken"
	})
	return []codeCase{
		{"BK-R120", isProblem, verified, state(backup.VolumeFailed, false), nil},
		{"BK-R120", isProblem, verified, onVolume(func(v *backup.ArchivedVolume) { v.State, v.Why = backup.VolumeFailed, "" }), nil},
		{"BK-R121", isProblem, verified, stored(backup.Absent, backup.MethodVSphere, 0), stored(backup.Found, backup.MethodVSphere, 0)},
		{"BK-R122", isProblem, verified, stored(backup.Found, backup.MethodVSphere, 0), stored(backup.Found, backup.MethodVSphere, 1<<29)},
		{"BK-R122", isProblem, verified, onVolume(func(v *backup.ArchivedVolume) { v.Bytes, v.Capacity = bytesOf(0), nil }), empty},
		{"BK-R122", isProblem, verified, onVolume(func(v *backup.ArchivedVolume) { v.Bytes = bytesOf(0) }), onVolume(func(v *backup.ArchivedVolume) {
			v.Bytes, v.Stored = bytesOf(0), &backup.StoredVolume{Lookup: backup.Failed, Info: backup.Found}
		})},
		{"BK-R123", isProblem, verified, stored(backup.Found, backup.MethodVSphere, 1<<20), stored(backup.Found, backup.MethodPodVolume, 1<<20)},
		{"BK-R124", isProblem, verified, state(backup.VolumeNotCopied, false), state(backup.VolumeNotCopied, true)},
		{"BK-R125", isProblem, verified, state(backup.VolumeNotCopied, true), state(backup.VolumeNotCopied, false)},
		{"BK-R126", isProblem, verified, onVolume(func(v *backup.ArchivedVolume) { v.Handle = "" }), empty},
		{"BK-R127", isProblem, verified, func(ev *backup.Evidence) { ev.Archive.Repositories[0].Format = backup.Absent }, nil},
		{"BK-R127", isProblem, verified, func(ev *backup.Evidence) { ev.Archive.Repositories[0].HasData = backup.No }, nil},
		{"BK-R127", isUnknown, verified, func(ev *backup.Evidence) { ev.Archive.Repositories[0].Format = backup.Denied }, nil},
		{"BK-R128", isUnknown, verified, state(backup.VolumeUnknown, false), func(ev *backup.Evidence) {
			state(backup.VolumeUnknown, false)(ev)
			ev.Archive.Volumes[0].Stored = &backup.StoredVolume{Info: backup.Absent} // a problem of its own
		}},
		{"BK-R128", isUnknown, verified, func(ev *backup.Evidence) { ev.Archive.VolumesRead = backup.No }, nil},
		{"BK-R130", isProblem, verified, state(backup.VolumeMoving, false), nil},
		{"BK-R130", isProblem, verified, func(ev *backup.Evidence) {
			ev.Archive.Operations = []backup.ItemOperation{{Plugin: "csi", Phase: backup.PhaseRunning, Native: "InProgress"}}
		}, func(ev *backup.Evidence) {
			ev.Archive.Operations = []backup.ItemOperation{{Plugin: "csi", Phase: backup.PhaseCompleted}}
		}},
		{"BK-R130", isProblem, verified, onStored(func(r *backup.ArchiveRecord) { r.Phase = backup.PhaseRunning }), nil},
		{"BK-R130", isProblem, verified, func(ev *backup.Evidence) {
			ev.Object.Data = backup.DataMoving
			ev.Object.Works = []backup.Work{{Role: backup.WorkMove, Phase: backup.PhaseRunning, Volume: "shop/db", NativePhase: "InProgress"}}
		}, func(ev *backup.Evidence) { ev.Object.Data = backup.DataMoved }},
		{"BK-R130", isProblem, verified, func(ev *backup.Evidence) { ev.Object.Phase = backup.PhaseRunning }, nil},
		{"BK-R130", isProblem, brVerified, func(ev *backup.Evidence) { ev.Object.Phase = backup.PhaseRunning }, func(ev *backup.Evidence) {
			ev.Object.Phase, ev.Archive.Run.Mode = backup.PhaseRunning, "log"
		}},
		{"BK-R137", isProblem, verified, func(ev *backup.Evidence) { ev.Object.Phase = backup.PhaseDeleting }, nil},
		{"BK-R137", isProblem, brVerified, func(ev *backup.Evidence) { ev.Object.Deleted = at("08:00:00") }, func(ev *backup.Evidence) {
			ev.Object.Deleted, ev.Archive.Listing = at("08:00:00"), backup.Failed
		}},
		{"BK-R148", isProblem, verified, func(ev *backup.Evidence) {
			ev.Object.Data, ev.Object.DataWhy, ev.Archive.Listing = backup.DataNone, "spec.runMode is DryRun", backup.Failed
		}, func(ev *backup.Evidence) { ev.Object.Data, ev.Object.Phase = backup.DataNone, backup.PhaseFailed }},
		{"BK-R138", isProblem, verified, func(ev *backup.Evidence) {
			ev.Object.Data, ev.Object.DataWhy = backup.DataFailed, "an upload failed"
			ev.Object.Works = []backup.Work{{Role: backup.WorkMove, Phase: backup.PhaseFailed, Message: "no space"}, {Role: backup.WorkMove, Phase: backup.PhaseCompleted}}
		}, func(ev *backup.Evidence) { ev.Object.Data = backup.DataMoved }},
		{"BK-R131", isProblem, verified, state(backup.VolumeNotCopied, false), func(ev *backup.Evidence) {
			state(backup.VolumeNotCopied, false)(ev)
			ev.Archive.Record.Volumes = backup.VolumePolicy{} // nobody asked for data
		}},
		{"BK-R131", isProblem, verified, state(backup.VolumeNotCopied, false), state(backup.VolumeNotCopied, true)},
		{"BK-R136", isProblem, verified, func(ev *backup.Evidence) {
			ev.Archive.Record.CSI = backup.Tally{Attempted: 3, Completed: 1}
			ev.Archive.Volumes[0].Method, ev.Archive.Volumes[0].State = backup.MethodCSISnapshot, backup.VolumeFailed
		}, nil},
		{"BK-R136", isProblem, verified, func(ev *backup.Evidence) {
			ev.Archive.Record.CSI = backup.Tally{Attempted: 3, Completed: 1}
			ev.Archive.File(backup.FileVolumes).State = backup.FileMissing
		}, nil},
		{"BK-R136", isProblem, verified, onStored(func(r *backup.ArchiveRecord) { r.CSI = backup.Tally{Attempted: 3, Completed: 2} }), onStored(func(r *backup.ArchiveRecord) {
			r.Phase, r.CSI = backup.PhaseRunning, backup.Tally{Attempted: 3, Completed: 2}
		})},
	}
}

func verifyRecordCases() []codeCase {
	return []codeCase{
		{"BK-R132", isProblem, verified, onStored(func(r *backup.ArchiveRecord) { r.RunMode = "DryRun" }), onStored(func(r *backup.ArchiveRecord) { r.RunMode = "Normal" })},
		{"BK-R132", isProblem, verified, onStored(func(r *backup.ArchiveRecord) { r.RunMode = "AppOnly" }), nil},
		{"BK-R133", isProblem, verified, onStored(func(r *backup.ArchiveRecord) { r.Expires = at("08:00:00") }), onStored(func(r *backup.ArchiveRecord) { r.Expires = nil })},
		{"BK-R134", isProblem, verified, func(ev *backup.Evidence) {
			ev.Archive.Record.Phase, ev.Archive.Record.NativePhase, ev.Archive.Record.Failure = backup.PhaseFailed, "Failed", "found a backup in progress"
			ev.Archive.Messages = []backup.ArchiveMessage{{Severity: backup.SeverityCause, Scope: "velero", Text: "no"}}
		}, nil},
		{"BK-R134", isProblem, verified, onStored(func(r *backup.ArchiveRecord) { r.Phase = backup.PhasePartiallyFailed }), onStored(func(r *backup.ArchiveRecord) { r.Phase = backup.PhaseRunning })},
		{"BK-R134", isUnknown, verified, onStored(func(r *backup.ArchiveRecord) { r.Phase, r.NativePhase = backup.PhaseUnknown, "Hovering" }), nil},
		{"BK-R135", isProblem, verified, onStored(func(r *backup.ArchiveRecord) { r.Errors = 2 }), func(ev *backup.Evidence) {
			ev.Archive.Record.Errors, ev.Archive.Log.Errors = 2, 2
		}},
		{"BK-R135", isProblem, verified, func(ev *backup.Evidence) {
			ev.Archive.Record.Errors = 2
			ev.Archive.Messages = []backup.ArchiveMessage{{Severity: backup.SeverityCause}}
		}, func(ev *backup.Evidence) { ev.Archive.Record.Errors, ev.Archive.Log = 2, nil }},
	}
}

func verifyRunCases() []codeCase {
	noMarker := onMarkers(func(r *backup.ArchiveRun) { r.Complete = nil })
	return []codeCase{
		{"BK-R101", isProblem, brVerified, onMarkers(func(r *backup.ArchiveRun) { *r = backup.ArchiveRun{Mode: "snapshot"} }), noMarker},
		{"BK-R140", isProblem, brVerified, noMarker, onMarkers(func(r *backup.ArchiveRun) { r.Complete, r.Mode = nil, "log" })},
		{"BK-R140", isProblem, brVerified, onMarkers(func(r *backup.ArchiveRun) { r.Complete.Bytes = 0 }), nil},
		{"BK-R141", isProblem, brVerified, noMarker, onMarkers(func(r *backup.ArchiveRun) { r.Complete, r.Lock.Modified = nil, clock("08:00:00") })},
		{"BK-R141", isProblem, brVerified, noMarker, onMarkers(func(r *backup.ArchiveRun) { r.Complete, r.Mode = nil, "log" })},
		{"BK-R142", isProblem, brVerified, onMarkers(func(r *backup.ArchiveRun) { r.Data = backup.Count{} }), nil},
		{"BK-R143", isProblem, brVerified, onMarkers(func(r *backup.ArchiveRun) { r.EmptyData.Objects = 2 }), nil},
		{"BK-R144", isProblem, brVerified, onMarkers(func(r *backup.ArchiveRun) { r.Checkpoints.Objects = 2 }), nil},
		{"BK-R145", isProblem, logVerified, onMarkers(func(r *backup.ArchiveRun) { r.CheckpointAt = nil }), onMarkers(func(r *backup.ArchiveRun) { r.CheckpointAt, r.Unread = nil, []string{"denied"} })},
		{"BK-R145", isProblem, logVerified, onMarkers(func(r *backup.ArchiveRun) { r.CheckpointAt = at("08:00:00") }), func(ev *backup.Evidence) {
			ev.Archive.Run.CheckpointAt, ev.Object.Phase = at("08:00:00"), backup.PhaseCompleted
		}},
		{"BK-R145", isOK, logVerified, nil, onMarkers(func(r *backup.ArchiveRun) { r.CheckpointAt = nil })},
		{"BK-R147", isProblem, brVerified, func(ev *backup.Evidence) { ev.Object.SizeBytes = bytesOf(5000) }, func(ev *backup.Evidence) { ev.Object.SizeBytes = bytesOf(4908) }},
		{"BK-R147", isProblem, brVerified, func(ev *backup.Evidence) { ev.Object.SizeBytes = bytesOf(5000) }, func(ev *backup.Evidence) {
			ev.Object.SizeBytes, ev.Archive.Run.Mode = bytesOf(5000), "log"
		}},
		{"BK-R149", isUnknown, brVerified, onMarkers(func(r *backup.ArchiveRun) { r.Mode = "volume-snapshot" }), nil},
		{"BK-R146", isUnknown, logVerified, onMarkers(func(r *backup.ArchiveRun) { r.Unread = []string{"denied"} }), nil},
	}
}
