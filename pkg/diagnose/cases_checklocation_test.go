package diagnose

import (
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// reached is the evidence of a location that this machine and the server reach.
func reached() *backup.Evidence {
	bsl := ref("velero.io", "backupstoragelocations", "BackupStorageLocation", "default")
	place := backup.Location{Provider: backup.ProviderS3, Bucket: "velero", Endpoint: "http://minio.s3.svc:9000", Region: "us-east-1"}
	return &backup.Evidence{
		At:     clock("09:00:00"),
		Object: backup.Object{System: "velero", Role: backup.RoleLocation, Ref: bsl, Phase: backup.PhaseAvailable, NativePhase: "Available", Created: clock("08:00:00"), Locations: []backup.Location{place}},
		Location: &backup.LocationLook{
			Root: backup.RootLook{
				Listed: backup.Yes, Complete: true, Folders: []string{"backups/", "kopia/"},
				Verdict: backup.StorageVerdict{Class: backup.VerdictData, Location: place, Vantage: "direct", Identity: "Secret velero/cloud-credentials", At: clock("09:00:00")},
			},
			Secret: backup.SecretLook{
				Ref:    backup.CredentialsRef{Namespace: "velero", Secret: "cloud-credentials", Format: "velero-aws", Keys: map[string]string{"file": "cloud"}},
				Lookup: backup.Found, Keys: []string{"cloud"},
			},
			Server: backup.ServerLook{
				Validated: at("08:59:30"), Lookup: backup.Found, Default: true,
				Deployments: []backup.Deployment{{Ref: ref("apps", "deployments", "Deployment", "velero"), Replicas: 1, Ready: 1}},
			},
			Defaults: []backup.Ref{bsl}, DefaultsLookup: backup.Found,
		},
	}
}

func onLook(change func(*backup.LocationLook)) func(*backup.Evidence) {
	return func(ev *backup.Evidence) { change(ev.Location) }
}

// refusedFor is a location that could not be listed from here.
func refusedFor(reason backup.UnknownReason, also ...func(*backup.StorageVerdict)) func(*backup.Evidence) {
	return onLook(func(l *backup.LocationLook) {
		l.Root.Listed, l.Root.Folders = backup.No, nil
		l.Root.Verdict.Class, l.Root.Verdict.Reason, l.Root.Verdict.Detail = backup.VerdictUnknown, reason, "no"
		for _, change := range also {
			change(&l.Root.Verdict)
		}
	})
}

func checkLocationCases() []codeCase {
	nobody := func(v *backup.StorageVerdict) { v.Identity = "" }
	rightRegion := func(v *backup.StorageVerdict) { v.RightRegion = "eu-west-1" }
	missing := func(v *backup.StorageVerdict) { v.Class = backup.VerdictBucketMissing }
	unreachable := refusedFor(backup.ReasonUnreachable)
	return append([]codeCase{
		{"BK-L810", isOK, reached, nil, unreachable},
		{"BK-L810", isOK, reached, onLook(func(l *backup.LocationLook) {
			l.Root.Folders, l.Root.Objects = []string{"a/", "b/", "c/", "d/", "e/", "f/", "g/", "h/", "i/"}, []string{"x"}
		}), unreachable},
		{"BK-L810", isOK, reached, onLook(func(l *backup.LocationLook) { l.Root.Folders = nil }), unreachable},
		{"BK-L810", isUnknown, reached, unreachable, refusedFor(backup.ReasonTLS)},
		{"BK-L810", isUnknown, reached, refusedFor(backup.ReasonCredentials, nobody), refusedFor(backup.ReasonDenied)},
		{"BK-L810", isSkipped, reached, refusedFor(backup.ReasonNotLooked), nil},
		{"BK-L811", isProblem, reached, refusedFor(backup.ReasonTLS), unreachable},
		{"BK-L812", isProblem, reached, refusedFor(backup.ReasonWrongRegion, rightRegion), unreachable},
		{"BK-L812", isProblem, reached, refusedFor(backup.ReasonWrongRegion), refusedFor(backup.ReasonDenied)},
		{"BK-L813", isProblem, reached, refusedFor(backup.ReasonDenied), refusedFor(backup.ReasonWrongRegion)},
		{"BK-L813", isProblem, reached, refusedFor(backup.ReasonCredentials), refusedFor(backup.ReasonCredentials, nobody)},
		{"BK-L814", isProblem, reached, refusedFor("", missing), unreachable},
	}, append(checkSecretCases(), append(checkRootCases(), checkServerCases()...)...)...)
}

func checkSecretCases() []codeCase {
	secret := func(change func(*backup.SecretLook)) func(*backup.Evidence) {
		return onLook(func(l *backup.LocationLook) { change(&l.Secret) })
	}
	lookup := func(found backup.Lookup) func(*backup.Evidence) {
		return secret(func(s *backup.SecretLook) { s.Lookup = found })
	}
	flawed := secret(func(s *backup.SecretLook) { s.Flaws = []string{"key cloud: line 2", "key cloud: line 3"} })
	ebackup := func(labelled, typed backup.Answer) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			ev.Object.System, ev.Location.Secret.Labelled, ev.Location.Secret.Typed = eBackup, labelled, typed
		}
	}
	return []codeCase{
		{"BK-L815", isOK, reached, nil, lookup(backup.Absent)},
		{"BK-L815", isProblem, reached, lookup(backup.Absent), lookup(backup.Denied)},
		{"BK-L815", isProblem, reached, secret(func(s *backup.SecretLook) { s.Unusable = "key cloud is missing" }), nil},
		{"BK-L815", isUnknown, reached, lookup(backup.Denied), nil},
		{"BK-L815", isSkipped, reached, lookup(backup.NotAsked), nil},
		{"BK-L815", isSkipped, reached, secret(func(s *backup.SecretLook) { s.Ref = backup.CredentialsRef{Unusable: "the identity of a pod"} }), nil},
		{"BK-L816", isProblem, reached, flawed, nil},
		{"BK-L816", isProblem, reached, func(ev *backup.Evidence) { flawed(ev); refusedFor(backup.ReasonDenied)(ev) }, nil},
		{"BK-L819", isProblem, reached, ebackup(backup.No, backup.No), ebackup(backup.Yes, backup.Yes)},
		{"BK-L819", isUnknown, reached, ebackup(backup.Yes, backup.Unknown), ebackup(backup.Yes, backup.No)},
		{"BK-L819", isOK, reached, ebackup(backup.Yes, backup.Yes), nil},
	}
}

