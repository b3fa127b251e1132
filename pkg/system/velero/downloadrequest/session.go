// Package downloadrequest has Velero's server sign URLs for the files of a backup
// or restore, for those who cannot read its bucket themselves. It creates
// DownloadRequests in the cluster and deletes them again, and nothing else.
//
// A signed URL lets whoever has it read the file for ten minutes: it is a secret,
// and is in no error, plan or outcome of this package.
package downloadrequest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster/write"
)

const (
	// signTime is how long the server may take for one URL. It runs a plugin for each.
	signTime = 30 * time.Second
	// closeTime is how long all deletions together may take.
	closeTime = 10 * time.Second
	// urlTime is how long a URL is used again; the server signs it for ten minutes
	// (velero@v1.18.3 pkg/persistence/object_store.go, DownloadURLTTL).
	urlTime = 8 * time.Minute
)

// Record takes down what is done, before it is done. A journal's entry is one.
type Record interface {
	Step(outcome backup.Outcome) error
	End(result backup.Result) error
}

// Session asks for the files of one object. It is safe for use by several
// goroutines. Every field is needed, but for Announce.
type Session struct {
	Cluster backup.ClusterInfo
	Target  backup.Ref // the backup or restore
	System  string
	Kinds   []string // what may be asked for
	Suffix  string   // makes the names of the DownloadRequests new

	Writer interface {
		Create(ctx context.Context, ref backup.Ref, object map[string]any, dryRun bool) (map[string]any, error)
		Delete(ctx context.Context, ref backup.Ref, uid, resourceVersion string, dryRun bool) error
	}
	Reader interface {
		Get(ctx context.Context, served backup.Served, namespace, name string) (map[string]any, error)
	}
	// Begin opens the record; where it fails nothing is created.
	Begin func(plan backup.Plan) (Record, error)
	// Announce says, before the first write, what will be written.
	Announce func(plan backup.Plan)
	Now      func() time.Time
	// Sleep waits, or returns the context's error.
	Sleep func(ctx context.Context, d time.Duration) error

	mu       sync.Mutex // of all below
	plan     backup.Plan
	record   Record
	refused  error // why nothing more is asked for
	outcomes []backup.Outcome
	requests map[string]*request
}

var errClosed = errors.New("nothing more is asked of the server")

// request is one DownloadRequest. Its own lock makes a second asker wait.
type request struct {
	mu     sync.Mutex
	step   int
	ref    backup.Ref
	uid    string
	sent   bool // it may be in the cluster
	url    string
	signed time.Time
}

// Sign returns a signed URL of a kind such as BackupLog, asking the server once.
func (s *Session) Sign(ctx context.Context, kind string) (string, error) {
	r, err := s.request(kind)
	if err != nil {
		return "", err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.url != "" && s.Now().Sub(r.signed) < urlTime {
		return r.url, nil
	}
	if r.sent {
		return "", fmt.Errorf("the URL of %s is not valid any more", kind)
	}
	url, err := s.ask(ctx, r, kind)
	if err != nil {
		return "", errors.Join(err, s.note(r.step, "failed", shortened(err)))
	}
	r.url, r.signed = url, s.Now()
	return url, s.note(r.step, "done", "")
}

// request begins the session with the first one.
func (s *Session) request(kind string) (*request, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refused != nil {
		return nil, s.refused
	}
	if s.record == nil {
		s.plan, s.requests = s.planned()
		record, err := s.Begin(s.plan)
		if err != nil {
			s.refused = err
			return nil, err
		}
		s.record = record
		if s.Announce != nil {
			s.Announce(s.plan)
		}
	}
	r, ok := s.requests[kind]
	if !ok {
		return nil, fmt.Errorf("%s is not among what was to be asked for", kind)
	}
	return r, nil
}

// ask creates the object and waits for its URL.
func (s *Session) ask(ctx context.Context, r *request, kind string) (string, error) {
	if err := s.note(r.step, "started", ""); err != nil {
		return "", err
	}
	r.sent = true
	created, err := s.Writer.Create(ctx, r.ref, s.plan.Steps[r.step].Object, false)
	if err != nil {
		var failed *cluster.Error
		if errors.As(err, &failed) && failed.Rule != "" {
			err = errors.New("denied (missing right: " + failed.Rule + ")")
		}
		return "", s.giveUp(fmt.Errorf("ask for %s: %w", kind, err), cluster.IsInvalid(err))
	}
	r.uid = text(created, "metadata", "uid")
	deadline := s.Now().Add(signTime)
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, 500*time.Millisecond) {
		object, err := s.Reader.Get(ctx, served, r.ref.Namespace, r.ref.Name)
		if err != nil {
			return "", s.giveUp(fmt.Errorf("wait for the URL of %s: %w", kind, err), false)
		}
		if url := text(object, "status", "downloadURL"); url != "" {
			return url, nil
		}
		if !s.Now().Before(deadline) {
			return "", s.giveUp(fmt.Errorf("Velero's server gave no URL of %s within %s; it says why in its log alone, such as that the location is not available", kind, signTime), false) //nolint:staticcheck // a name begins it
		}
		if err := s.Sleep(ctx, pause); err != nil {
			return "", err
		}
	}
}

// giveUp keeps from asking again and again a server that does not answer; a kind
// that it does not know tells nothing about the others.
func (s *Session) giveUp(err error, thisOnly bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !thisOnly && s.refused == nil {
		s.refused = err
	}
	return err
}

// note takes down how a step went.
func (s *Session) note(step int, state, what string) error {
	outcome := backup.Outcome{Step: step, At: s.Now().UTC(), State: state, Text: what}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.record == nil {
		return errClosed
	}
	s.outcomes = append(s.outcomes, outcome)
	return s.record.Step(outcome)
}

// Close deletes what was created, also when the command was interrupted. The
// error tells what is left: Velero deletes it ten minutes after it was signed.
func (s *Session) Close() error {
	s.mu.Lock()
	record, requests := s.record, s.requests
	s.refused, s.record = errClosed, nil
	s.mu.Unlock()
	if record == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	result := backup.Result{APIVersion: backup.APIVersion, Kind: "Result", Plan: s.plan, Ended: "gone"}
	var why error
	for _, kind := range s.Kinds {
		r := requests[kind]
		r.mu.Lock()
		if err := s.remove(ctx, r); err != nil {
			why = err
			result.Left = append(result.Left, r.ref.String())
			result.Ended = "failed"
		}
		r.mu.Unlock()
	}
	result.Outcomes = s.outcomes
	err := record.End(result)
	if why != nil {
		err = errors.Join(fmt.Errorf("%d of the DownloadRequests are left, which Velero deletes by itself: %w", len(result.Left), why), err)
	}
	return err
}

// remove deletes one DownloadRequest. One whose creation failed may be there all the same.
func (s *Session) remove(ctx context.Context, r *request) error {
	if !r.sent {
		return nil
	}
	if r.uid == "" {
		object, err := s.Reader.Get(ctx, served, r.ref.Namespace, r.ref.Name)
		switch {
		case cluster.IsAbsent(err):
			return nil
		case err != nil:
			return err
		}
		r.uid = text(object, "metadata", "uid")
	}
	err := s.Writer.Delete(ctx, r.ref, r.uid, "", false)
	if errors.Is(err, write.ErrGone) || errors.Is(err, write.ErrChanged) {
		return nil // Velero was faster
	}
	return err
}
