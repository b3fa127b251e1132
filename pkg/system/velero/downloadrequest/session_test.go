package downloadrequest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

const canary = "https://s3.example.com/b?X-Amz-Signature=5ec2e7"

// fake is a cluster, Velero's server in it, and the journal.
type fake struct {
	mu       sync.Mutex
	objects  map[string]map[string]any
	polls    int
	after    int // polls until the server has signed; negative is never
	now      time.Time
	plans    []backup.Plan
	outcomes []backup.Outcome
	result   *backup.Result

	noJournal, noCreate, noDelete, noGet error
}

func (f *fake) Create(_ context.Context, ref backup.Ref, object map[string]any, _ bool) (map[string]any, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.noCreate != nil {
		return nil, f.noCreate
	}
	if f.outcomes[len(f.outcomes)-1].State != "started" {
		return nil, errors.New("it was not written down first")
	}
	f.objects[ref.Name] = object
	return map[string]any{"metadata": map[string]any{"uid": "u-" + ref.Name}}, nil
}

func (f *fake) Delete(_ context.Context, ref backup.Ref, uid, _ string, _ bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.noDelete != nil || uid != "u-"+ref.Name {
		return errors.Join(f.noDelete, fmt.Errorf("uid %q", uid))
	}
	delete(f.objects, ref.Name)
	return nil
}

func (f *fake) Get(_ context.Context, _ backup.Served, _, name string) (map[string]any, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.polls++
	switch {
	case f.noGet != nil:
		return nil, f.noGet
	case f.objects[name] == nil:
		return nil, apierrors.NewNotFound(schema.GroupResource{}, name)
	case f.after < 0 || f.polls <= f.after:
		return map[string]any{"metadata": map[string]any{"uid": "u-" + name}}, nil
	}
	return map[string]any{"metadata": map[string]any{"uid": "u-" + name}, "status": map[string]any{"downloadURL": canary}}, nil
}

func (f *fake) Step(outcome backup.Outcome) error {
	f.outcomes = append(f.outcomes, outcome)
	return nil
}

func (f *fake) End(result backup.Result) error { f.result = &result; return nil }

func (f *fake) sleep(ctx context.Context, d time.Duration) error {
	f.now = f.now.Add(d)
	return ctx.Err()
}

func session(f *fake) *Session {
	f.objects = map[string]map[string]any{}
	return &Session{
		Target: backup.Ref{Group: "velero.io", Resource: "backups", Kind: "Backup", Namespace: "velero", Name: "demo"},
		Kinds:  []string{"BackupContents", "BackupLog"}, Suffix: "0a1b",
		Writer: f, Reader: f, Now: func() time.Time { return f.now }, Sleep: f.sleep,
		Begin: func(plan backup.Plan) (Record, error) {
			f.plans = append(f.plans, plan)
			return f, f.noJournal
		},
	}
}

func TestAURLIsSigned(t *testing.T) {
	t.Parallel()
	f := &fake{after: 2}
	s := session(f)
	announced := 0
	s.Announce = func(backup.Plan) { announced++ }
	for range 2 { // the second time it is only remembered
		if url, err := s.Sign(t.Context(), "BackupLog"); url != canary || err != nil {
			t.Fatalf("%q, %v", url, err)
		}
	}
	object := f.objects["demo-backuplog-0a1b"]
	if text(object, "spec", "target", "kind") != "BackupLog" || text(object, "spec", "target", "name") != "demo" || len(f.objects) != 1 || announced != 1 || len(f.plans) != 1 {
		t.Errorf("%v, announced %d times, %d plans", f.objects, announced, len(f.plans))
	}
	if _, err := s.Sign(t.Context(), "RestoreLog"); err == nil {
		t.Error("a kind that was not planned")
	}
	if err := s.Close(); err != nil || len(f.objects) != 0 || f.result == nil || f.result.Ended != "gone" {
		t.Errorf("%v, left %v, %+v", err, f.objects, f.result)
	}
	if said := fmt.Sprint(f.plans, f.outcomes, f.result); strings.Contains(said, "5ec2e7") {
		t.Error("the record holds the URL")
	}
	if _, err := s.Sign(t.Context(), "BackupLog"); err == nil || s.Close() != nil {
		t.Error("it signs after its end")
	}
}

