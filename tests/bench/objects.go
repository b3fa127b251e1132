//go:build e2e

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
)

const (
	namespace = "bench"
	backups   = "/apis/pingcap.com/v1alpha1/namespaces/" + namespace + "/backups"
)

// child runs one of the commands that bench calls itself for, so that their
// memory is not counted into what is measured.
func child(name string, args []string) error {
	ctx := context.Background()
	l, err := labFromEnvironment()
	if err != nil {
		return err
	}
	s, err := l.connect(ctx)
	if err != nil {
		return err
	}
	switch name {
	case "bare-get":
		return bareGet(ctx, s)
	case "speak":
		return speak(ctx, s)
	}
	n, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	return prepare(ctx, s, n)
}

// bareGet reads the list as any client must, unpacks it and drops it.
func bareGet(ctx context.Context, s *server) error {
	code, err := s.call(ctx, http.MethodGet, backups, nil, func(r io.Reader) error {
		_, err := io.Copy(io.Discard, r)
		return err
	})
	if err == nil && code != http.StatusOK {
		err = fmt.Errorf("listing the objects: HTTP %d", code)
	}
	return err
}

// prepare makes the namespace and what is missing in it.
func prepare(ctx context.Context, s *server, n int) error {
	place := map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": namespace}}
	if err := s.create(ctx, "/api/v1/namespaces", place); err != nil {
		return err
	}
	present, err := s.count(ctx)
	if err != nil || present >= n {
		return err
	}
	names := make(chan int)
	failures := make(chan error, 8)
	var workers sync.WaitGroup
	for range cap(failures) {
		workers.Go(func() {
			for i := range names {
				if err := s.create(ctx, backups, completedBackup(i)); err != nil {
					failures <- err
					return
				}
			}
		})
	}
	err = feed(names, failures, n)
	workers.Wait()
	close(failures)
	for failure := range failures {
		err = firstOf(err, failure)
	}
	return err
}

// feed hands out the numbers until all are taken or a worker fails.
func feed(names chan<- int, failures <-chan error, n int) error {
	defer close(names)
	for i := range n {
		select {
		case names <- i:
		case err := <-failures:
			return err
		}
	}
	return nil
}

func (s *server) create(ctx context.Context, path string, object any) error {
	code, err := s.call(ctx, http.MethodPost, path, object, nil)
	if err == nil && code != http.StatusCreated && code != http.StatusConflict {
		err = fmt.Errorf("POST %s: HTTP %d", path, code)
	}
	return err
}

// count asks for one object and for how many are left.
func (s *server) count(ctx context.Context) (int, error) {
	var page struct {
		Metadata struct {
			Remaining int `json:"remainingItemCount"`
		} `json:"metadata"`
		Items []json.RawMessage `json:"items"`
	}
	code, err := s.call(ctx, http.MethodGet, backups+"?limit=1", nil, func(r io.Reader) error {
		return json.NewDecoder(r).Decode(&page)
	})
	if err == nil && code != http.StatusOK {
		err = fmt.Errorf("counting the objects: HTTP %d (is the lab up, with TiDB?)", code)
	}
	return page.Metadata.Remaining + len(page.Items), err
}

// cleanUp deletes the objects and leaves the namespace, which a next run would
// find terminating. The server gives up on a large collection after a minute
// with what it deleted by then, so it is asked until it is done.
func cleanUp(ctx context.Context) error {
	l, err := labFromEnvironment()
	if err != nil {
		return err
	}
	s, err := l.connect(ctx)
	if err != nil {
		return err
	}
	code := http.StatusGatewayTimeout
	for code == http.StatusGatewayTimeout && err == nil {
		code, err = s.call(ctx, http.MethodDelete, backups, nil, nil)
	}
	if err == nil && code != http.StatusOK {
		err = fmt.Errorf("deleting the objects: HTTP %d", code)
	}
	return err
}
