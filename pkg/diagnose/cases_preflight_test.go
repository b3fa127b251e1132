package diagnose

import (
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// toLocation is a backup of Velero that is to be made, into a location that is reached.
func toLocation() *backup.Evidence {
	seen := reached()
	return &backup.Evidence{
		At: seen.At, Object: backup.Object{System: "velero", Role: backup.RoleBackup, Ref: ref("velero.io", "backups", "Backup", "new")},
		Preflight: &backup.Preflight{Storage: &backup.StoragePreflight{Location: seen.Object.Ref, Named: true, Lookup: backup.Found, Seen: seen}},
	}
}

// toPlace is a backup of TiDB that is to be made, at an empty place of its own.
func toPlace() *backup.Evidence {
	place := backup.Location{Provider: backup.ProviderS3, Bucket: "b", Prefix: "p", Endpoint: "http://minio.s3.svc:9000"}
	object := backup.Object{System: "tidb-operator", Role: backup.RoleBackup, Ref: ref("pingcap.com", "backups", "Backup", "new"), Locations: []backup.Location{place}}
	verdict := backup.StorageVerdict{Class: backup.VerdictEmpty, Location: place, Vantage: "port-forward to Service s3/minio", Identity: "Secret x/s3", Requests: 3}
	return &backup.Evidence{Object: object, Preflight: &backup.Preflight{Storage: &backup.StoragePreflight{Seen: &backup.Evidence{
		Object: object, NeighboursLookup: backup.Found,
		Location: &backup.LocationLook{
			Root:   backup.RootLook{Listed: backup.Yes, Complete: true, Verdict: verdict},
			Secret: backup.SecretLook{Ref: backup.CredentialsRef{Namespace: "x", Secret: "s3", Keys: map[string]string{"id": "access_key"}}, Lookup: backup.Found},
		},
	}}}}
}

// withVolumes is a backup that is to be made with these volumes in its scope.
func withVolumes(volumes ...backup.ForeseenVolume) func() *backup.Evidence {
	return func() *backup.Evidence {
		return &backup.Evidence{
			Object:    backup.Object{System: "velero", Role: backup.RoleBackup, Ref: ref("velero.io", "backups", "Backup", "new")},
			Preflight: &backup.Preflight{Volumes: &backup.VolumesPreflight{Lookup: backup.Found, Volumes: volumes}},
		}
	}
}

func foreseen(name string, state backup.VolumeState, meant bool) backup.ForeseenVolume {
	return backup.ForeseenVolume{ArchivedVolume: backup.ArchivedVolume{Namespace: "shop", Claim: name, State: state, Meant: meant, Pod: "web-0"}}
}

func onPlace(change func(*backup.StoragePreflight)) func(*backup.Evidence) {
	return func(ev *backup.Evidence) { change(ev.Preflight.Storage) }
}

func neighbourAt(same bool) func(*backup.Evidence) {
	return onPlace(func(s *backup.StoragePreflight) {
		s.Seen.Neighbours = []backup.Neighbour{{Ref: ref("pingcap.com", "backups", "Backup", "old"), Same: same, Location: s.Seen.Object.Locations[0]}}
	})
}

// silent is a place whose Service does not answer in a way that proves it.
func silent(detail string) func(*backup.Evidence) {
	return onPlace(func(s *backup.StoragePreflight) {
		s.Seen.Object.Phase = backup.PhaseUnavailable
		s.Seen.Location.Root.Listed = backup.No
		v := &s.Seen.Location.Root.Verdict
		v.Class, v.Reason, v.Vantage, v.Detail = backup.VerdictUnknown, backup.ReasonUnreachable, "port-forward to Service s3/minio", detail
	})
}

func classed(class backup.VerdictClass) func(*backup.Evidence) {
	return onPlace(func(s *backup.StoragePreflight) {
		s.Seen.Location.Root.Verdict.Class, s.Seen.Location.Root.Verdict.Current.Objects = class, 2
	})
}

// withNeed is a backup that is to be made and needs another object.
func withNeed(resource, kind string, l backup.Lookup) func() *backup.Evidence {
	return func() *backup.Evidence {
		return &backup.Evidence{
			Object:    backup.Object{System: "tidb-operator", Role: backup.RoleBackup, Ref: ref("pingcap.com", "backups", "Backup", "new")},
			Preflight: &backup.Preflight{Needs: []backup.Need{{Ref: ref("", resource, kind, "other"), Why: "it is needed", Lookup: l, Error: "timeout"}}},
		}
	}
}

func preflightNeedCases() []codeCase {
	there := func(ev *backup.Evidence) { ev.Preflight.Needs[0].Lookup = backup.Found }
	keys := func(missing ...string) func(*backup.Evidence) {
		return func(ev *backup.Evidence) { ev.Preflight.Needs[0].MissingKeys = missing }
	}
	return []codeCase{
		{code: "BK-B111", status: isProblem, base: withNeed("tidbclusters", "TidbCluster", backup.Absent), clear: there},
		{code: "BK-B111", status: isProblem, base: withNeed("serviceaccounts", "ServiceAccount", backup.Absent), clear: there},
		{code: "BK-B111", status: isUnknown, base: withNeed("tidbclusters", "TidbCluster", backup.Failed), clear: there},
		{code: "BK-B111", status: isUnknown, base: withNeed("secrets", "Secret", backup.Denied), clear: there},
		{code: "BK-B111", status: isProblem, base: withNeed("secrets", "Secret", backup.Found), raise: keys("access_key"), clear: keys()},
		{code: "BK-B111", status: isOK, base: withNeed("tidbclusters", "TidbCluster", backup.Found), clear: func(ev *backup.Evidence) { ev.Preflight.Needs = nil }},
	}
}

func preflightCases() []codeCase {
	absent := onPlace(func(s *backup.StoragePreflight) { s.Lookup, s.Seen = backup.Absent, nil })
	readOnly := onPlace(func(s *backup.StoragePreflight) { s.Seen.Location.Server.ReadOnly = true })
	whole := onPlace(func(s *backup.StoragePreflight) { s.Seen.Object.Locations[0].Prefix = "" })
	repeats := func(change func(*backup.Evidence)) func(*backup.Evidence) {
		return func(ev *backup.Evidence) { change(ev); ev.Preflight.Storage.Repeats = true }
	}
	below := func(ev *backup.Evidence) {
		neighbourAt(false)(ev)
		ev.Preflight.Storage.Seen.Neighbours[0].Location.Prefix = "p/other"
	}
	skip := func(ev *backup.Evidence) { ev.Preflight = nil }
	return []codeCase{
		{"BK-B101", isProblem, toLocation, absent, nil},
		{"BK-B101", isProblem, toLocation, func(ev *backup.Evidence) { absent(ev); ev.Preflight.Storage.Named = false }, skip},
		{"BK-B101", isUnknown, toLocation, onPlace(func(s *backup.StoragePreflight) { s.Lookup, s.Seen, s.Error = backup.Failed, nil, "timeout" }), absent},
		{"BK-B102", isProblem, toLocation, readOnly, nil},
		{"BK-B103", isProblem, toLocation, silent("the endpoint names Service s3/minio, which does not exist"), silent("you lack the right to create pods/portforward")},
		{"BK-B103", isProblem, toPlace, silent("dial: connection refused"), nil},
		{"BK-B104", isProblem, toPlace, neighbourAt(true), nil},
		{"BK-B104", isProblem, toPlace, neighbourAt(false), nil},
		{"BK-B104", isProblem, toPlace, repeats(neighbourAt(true)), repeats(below)},
		{"BK-B104", isUnknown, toPlace, onPlace(func(s *backup.StoragePreflight) { s.Seen.NeighboursLookup = backup.Denied }), nil},
		{"BK-B105", isProblem, toPlace, classed(backup.VerdictComplete), func(ev *backup.Evidence) {
			classed(backup.VerdictHidden)(ev)
			ev.Preflight.Storage.Seen.Location.Root.Verdict.Current.Objects = 0
		}},
		{"BK-B105", isProblem, toPlace, classed(backup.VerdictData), func(ev *backup.Evidence) {
			classed(backup.VerdictData)(ev)
			ev.Preflight.Storage.Seen.Object.Locations[0].Layout = backup.LayoutShared
		}},
		{"BK-B105", isProblem, toPlace, classed(backup.VerdictResidue), repeats(classed(backup.VerdictResidue))},
		{"BK-B106", isProblem, toPlace, whole, repeats(whole)},
		{"BK-B201", isProblem, withVolumes(foreseen("db", backup.VolumeNotCopied, false)), nil, func(ev *backup.Evidence) { ev.Preflight.Volumes.Volumes[0].Meant = true }},
		{"BK-B201", isOK, withVolumes(), nil, skip},
		{"BK-B201", isOK, withVolumes(foreseen("db", backup.VolumeCopied, false)), nil, skip},
		{"BK-B201", isUnknown, withVolumes(), func(ev *backup.Evidence) { ev.Preflight.Volumes.Lookup = backup.Denied }, nil},
		{"BK-B202", isUnknown, withVolumes(foreseen("db", backup.VolumeUnknown, false)), nil, func(ev *backup.Evidence) { ev.Preflight.Volumes.Volumes = nil }},
	}
}

// rowsOf are the rows of one check, as "state: because".
func rowsOf(ev *backup.Evidence, check backup.PreflightCheck) []string {
	var out []string
	for _, row := range Preflight(*ev, nil) {
		if row.Condition == string(check) {
			out = append(out, string(row.State)+": "+row.Because)
		}
	}
	return out
}

func TestPreflightOfStorage(t *testing.T) {
	t.Parallel()
	denied := func(ev *backup.Evidence) {
		silent("")(ev)
		ev.Preflight.Storage.Seen.Location.Root.Verdict.Reason = backup.ReasonDenied
	}
	for _, c := range []struct {
		name   string
		base   func() *backup.Evidence
		change func(*backup.Evidence)
		want   []string // the beginnings of the rows
	}{
		{"reached", toLocation, nil, []string{"pass: location default, s3://velero/: listed from this machine: backups/ kopia/; the server says Available"}},
		{"a place of its own", toPlace, nil, []string{"pass: s3://b/p/: listed from this machine: it is empty"}},
		{"the server says no", toLocation, onPlace(func(s *backup.StoragePreflight) {
			s.Seen.Object.Phase, s.Seen.Object.NativePhase = backup.PhaseUnavailable, "Unavailable"
		}), []string{"refuse: location default: the server says Unavailable (BK-L820)"}},
		{"not reached from here alone", toLocation, onPlace(func(s *backup.StoragePreflight) { refusedFor(backup.ReasonUnreachable)(s.Seen) }), []string{"warning: location default: this machine does not reach it (unreachable) (BK-L810)"}},
		{"refused from here alone", toLocation, onPlace(func(s *backup.StoragePreflight) { refusedFor(backup.ReasonTLS)(s.Seen) }), []string{"warning: location default: the certificate of"}},
		{"not contacted", toLocation, onPlace(func(s *backup.StoragePreflight) { refusedFor(backup.ReasonNotLooked)(s.Seen) }), []string{"shown: location default: storage was not contacted from this machine", "pass: location default, s3://velero/: the server says Available"}},
		{"the Secret that it names is gone", toLocation, onPlace(func(s *backup.StoragePreflight) {
			s.Seen.Location.Secret.Lookup, s.Seen.Location.Secret.Named = backup.Absent, true
		}), []string{"refuse: location default: Secret velero/cloud-credentials does not exist"}},
		{"the server's own Secret is gone", toLocation, onPlace(func(s *backup.StoragePreflight) { s.Seen.Location.Secret.Lookup = backup.Absent }), []string{"warning: location default: Secret velero/cloud-credentials does not exist"}},
		{"a key that may only write", toPlace, denied, []string{"warning: the storage refuses the credentials of Secret x/s3"}},
		{"seen at another endpoint", toPlace, func(ev *backup.Evidence) {
			classed(backup.VerdictBucketMissing)(ev)
			ev.Preflight.Storage.Seen.Location.Root.Verdict.Current.Objects = 0
			ev.Preflight.Storage.Seen.Location.Root.Listed = backup.No
			ev.Preflight.Storage.Seen.Location.Root.Verdict.Location.Overridden = []string{"endpoint"}
		}, []string{`warning: bucket "b" does not exist`}},
		{"two defaults, one named", toLocation, onPlace(func(s *backup.StoragePreflight) {
			s.Seen.Location.Defaults = append(s.Seen.Location.Defaults, ref("velero.io", "backupstoragelocations", "BackupStorageLocation", "b"))
		}), []string{"pass: "}},
		{"two defaults, none named", toLocation, onPlace(func(s *backup.StoragePreflight) {
			s.Named = false
			s.Seen.Location.Defaults = append(s.Seen.Location.Defaults, ref("velero.io", "backupstoragelocations", "BackupStorageLocation", "b"))
		}), []string{"warning: location default: 2 locations call themselves the default"}},
		{"a new location beside another", toPlace, func(ev *backup.Evidence) {
			neighbourAt(true)(ev)
			ev.Object.Role, ev.Preflight.Storage.Seen.Object.Role = backup.RoleLocation, backup.RoleLocation
		}, []string{"warning: s3://b/p/ is the place of Backup", "pass: s3://b/p/: listed"}},
		{"nothing was looked at", toPlace, func(ev *backup.Evidence) { ev.Preflight = &backup.Preflight{} }, nil},
	} {
		ev := c.base()
		if c.change != nil {
			c.change(ev)
		}
		got := rowsOf(ev, backup.PreflightStorage)
		if len(got) != len(c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
			continue
		}
		for i := range got {
			if !strings.HasPrefix(got[i], c.want[i]) {
				t.Errorf("%s: %q, want %q", c.name, got[i], c.want[i])
			}
		}
	}
}

func TestPreflightIsSkipped(t *testing.T) {
	t.Parallel()
	rows := Preflight(*toLocation(), []backup.PreflightCheck{backup.PreflightStorage})
	if len(rows) != 1 || rows[0].State != backup.GateShown || rows[0].Because != "skipped, as asked" {
		t.Errorf("%+v", rows)
	}
}

// A few volumes are told of with what helps, and the rest by their number.
func TestPreflightOfManyVolumes(t *testing.T) {
	t.Parallel()
	var volumes []backup.ForeseenVolume
	for _, name := range strings.Split("a b c d e f g h", " ") {
		v := foreseen(name, backup.VolumeNotCopied, false)
		v.OptIn, v.ByDefault = "x,"+name, true
		volumes = append(volumes, v)
	}
	volumes = append(volumes, foreseen("z", backup.VolumeCopied, false), foreseen("y", backup.VolumeNotCopied, true))
	findings := judgeForeseen(withVolumes()(), &backup.VolumesPreflight{Lookup: backup.Found, Volumes: volumes})
	if len(findings) != 7 || findings[6].Title != "2 more volumes would not be copied: shop/g and shop/h" {
		t.Errorf("%d findings, the last: %s", len(findings), findings[len(findings)-1].Title)
	}
	want := "kubectl annotate pod web-0 -n shop --overwrite backup.velero.io/backup-volumes=x,a"
	if fixes := findings[0].Fixes; len(fixes) != 2 || fixes[0].Commands[0] != want || !strings.Contains(fixes[1].Does, copyByDefault) {
		t.Errorf("%+v", findings[0].Fixes)
	}
	if words := copiedWords(2, 1); words != "2 volumes would be copied, and 1 left out on purpose" {
		t.Error(words)
	}
	hostPath := backup.ForeseenVolume{ArchivedVolume: backup.ArchivedVolume{Namespace: "shop", Pod: "web-0", PodVolume: "logs"}}
	if ref := volumeRef(hostPath); ref.Kind != "Pod" || ref.Name != "web-0" {
		t.Errorf("%+v", ref)
	}
}