// Without a record nothing is written; nothing that was asked for needs none.
func TestWithoutARecordNothingIsCreated(t *testing.T) {
	t.Parallel()
	f := &fake{noJournal: errors.New("read-only file system")}
	s := session(f)
	for range 2 {
		if _, err := s.Sign(t.Context(), "BackupLog"); !errors.Is(err, f.noJournal) || len(f.objects) != 0 {
			t.Errorf("%v, %v", err, f.objects)
		}
	}
	if s.Close() != nil || len(f.plans) != 1 || f.result != nil {
		t.Error("it ended what never began")
	}
}

// A server that does not answer is waited for once, and what was asked is deleted.
func TestAServerThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	f := &fake{after: -1}
	s := session(f)
	_, err := s.Sign(t.Context(), "BackupLog")
	if err == nil || !strings.Contains(err.Error(), "within 30s") {
		t.Fatalf("error %v", err)
	}
	polls := f.polls
	if _, again := s.Sign(t.Context(), "BackupContents"); again == nil || again.Error() != err.Error() || f.polls != polls {
		t.Errorf("the second time: %v after %d more looks", again, f.polls-polls)
	}
	if err := s.Close(); err != nil || len(f.objects) != 0 {
		t.Errorf("%v, left %v", err, f.objects)
	}
}

func TestWhatTheClusterRefuses(t *testing.T) {
	t.Parallel()
	invalid := apierrors.NewInvalid(schema.GroupKind{Kind: "DownloadRequest"}, "demo", nil)
	for name, c := range map[string]struct {
		f    *fake
		says string
		on   bool // another kind is asked for all the same
	}{
		"a kind of later versions": {&fake{noCreate: invalid}, "ask for BackupLog", true},
		"denied":                   {&fake{noCreate: &cluster.Error{What: "create", Rule: "create downloadrequests", Err: errors.New("forbidden")}}, "missing right: create downloadrequests", false},
		"no answer":                {&fake{noCreate: errors.New("connection refused")}, "connection refused", false},
		"may not look":             {&fake{noGet: errors.New("forbidden")}, "wait for the URL of BackupLog", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := session(c.f)
			if _, err := s.Sign(t.Context(), "BackupLog"); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v", err)
			}
			_, err := s.Sign(t.Context(), "BackupContents")
			if on := strings.Contains(err.Error(), "BackupContents"); on != c.on {
				t.Errorf("asked for more: %v", err)
			}
		})
	}
}

func TestWhatCannotBeDeletedIsSaid(t *testing.T) {
	t.Parallel()
	f := &fake{noDelete: errors.New("forbidden")}
	s := session(f)
	if _, err := s.Sign(t.Context(), "BackupLog"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err == nil || !strings.Contains(err.Error(), "1 of the DownloadRequests are left") || f.result.Ended != "failed" || len(f.result.Left) != 1 {
		t.Errorf("%v, %+v", err, f.result)
	}
}

// An interrupt ends the waiting, and leaves nothing behind.
func TestAnInterruptDeletesWhatWasCreated(t *testing.T) {
	t.Parallel()
	f := &fake{after: -1}
	s := session(f)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Sign(ctx, "BackupLog"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if err := s.Close(); err != nil || len(f.objects) != 0 {
		t.Errorf("%v, left %v", err, f.objects)
	}
}

func TestLongNames(t *testing.T) {
	t.Parallel()
	s := session(&fake{})
	s.Target.Name = strings.Repeat("a", 159) + "." + strings.Repeat("b", 90)
	plan, _ := s.planned()
	for _, step := range plan.Steps {
		if len(step.Target.Name) > 253 || strings.Contains(step.Target.Name, ".-") {
			t.Errorf("name %q", step.Target.Name)
		}
	}
}
