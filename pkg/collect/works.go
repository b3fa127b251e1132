package collect

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

var (
	jobs = backup.Served{Group: "batch", Version: "v1", Resource: "jobs", Kind: "Job", Namespaced: true}
	pods = backup.Served{Version: "v1", Resource: "pods", Kind: "Pod", Namespaced: true}
)

// works looks at each piece of work that the profile names: its Job, the Job's
// pods, their nodes, and the ends of their logs.
func (g *gather) works(ctx context.Context) {
	g.findWorks(ctx)
	tasks := make([]func(context.Context), 0, len(g.ev.Object.Works))
	for i := range g.ev.Object.Works {
		tasks = append(tasks, func(ctx context.Context) { g.work(ctx, &g.ev.Object.Works[i]) })
	}
	g.parallel(ctx, tasks...)
}

func (g *gather) work(ctx context.Context, w *backup.Work) {
	if w.Ref.GroupResource() != "jobs.batch" {
		if w.Lookup == backup.NotAsked {
			g.readCustom(ctx, w)
		}
		if w.Lookup == backup.Found && !g.depth.Follow {
			g.around(ctx, w)
		}
		return
	}
	raw, err := g.Cluster.Get(ctx, jobs, w.Ref.Namespace, w.Ref.Name)
	w.Lookup, w.Error = lookup(err), shortError(err)
	if err == nil {
		readJob(w, raw, g.envNames())
	} else if !w.Lookup.Known() {
		g.gap(w.Ref.Human(), err)
	}
	if !g.depth.Follow {
		g.pods(ctx, w)
	}
}

// readJob copies what a Job says of itself into the work.
func readJob(w *backup.Work, raw map[string]any, envNames []string) {
	w.Ref.UID = nested(raw, "metadata", "uid")
	w.ResourceVersion = nested(raw, "metadata", "resourceVersion")
	w.Created = created(raw)
	w.Deleting = instant(raw, "metadata", "deletionTimestamp") != nil
	w.Active = number(raw, "status", "active")
	w.Failed = number(raw, "status", "failed")
	w.Succeeded = number(raw, "status", "succeeded")
	w.Limit = number(raw, "spec", "backoffLimit")
	w.Env = literalEnv(object(raw, "spec", "template", "spec"), w.Container, envNames)
	w.Phase = backup.PhasePending
	if w.Active > 0 {
		w.Phase = backup.PhaseRunning
	}
	for _, c := range conditions(raw) {
		if c.Status != "True" {
			continue
		}
		switch c.Type {
		case "Complete":
			w.Phase = backup.PhaseCompleted
		case "Failed":
			w.Phase, w.FailedFor = backup.PhaseFailed, c.Reason
		}
	}
}

// envNames are the variables that the locations' profiles ask for.
func (g *gather) envNames() []string {
	var out []string
	for _, l := range g.ev.Object.Locations {
		for _, name := range l.EnvNames {
			out = append(out, name)
		}
	}
	return out
}

// literalEnv reads variables that are written out in a pod's spec. A value that
// comes from a Secret has no literal form there and is never read.
func literalEnv(podSpec map[string]any, container string, wanted []string) map[string]string {
	out := map[string]string{}
	for _, c := range items(podSpec, "containers") {
		if container != "" && nested(c, "name") != container {
			continue
		}
		for _, e := range items(c, "env") {
			for _, name := range wanted {
				if _, literal := e["value"]; literal && nested(e, "name") == name {
					out[name] = nested(e, "value")
				}
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
