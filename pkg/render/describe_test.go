package render

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// blind is evidence of which little could be collected.
func blind() backup.Evidence {
	e := evidence()
	e.Namespace.Deleted = ptr(ago(time.Hour))
	e.Owners = []backup.Owner{{Selector: e.Owners[0].Selector, Lookup: backup.Denied, Error: "forbidden"}}
	e.Events, e.EventsLookup, e.Neighbours, e.Dependents = nil, backup.Denied, nil, nil
	o := &e.Object
	o.Phase, o.NativePhase, o.Deleted = backup.PhaseUnknown, "Archiving", nil
	o.Started, o.Finished = ptr(ago(3*time.Hour)), ptr(ago(time.Hour))
	o.Retention, o.Written = backup.Retention{}, backup.Written{}
	o.Unreadable = []string{"spec.size"}
	o.Locations[0].Insecure, o.Locations[0].EditedAt, o.Locations[0].EditedBy = true, ptr(ago(time.Hour)), "kubectl-edit"
	o.Finalizers = []backup.Finalizer{
		{Name: "example.com/audit", Owner: backup.OwnerSelector{Manager: "auditor"}},
		{Name: "foregroundDeletion", Builtin: true, Profile: "kubernetes"},
		{Name: protection, Profile: "tidb-operator", Owner: e.Owners[0].Selector},
	}
	secret := backup.Ref{Kind: "Secret", Namespace: "tidb-test", Name: "s3-secret"}
	o.Needs = []backup.Need{
		{Ref: secret, Lookup: backup.Absent}, {Ref: secret, Lookup: backup.Denied, Error: "forbidden"}, {Ref: secret, Lookup: backup.Found},
	}
	o.Works = []backup.Work{
		{Role: backup.WorkRun, Ref: job("backup-backup-test"), Lookup: backup.Denied, Error: "forbidden"},
		{Role: backup.WorkMove, Ref: job("mover")},
		{
			Role: backup.WorkClean, Ref: job("clean-backup-test"), Lookup: backup.Found, Phase: backup.PhaseRunning, Active: 1, Failed: 2,
			Deleting: true, PodsLookup: backup.Failed, Pods: []backup.Pod{
				{Ref: backup.Ref{Name: "clean-1"}, Phase: "Running", Node: "node-2", NodeReady: backup.No, Created: ago(time.Hour), Log: &backup.LogTail{Lookup: backup.Failed, Error: "no route to host"}},
				{Ref: backup.Ref{Name: "clean-2"}, Phase: "Unknown", Node: "node-3", Created: ago(time.Hour)},
				{Ref: backup.Ref{Name: "clean-3"}, Phase: "Succeeded", Created: ago(time.Hour)},
			},
		},
	}
	return e
}

func TestDescribeSaysWhatIsUnknown(t *testing.T) {
	text := output(t, func(w *bytes.Buffer) error { return Describe(w, blind(), pipe, Detailed) })
	golden(t, "describe-blind", text)
	for _, want := range []string{
		"Unknown (Archiving)",
		"the namespace is terminating",
		"unknown whether alive: forbidden",
		"to no profile",
		"it is never stripped",
		"which may open no gate for it",
		"? Secret tidb-test/s3-secret  not known whether it exists: forbidden",
		"\u00d7 Secret tidb-test/s3-secret  does not exist",
		"could not be read: forbidden",
		"? Pod clean-1  Running on node-2, which is not ready",
		"its pods could not be listed",
		"no log: no route to host",
		"Events: could not be read (denied)",
		"? spec.size",
		"the certificate is not verified",
		"unknown what deleting this object does to the data",
		"Took:        120m",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not said", want)
		}
	}
}

func TestDescribeOwnerThatIsNotThere(t *testing.T) {
	e := evidence()
	for want, owner := range map[string]backup.Owner{
		"not installed: no Deployment matches": {Lookup: backup.Absent},
		"not working":                          {Lookup: backup.Found},
	} {
		owner.Selector = e.Object.Finalizers[0].Owner
		e.Owners = []backup.Owner{owner}
		text := output(t, func(w *bytes.Buffer) error { return Describe(w, e, pipe, Brief) })
		if !strings.Contains(text, "tidb-controller-manager, "+want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
}

func TestDescribeWithoutEvents(t *testing.T) {
	e := evidence()
	e.Events = nil
	text := output(t, func(w *bytes.Buffer) error { return Describe(w, e, pipe, Brief) })
	if !strings.Contains(text, "Events: <none>\n") {
		t.Errorf("no word about events in:\n%s", text)
	}
}

func TestDescribeKeepsTheEvidence(t *testing.T) {
	e := evidence()
	output(t, func(w *bytes.Buffer) error { return Describe(w, e, pipe, Brief) })
	if e.Events[0].Reason != "BackoffLimitExceeded" {
		t.Error("describing has sorted the events of the evidence")
	}
}

func TestStorageIsNotMentionedUnlessAsked(t *testing.T) {
	e := evidence()
	e.Storage[0] = backup.StorageVerdict{Class: backup.VerdictUnknown, Reason: backup.ReasonNotLooked}
	for details, want := range map[Detail]bool{Brief: false, Detailed: true} {
		text := output(t, func(w *bytes.Buffer) error { return Describe(w, e, pipe, details) })
		if got := strings.Contains(text, "not-looked"); got != want {
			t.Errorf("details %d: storage is mentioned: %t", details, got)
		}
	}
}
