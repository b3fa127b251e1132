package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	kjson "sigs.k8s.io/json"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// rewatch is the pause before a watch that ended is opened again, so that a
// server which ends it at once is not flooded.
const rewatch = time.Second

// Watch follows objects. API servers end each watch after some minutes; it is
// then opened again from the last version that was seen.
func (l *Live) Watch(ctx context.Context, served backup.Served, namespace string, opts ListOptions, each func(event string, item map[string]any) error) error {
	w := watch{call: callFor("watch", served, namespace, ""), served: served, opts: opts, each: each}
	for {
		err := l.watchOnce(ctx, &w)
		switch {
		case w.stopped != nil:
			return w.stopped
		case ctx.Err() != nil:
			return w.call.Failed(ctx.Err())
		case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
			return err
		}
		select {
		case <-ctx.Done():
			return w.call.Failed(ctx.Err())
		case <-time.After(rewatch):
		}
	}
}

// watch is the state that outlives one connection.
type watch struct {
	call    Call
	served  backup.Served
	opts    ListOptions
	each    func(event string, item map[string]any) error
	stopped error // the error of each, which is the caller's own
}

func (l *Live) watchOnce(ctx context.Context, w *watch) error {
	request := w.opts.narrow(l.client.Get()).Param("watch", "true").Param("allowWatchBookmarks", "true")
	if w.opts.Metadata || isSecret(w.served) {
		request = request.SetHeader("Accept", acceptMetadata)
	}
	if w.opts.ResourceVersion != "" {
		request = request.Param("resourceVersion", w.opts.ResourceVersion)
	}
	answer, err := l.do(ctx, request, w.call, l.options.Timeout, false)
	if err != nil {
		return err
	}
	defer answer.Close()
	for events := kjson.NewDecoderCaseSensitivePreserveInts(answer); ; {
		var event struct {
			Type   string         `json:"type"`
			Object map[string]any `json:"object"`
		}
		if err := events.Decode(&event); err != nil {
			return w.call.Failed(err)
		}
		if err := w.take(event.Type, event.Object); err != nil {
			return err
		}
	}
}

// take hands on one event and remembers how far the watch came.
func (w *watch) take(event string, object map[string]any) error {
	if event == "ERROR" {
		return w.call.Failed(statusError(object))
	}
	if metadata, ok := object["metadata"].(map[string]any); ok {
		if version, ok := metadata["resourceVersion"].(string); ok {
			w.opts.ResourceVersion = version
		}
	}
	if event == "BOOKMARK" {
		return nil
	}
	identify(object, w.served)
	w.stopped = w.each(event, object)
	return w.stopped
}

// statusError is the error that a server sends inside of a watch.
func statusError(object map[string]any) error {
	var status metav1.Status
	data, err := json.Marshal(object)
	if err == nil {
		err = json.Unmarshal(data, &status)
	}
	if err != nil {
		return err
	}
	return apierrors.FromObject(&status)
}
