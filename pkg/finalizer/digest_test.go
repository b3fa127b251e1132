package finalizer

import (
	"math"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// digestBase is a plan with something in everything that a digest binds.
func digestBase() (backup.Evidence, Request) {
	ev := withClass(backup.VerdictPartial)
	return ev, via(backup.WayStrip, backup.RiskDataPresent)
}

func TestDigestIgnoresWhatChatters(t *testing.T) {
	ev, req := digestBase()
	want := Judge(ev, req).Digest
	if len(want) != digestLength {
		t.Fatalf("digest %q", want)
	}
	for name, change := range map[string]func(*backup.Evidence, *Request){
		"resourceVersion": func(ev *backup.Evidence, _ *Request) { ev.ResourceVersion = "101" },
		"time":            func(ev *backup.Evidence, _ *Request) { ev.At = ev.At.Add(time.Hour) },
		"counts":          func(ev *backup.Evidence, _ *Request) { ev.Storage[0].Current.Objects = 99 },
		"requests":        func(ev *backup.Evidence, _ *Request) { ev.Storage[0].Requests, ev.Storage[0].Detail = 5, "other words" },
		"managedFields":   func(ev *backup.Evidence, _ *Request) { ev.Object.Locations[0].EditedBy = "somebody" },
		"conditions":      func(ev *backup.Evidence, _ *Request) { ev.Object.Conditions = nil },
		"job status":      func(ev *backup.Evidence, _ *Request) { ev.Object.Works[1].ResourceVersion = "200" },
		"events":          func(ev *backup.Evidence, _ *Request) { ev.Events = []backup.Event{{Reason: "FailedCreate"}} },
		"no dry run yet":  func(_ *backup.Evidence, r *Request) { r.DryRun = nil },
		"unused risk":     func(_ *backup.Evidence, r *Request) { r.Accept = append(r.Accept, backup.RiskBucketMissing) },
		"zone": func(ev *backup.Evidence, _ *Request) {
			deleted := ev.Object.Deleted.In(time.FixedZone("x", 3600))
			ev.Object.Deleted = &deleted
		},
	} {
		ev, req := digestBase()
		change(&ev, &req)
		if got := Judge(ev, req).Digest; got != want {
			t.Errorf("%s changes the digest", name)
		}
	}
}

func TestDigestBinds(t *testing.T) {
	ev, req := digestBase()
	seen := map[string]string{Judge(ev, req).Digest: "the plan itself"}
	place := func(change func(*backup.Location)) func(*backup.Evidence, *Request) {
		return func(ev *backup.Evidence, _ *Request) {
			change(&ev.Object.Locations[0])
			change(&ev.Storage[0].Location)
		}
	}
	for name, change := range map[string]func(*backup.Evidence, *Request){
		"context":           func(ev *backup.Evidence, _ *Request) { ev.Cluster.Context = "prod" },
		"server":            func(ev *backup.Evidence, _ *Request) { ev.Cluster.Server = "https://prod" },
		"CA":                func(ev *backup.Evidence, _ *Request) { ev.Cluster.CAHash = "other" },
		"resource":          func(ev *backup.Evidence, _ *Request) { ev.Object.Ref.Resource = "restores" },
		"namespace":         func(ev *backup.Evidence, _ *Request) { ev.Object.Ref.Namespace = "x" },
		"name":              func(ev *backup.Evidence, _ *Request) { ev.Object.Ref.Name = "x" },
		"uid":               func(ev *backup.Evidence, _ *Request) { ev.Object.Ref.UID = "x" },
		"deletionTimestamp": func(ev *backup.Evidence, _ *Request) { ev.Object.Deleted = ago(time.Minute) },
		"finalizers": func(ev *backup.Evidence, r *Request) {
			ev.Object.Finalizers = append(ev.Object.Finalizers, backup.Finalizer{Name: foreign})
			r.Finalizer = protection
		},
		"index":      func(ev *backup.Evidence, _ *Request) { ev.Object.Finalizers[0].Index = 1 },
		"provider":   place(func(l *backup.Location) { l.Provider = backup.ProviderGCS }),
		"endpoint":   place(func(l *backup.Location) { l.Endpoint = "http://x" }),
		"bucket":     place(func(l *backup.Location) { l.Bucket = "x" }),
		"prefix":     place(func(l *backup.Location) { l.Prefix = "x" }),
		"region":     place(func(l *backup.Location) { l.Region = "x" }),
		"overridden": func(ev *backup.Evidence, _ *Request) { ev.Storage[0].Location.Overridden = []string{"endpoint"} },
		"class":      func(ev *backup.Evidence, _ *Request) { ev.Storage[0].Class = backup.VerdictComplete },
		"unknown, denied": func(ev *backup.Evidence, _ *Request) {
			ev.Storage[0].Class, ev.Storage[0].Reason = backup.VerdictUnknown, backup.ReasonDenied
		},
		"unknown, TLS": func(ev *backup.Evidence, _ *Request) {
			ev.Storage[0].Class, ev.Storage[0].Reason = backup.VerdictUnknown, backup.ReasonTLS
		},
		"accepted risk": func(_ *backup.Evidence, r *Request) { r.Accept = nil },
		"way":           func(_ *backup.Evidence, r *Request) { r.Via = backup.WayRetryClean },
		"other job": func(ev *backup.Evidence, r *Request) {
			r.Via = backup.WayRetryClean
			ev.Object.Works[1].Ref.UID = "again"
		},
		"release": func(ev *backup.Evidence, r *Request) { applyRelease(ev); r.Via = backup.WayRelease },
		"other field": func(ev *backup.Evidence, r *Request) {
			applyRelease(ev)
			r.Via = backup.WayRelease
			ev.Object.Finalizers[0].Ways[2].Set[0].Value = "Retain"
		},
	} {
		ev, req := digestBase()
		change(&ev, &req)
		digest := Judge(ev, req).Digest
		if other, taken := seen[digest]; taken {
			t.Errorf("%s has the digest of %s", name, other)
		}
		seen[digest] = name
	}
}

func TestDigestOfWhatCannotBeWritten(t *testing.T) {
	plan := backup.Plan{Steps: []backup.Step{{Kind: backup.StepPatch, Patch: []backup.PatchOp{{Op: "add", Path: "/spec/a", Value: math.NaN()}}}}}
	if got := Digest(plan); got != "" {
		t.Errorf("digest %q", got)
	}
}
