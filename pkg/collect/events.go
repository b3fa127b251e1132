package collect

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

var events = backup.Served{Version: "v1", Resource: "events", Kind: "Event", Namespaced: true}

// clusterEvents is the namespace that holds the events of cluster-scoped objects.
// Source: k8s.io/client-go@v0.36.3 tools/record/event.go.
const clusterEvents = "default"

// events reads the events of the target, of its works and of their pods,
// merged by time. A Job that could not make its pod speaks only here.
func (g *gather) events(ctx context.Context) {
	namespace := cmp.Or(g.hit.Namespace, clusterEvents)
	wanted := g.subjects()
	err := g.list(ctx, events, namespace, cluster.ListOptions{}, func(item map[string]any) error {
		about := object(item, "involvedObject")
		subject, ok := wanted[nested(about, "kind")+"/"+nested(about, "name")]
		if !ok || subject.UID != "" && nested(about, "uid") != "" && nested(about, "uid") != subject.UID {
			return nil
		}
		g.ev.Events = append(g.ev.Events, event(item, subject))
		return nil
	})
	g.ev.EventsLookup = lookup(err)
	if err != nil {
		g.gap("events in namespace "+namespace, err)
	}
	slices.SortStableFunc(g.ev.Events, func(a, b backup.Event) int { return a.At.Compare(b.At) })
}

// subjects are the objects whose events count, by kind and name. The clean-up
// Job comes and goes under one name, so that its events are taken without a UID.
func (g *gather) subjects() map[string]backup.Ref {
	out := map[string]backup.Ref{}
	add := func(r backup.Ref) { out[r.Kind+"/"+r.Name] = r }
	add(g.ev.Object.Ref)
	for _, w := range g.ev.Object.Works {
		ref := w.Ref
		ref.UID = ""
		add(ref)
		for _, p := range w.Pods {
			add(p.Ref)
		}
	}
	return out
}

func event(item map[string]any, subject backup.Ref) backup.Event {
	at := time.Time{}
	for _, path := range [][]string{{"series", "lastObservedTime"}, {"lastTimestamp"}, {"eventTime"}, {"metadata", "creationTimestamp"}} {
		if t := instant(item, path...); t != nil {
			at = *t
			break
		}
	}
	return backup.Event{
		At: at, Type: nested(item, "type"), Reason: nested(item, "reason"), Object: subject,
		Message: nested(item, "message"), Count: max(number(item, "count"), number(item, "series", "count")),
	}
}
