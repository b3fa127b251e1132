//go:build e2e

package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

const (
	stuckObjects = 200
	// stuckAfter is when a deletion counts as one that hangs.
	stuckAfter = 61 * time.Second
	hold       = "example.com/hold"
)

// stuckPath is the path of one of the objects that hang, spread over the list.
func stuckPath(i, objects int) string {
	return fmt.Sprintf("%s/backup-%05d", backups, i*max(objects/stuckObjects, 1))
}

// makeStuck has some of the objects hang in deletion, and waits until that is said of them.
func makeStuck(ctx context.Context, s *server, objects int) error {
	for i := range min(stuckObjects, objects) {
		if err := s.hold(ctx, stuckPath(i, objects), []string{hold}); err != nil {
			return err
		}
		if code, err := s.call(ctx, http.MethodDelete, stuckPath(i, objects), nil, nil); err != nil || code != http.StatusOK {
			return fmt.Errorf("deleting an object: HTTP %d, %w", code, err)
		}
	}
	select {
	case <-time.After(stuckAfter):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// freeStuck lets them go.
func freeStuck(ctx context.Context, s *server, objects int) error {
	var failed error
	for i := range min(stuckObjects, objects) {
		failed = firstOf(failed, s.hold(ctx, stuckPath(i, objects), nil))
	}
	return failed
}

// hold sets the finalizers of an object; one that is gone has none.
func (s *server) hold(ctx context.Context, path string, finalizers []string) error {
	code, err := s.send(ctx, http.MethodPatch, path, "application/merge-patch+json", map[string]any{"metadata": map[string]any{"finalizers": finalizers}}, nil)
	if err == nil && code != http.StatusOK && code != http.StatusNotFound {
		err = fmt.Errorf("PATCH %s: HTTP %d", path, code)
	}
	return err
}

// scan measures the look at a whole cluster in which some deletions hang.
func (r report) scan(ctx context.Context, l lab, self string, o options) (err error) {
	s, err := l.connect(ctx)
	if err != nil {
		return err
	}
	defer func() { err = firstOf(err, freeStuck(context.WithoutCancel(ctx), s, o.objects)) }()
	if err := makeStuck(ctx, s, o.objects); err != nil {
		return err
	}
	costs, err := compare(ctx, o.rounds,
		command{args: []string{self, "bare-get"}},
		command{args: []string{o.plugin, "--kubeconfig", l.kubeconfig, "diagnose", "-A"}, codes: []int{2}},
	)
	if err != nil {
		return err
	}
	r.title(fmt.Sprintf("whole cluster: %d backups, %d of them stuck (budget: 3 s)", o.objects, stuckObjects))
	r.row("bare GET of the backups", costs[0], costs[0])
	r.row("kubectl backup diagnose -A", costs[1], costs[0])
	return nil
}
