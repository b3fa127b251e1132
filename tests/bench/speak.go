//go:build e2e

package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"sync"
	"time"
)

// What is played: pods of node-agent on a node of their own, each of which starts
// its container anew again and again. Every other line is about the backup that
// is followed, as on a server that works for many.
const (
	speakers  = 50
	late      = 10 // of them, which come while the others speak
	instances = 4
	perSecond = 25
	backOff   = time.Second

	followed = "followed"
	nodeName = "bench-node"
	pods     = "/api/v1/namespaces/" + namespace + "/pods"
	nodes    = "/api/v1/nodes"
)

// linesOf is how many lines about the backup an instance of a pod writes. The pods
// differ, so that they do not restart all at once.
func linesOf(pod int) int { return 50 + 5*(pod%7) }

func speakerName(pod int) string { return fmt.Sprintf("speaker-%02d", pod) }

// lineAbout is a line as node-agent writes it; id numbers those of a pod.
func lineAbout(backup, pod string, id int) string {
	return fmt.Sprintf("time=%q level=info msg=%q backup=%s/%s pod=%s written=%d line=%d",
		time.Now().UTC().Format(time.RFC3339), "Processing volume of item "+strconv.Itoa(id), namespace, backup, pod, time.Now().UnixNano(), id)
}

// speak runs the node, the pods and the backup until the last line is written. It
// prints a word when there is something to follow, and leaves all until it is killed.
func speak(ctx context.Context, s *server) error {
	n := &node{pods: map[string]*speaker{}}
	kubelet := httptest.NewTLSServer(n)
	defer kubelet.Close()
	if err := s.createNode(ctx, kubelet); err != nil {
		return err
	}
	if err := s.create(ctx, veleroAPI+"/backups", followedBackup()); err != nil {
		return err
	}
	play := &play{server: s, node: n, failed: make(chan error, speakers)}
	for pod := range speakers - late {
		if err := play.begin(ctx, pod); err != nil {
			return err
		}
	}
	say("speaking")
	for pod := speakers - late; pod < speakers; pod++ {
		pause(ctx, backOff/2)
		if err := play.begin(ctx, pod); err != nil {
			return err
		}
	}
	play.ended.Wait()
	close(play.failed)
	for err := range play.failed {
		return err
	}
	pause(ctx, 3*backOff) // who reads slowly may catch up before the backup says that it is done
	if err := s.merge(ctx, veleroAPI+"/backups/"+followed, map[string]any{"status": map[string]any{"phase": "Completed"}}); err != nil {
		return err
	}
	say("silent")
	<-ctx.Done() // the logs stay until the followers have ended
	return nil
}

// say tells the process that started this one.
func say(word string) { fmt.Fprintln(os.Stdout, word) }

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// play is the pods that speak.
type play struct {
	server *server
	node   *node
	ended  sync.WaitGroup
	failed chan error
}

// begin makes a pod whose container runs, and has it speak.
func (p *play) begin(ctx context.Context, pod int) error {
	name := speakerName(pod)
	if err := p.server.createSpeaker(ctx, name); err != nil {
		return err
	}
	first := p.node.start(name)
	if err := p.server.setRunning(ctx, name, 0); err != nil {
		return err
	}
	p.ended.Go(func() {
		if err := p.speak(ctx, pod, first); err != nil {
			p.failed <- err
		}
	})
	return nil
}

// speak writes the lines of a pod, instance after instance.
func (p *play) speak(ctx context.Context, pod int, current *instance) error {
	name, id := speakerName(pod), 0
	for number := range instances {
		for range linesOf(pod) {
			pause(ctx, 2*time.Second/perSecond)
			current.say(lineAbout("another", name, id))
			current.say(lineAbout(followed, name, id))
			id++
		}
		if number == instances-1 {
			return nil
		}
		current.end()
		if err := p.server.setEnded(ctx, name, number); err != nil {
			return err
		}
		pause(ctx, backOff)
		current = p.node.start(name)
		if err := p.server.setRunning(ctx, name, number+1); err != nil {
			return err
		}
	}
	return nil
}

