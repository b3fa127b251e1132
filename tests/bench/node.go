//go:build e2e

package main

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// node plays the kubelet of a node as far as logs go: it has the log of the
// present instance of each pod's container and of the one before, begins where it
// is asked to, and ends a followed log with its instance. kwok, which plays the
// other nodes, never ends one (sigs.k8s.io/kwok@v0.8.0 pkg/kwok/server/debugging_logs.go).
type node struct {
	mu   sync.Mutex
	pods map[string]*speaker
}

// speaker is the container of one pod.
type speaker struct {
	present, previous *instance
}

// instance is one run of a container.
type instance struct {
	mu    sync.Mutex
	lines []logLine
	ended bool
	grew  chan struct{} // closed with each change
}

type logLine struct {
	at   time.Time
	text string
}

func newInstance() *instance { return &instance{grew: make(chan struct{})} }

func (i *instance) change(do func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	do()
	close(i.grew)
	i.grew = make(chan struct{})
}

func (i *instance) say(text string) {
	i.change(func() { i.lines = append(i.lines, logLine{time.Now(), text}) })
}

func (i *instance) end() { i.change(func() { i.ended = true }) }

// from are the lines from a number on, whether more can come, and what tells of them.
func (i *instance) from(number int) (lines []logLine, ended bool, grew <-chan struct{}) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.lines[number:], i.ended, i.grew
}

// start begins an instance; of those before only the last is kept.
func (n *node) start(pod string) *instance {
	n.mu.Lock()
	defer n.mu.Unlock()
	fresh := newInstance()
	if n.pods[pod] == nil {
		n.pods[pod] = &speaker{}
	}
	n.pods[pod].previous, n.pods[pod].present = n.pods[pod].present, fresh
	return fresh
}

func (n *node) instance(pod string, previous bool) *instance {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch s := n.pods[pod]; {
	case s == nil:
		return nil
	case previous:
		return s.previous
	default:
		return s.present
	}
}

// ServeHTTP answers GET /containerLogs/NAMESPACE/POD/CONTAINER as a kubelet does.
func (n *node) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if len(path) != 4 || path[0] != "containerLogs" {
		http.NotFound(w, r)
		return
	}
	query := r.URL.Query()
	log := n.instance(path[2], query.Get("previous") == "true")
	if log == nil {
		http.Error(w, "the container has no such instance", http.StatusBadRequest)
		return
	}
	skip, since := 0, sinceOf(query.Get("sinceTime"), query.Get("sinceSeconds"))
	if tail, err := strconv.Atoi(query.Get("tailLines")); err == nil && tail >= 0 {
		lines, _, _ := log.from(0)
		skip = max(len(lines)-tail, 0)
	}
	for {
		lines, ended, grew := log.from(skip)
		if err := send(w, lines, since, query.Get("timestamps") == "true"); err != nil {
			return // the reader has gone
		}
		skip += len(lines)
		if query.Get("follow") != "true" || ended {
			return
		}
		select {
		case <-grew:
		case <-r.Context().Done():
			return
		}
	}
}

func send(w http.ResponseWriter, lines []logLine, since time.Time, times bool) error {
	for _, line := range lines {
		if line.at.Before(since) {
			continue
		}
		stamp := ""
		if times {
			stamp = line.at.UTC().Format("2006-01-02T15:04:05.000000000Z07:00") + " "
		}
		if _, err := io.WriteString(w, stamp+line.text+"\n"); err != nil {
			return fmt.Errorf("sending a line: %w", err)
		}
	}
	return http.NewResponseController(w).Flush()
}

// sinceOf is the later one of the two bounds; zero is none.
func sinceOf(at, seconds string) time.Time {
	since, _ := time.Parse(time.RFC3339, at) // what is no time is no bound
	if n, err := strconv.Atoi(seconds); err == nil {
		ago := time.Now().Add(-time.Duration(n) * time.Second)
		if cmp.Compare(ago.UnixNano(), since.UnixNano()) > 0 {
			return ago
		}
	}
	return since
}