func checkRootCases() []codeCase {
	folders := func(complete bool, names ...string) func(*backup.Evidence) {
		return onLook(func(l *backup.LocationLook) { l.Root.Folders, l.Root.Complete = names, complete })
	}
	return []codeCase{
		{"BK-L817", isOK, reached, nil, folders(true, "backups/", "pictures/")},
		{"BK-L817", isProblem, reached, folders(true, "a/", "b/", "c/", "d/", "e/", "f/"), folders(true, "backups/", "restores/", "restic/", "kopia/", "metadata/", "plugins/")},
		{"BK-L817", isUnknown, reached, folders(false, "backups/"), folders(false, "backups/", "pictures/")},
		{"BK-L818", isProblem, reached, onLook(func(l *backup.LocationLook) { l.Root.Verdict.Location.Insecure = true }), nil},
	}
}

func checkServerCases() []codeCase {
	server := func(change func(*backup.ServerLook)) func(*backup.Evidence) {
		return onLook(func(l *backup.LocationLook) { change(&l.Server) })
	}
	phase := func(p backup.Phase, message string) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			ev.Object.Phase, ev.Object.NativePhase, ev.Location.Server.Message = p, string(p), message
		}
	}
	every := func(d time.Duration) *backup.Duration { frequency := backup.Duration(d); return &frequency }
	validated := func(when *time.Time, frequency *backup.Duration) func(*backup.Evidence) {
		return server(func(s *backup.ServerLook) { s.Validated, s.Every = when, frequency })
	}
	replicas := func(n int64) func(*backup.Evidence) {
		return server(func(s *backup.ServerLook) { s.Deployments[0].Replicas, s.Deployments[0].Ready = n, 0 })
	}
	lookup := func(found backup.Lookup) func(*backup.Evidence) {
		return server(func(s *backup.ServerLook) { s.Lookup = found })
	}
	young := func(ev *backup.Evidence) { ev.Object.Created = clock("08:59:00"); validated(nil, nil)(ev) }
	two := onLook(func(l *backup.LocationLook) { l.Defaults = append(l.Defaults, ref("velero.io", "x", "X", "second")) })
	return []codeCase{
		{"BK-L820", isOK, reached, nil, phase(backup.PhaseUnavailable, "")},
		{"BK-L820", isProblem, reached, phase(backup.PhaseUnavailable, "AccessDenied"), phase(backup.PhaseUnknown, "")},
		{"BK-L820", isProblem, reached, phase(backup.PhaseUnavailable, `BackupStorageLocation "default" is unavailable: `+strings.Repeat("long ", 100)), nil},
		{"BK-L820", isUnknown, reached, phase(backup.PhaseUnknown, ""), nil},
		{"BK-L820", isUnknown, reached, func(ev *backup.Evidence) { phase(backup.PhaseUnavailable, "")(ev); validated(nil, nil)(ev) }, phase(backup.PhaseUnavailable, "")},
		{"BK-L821", isOK, reached, nil, validated(at("08:00:00"), nil)},
		{"BK-L821", isProblem, reached, validated(at("08:00:00"), nil), validated(at("08:00:00"), every(time.Hour))},
		{"BK-L821", isProblem, reached, validated(nil, nil), young},
		{"BK-L821", isUnknown, reached, young, nil},
		{"BK-L821", isSkipped, reached, validated(at("08:00:00"), every(0)), nil},
		{"BK-L822", isOK, reached, nil, replicas(1)},
		{"BK-L822", isProblem, reached, replicas(1), nil},
		{"BK-L822", isProblem, reached, replicas(0), nil},
		{"BK-L822", isProblem, reached, lookup(backup.Absent), lookup(backup.Denied)},
		{"BK-L822", isUnknown, reached, lookup(backup.Denied), nil},
		{"BK-L823", isProblem, reached, server(func(s *backup.ServerLook) { s.ReadOnly = true }), nil},
		{"BK-L824", isProblem, reached, two, nil},
		{"BK-L824", isUnknown, reached, onLook(func(l *backup.LocationLook) { l.DefaultsLookup = backup.Denied }), two},
	}
}