// createNode registers the node; nothing but these pods comes onto it.
func (s *server) createNode(ctx context.Context, kubelet *httptest.Server) error {
	address, err := net.ResolveTCPAddr("tcp", kubelet.Listener.Addr().String())
	if err != nil {
		return fmt.Errorf("the address of the node: %w", err)
	}
	object := map[string]any{
		"apiVersion": "v1", "kind": "Node", "metadata": map[string]any{"name": nodeName},
		"spec": map[string]any{"unschedulable": true, "taints": []any{map[string]any{"key": "kubectl-backup.dev/bench", "effect": "NoSchedule"}}},
	}
	if err := s.create(ctx, nodes, object); err != nil {
		return err
	}
	return s.merge(ctx, nodes+"/"+nodeName+"/status", map[string]any{"status": map[string]any{
		"addresses":       []any{map[string]any{"type": "InternalIP", "address": address.IP.String()}},
		"daemonEndpoints": map[string]any{"kubeletEndpoint": map[string]any{"Port": address.Port}},
		"conditions":      []any{map[string]any{"type": "Ready", "status": "True"}},
	}})
}

// createSpeaker waits for the ServiceAccount that a new namespace gets.
func (s *server) createSpeaker(ctx context.Context, name string) error {
	object := map[string]any{
		"apiVersion": "v1", "kind": "Pod",
		"metadata": map[string]any{"name": name, "namespace": namespace, "labels": map[string]any{"name": "node-agent", "bench": "speaker"}},
		"spec": map[string]any{
			"nodeName": nodeName, "automountServiceAccountToken": false, "terminationGracePeriodSeconds": 0,
			"tolerations": []any{map[string]any{"operator": "Exists"}},
			"containers":  []any{map[string]any{"name": "node-agent", "image": "velero/velero:v1.18.3"}},
		},
	}
	for {
		code, err := s.call(ctx, http.MethodPost, pods, object, nil)
		switch {
		case err != nil:
			return err
		case code == http.StatusCreated:
			return nil
		case code != http.StatusForbidden:
			return fmt.Errorf("POST %s: HTTP %d", pods, code)
		}
		pause(ctx, backOff/10)
	}
}

// setRunning says that an instance runs, and how the one before it ended.
func (s *server) setRunning(ctx context.Context, name string, number int) error {
	status := map[string]any{
		"containerID": containerID(name, number), "restartCount": number, "ready": true, "started": true,
		"state": map[string]any{"running": map[string]any{"startedAt": now()}}, "lastState": map[string]any{},
	}
	if number > 0 {
		status["lastState"] = map[string]any{"terminated": ended(name, number-1)}
	}
	return s.setContainer(ctx, name, status)
}

// setEnded says that an instance has ended.
func (s *server) setEnded(ctx context.Context, name string, number int) error {
	return s.setContainer(ctx, name, map[string]any{
		"containerID": containerID(name, number), "restartCount": number, "ready": false, "started": false,
		"state": map[string]any{"terminated": ended(name, number)},
	})
}

func ended(name string, number int) map[string]any {
	return map[string]any{"exitCode": 1, "reason": "Error", "startedAt": now(), "finishedAt": now(), "containerID": containerID(name, number)}
}

func containerID(name string, number int) string {
	return fmt.Sprintf("containerd://%s-%d", name, number)
}

func now() string { return time.Now().UTC().Format(time.RFC3339) }

func (s *server) setContainer(ctx context.Context, name string, status map[string]any) error {
	status["name"], status["image"], status["imageID"] = "node-agent", "velero/velero:v1.18.3", ""
	return s.merge(ctx, pods+"/"+name+"/status", map[string]any{"status": map[string]any{"phase": "Running", "containerStatuses": []any{status}}})
}

func followedBackup() map[string]any {
	return map[string]any{
		"apiVersion": "velero.io/v1", "kind": "Backup", "metadata": map[string]any{"name": followed, "namespace": namespace},
		"spec":   map[string]any{"storageLocation": "default"},
		"status": map[string]any{"phase": "InProgress", "startTimestamp": now()},
	}
}
