package collect

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero"
)

// crashWindow is for how long after its end a restore is taken for a reason of crashes.
const crashWindow = 7 * 24 * time.Hour

// unrelatedGroup is an API group of nobody: who may write there may write
// anywhere, which does not tell what it controls.
const unrelatedGroup = "nothing.kubectl-backup.dev"

// crashing looks whether controllers of custom resources that a restore of
// Velero made crash since then.
func (g *gather) crashing(ctx context.Context) {
	o := g.ev.Object
	ofVelero := o.Role == backup.RoleRestore && g.hit.Kind != nil && g.hit.Kind.Archive() == velero.System
	if !ofVelero || !o.Phase.Terminal() || o.Deleting() || o.Started == nil || o.Finished == nil || g.ev.At.Sub(*o.Finished) > crashWindow {
		return
	}
	c := crashSearch{gather: g, out: &backup.Crashing{Lookup: backup.Found}}
	g.ev.Crashing = c.out
	accounts := c.pods(ctx, *o.Started)
	if len(c.out.Pods) == 0 {
		return
	}
	restored := c.restored(ctx)
	for i := range c.out.Pods {
		c.controls(ctx, &c.out.Pods[i], accounts[i], restored)
	}
}

// crashSearch collects what crashes.
type crashSearch struct {
	*gather
	lock sync.Mutex
	out  *backup.Crashing
}

func (c *crashSearch) lacks(what string, err error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.out.Lookup = lookup(err)
	c.out.Unreadable = append(c.out.Unreadable, what+": "+shortError(err))
}

// suspectPod is what tells which controller a pod is.
type suspectPod struct {
	raw     map[string]any
	account string
}

// pods lists those that crash, with their ServiceAccounts.
func (c *crashSearch) pods(ctx context.Context, since time.Time) []suspectPod {
	var found []suspectPod
	err := c.list(ctx, pods, "", cluster.ListOptions{}, func(item map[string]any) error {
		if pod, ok := readCrash(item, since); ok {
			c.out.Pods = append(c.out.Pods, pod)
			found = append(found, suspectPod{
				raw:     map[string]any{"metadata": item["metadata"], "spec": map[string]any{"template": map[string]any{"spec": item["spec"]}}},
				account: "system:serviceaccount:" + pod.Ref.Namespace + ":" + cmp.Or(nested(item, "spec", "serviceAccountName"), "default"),
			})
		}
		return nil
	})
	if err != nil {
		c.gap("pods in all namespaces", err)
		c.lacks("pods in all namespaces", err)
	}
	return found
}

// readCrash reads a pod with a container that waits after a crash, which came
// after a time.
func readCrash(raw map[string]any, since time.Time) (backup.CrashingPod, bool) {
	for _, status := range append(items(raw, "status", "initContainerStatuses"), items(raw, "status", "containerStatuses")...) {
		last := object(status, "lastState", "terminated")
		ended := instant(last, "finishedAt")
		if nested(status, "state", "waiting", "reason") != "CrashLoopBackOff" || ended == nil || ended.Before(since) {
			continue
		}
		pod := backup.CrashingPod{
			Ref:       pods.Ref(nested(raw, "metadata", "namespace"), nested(raw, "metadata", "name")),
			Container: nested(status, "name"), Restarts: number(status, "restartCount"),
			Ended: ended, Reason: nested(last, "reason"), ExitCode: number(last, "exitCode"),
		}
		return pod, true
	}
	return backup.CrashingPod{}, false
}

// restored counts the objects of custom resources that the restore made, which it
// labels with its name.
func (c *crashSearch) restored(ctx context.Context) []backup.RestoredResource {
	var out []backup.RestoredResource
	defined := map[string]bool{}
	err := c.list(ctx, definitions, "", cluster.ListOptions{Metadata: true}, func(item map[string]any) error {
		defined[nested(item, "metadata", "name")] = true
		return nil
	})
	if err != nil {
		c.lacks("customresourcedefinitions.apiextensions.k8s.io", err)
	}
	options := cluster.ListOptions{Metadata: true, LabelSelector: "velero.io/restore-name=" + system.LabelValue(c.hit.Name)}
	group := errgroup.Group{}
	group.SetLimit(listers)
	for _, served := range c.distinct() {
		if !defined[served.Resource+"."+served.Group] || !slices.Contains(served.Verbs, "list") {
			continue
		}
		group.Go(func() error {
			found := backup.RestoredResource{}
			err := c.list(ctx, served, "", options, func(item map[string]any) error {
				found.Ref, found.Count = served.Ref(nested(item, "metadata", "namespace"), nested(item, "metadata", "name")), found.Count+1
				return nil
			})
			if err != nil {
				c.lacks(served.Resource+"."+served.Group, err)
				return nil
			}
			c.lock.Lock()
			defer c.lock.Unlock()
			if found.Count > 0 {
				out = append(out, found)
			}
			return nil
		})
	}
	_ = group.Wait() // every failure is noted
	slices.SortFunc(out, func(a, b backup.RestoredResource) int {
		return cmp.Compare(a.Ref.GroupResource(), b.Ref.GroupResource())
	})
	return out
}

// controls tells of which restored resources a pod is the controller: by what its
// ServiceAccount may do, or, where that may not be asked, by what it is called.
func (c *crashSearch) controls(ctx context.Context, pod *backup.CrashingPod, suspect suspectPod, restored []backup.RestoredResource) {
	reviewer, ok := c.Cluster.(cluster.SubjectReviewer)
	may := func(ref backup.Ref) backup.Answer {
		if !ok {
			return backup.Unknown
		}
		ref.UID, ref.Name = "", ""
		allowed, _, err := reviewer.MayUser(ctx, suspect.account, "update", ref)
		if err != nil {
			return backup.Unknown
		}
		return allowed
	}
	byRights := may(backup.Ref{Group: unrelatedGroup, Version: "v1", Resource: "nothings"}) == backup.No
	for _, r := range restored {
		because := ""
		if byRights && may(r.Ref) == backup.Yes {
			because = "its ServiceAccount may update " + r.Ref.GroupResource()
		} else if !byRights {
			because = resembles(suspect.raw, "", domainWords(r.Ref.Group))
		}
		if because != "" {
			pod.Controls = append(pod.Controls, r)
			pod.Because = cmp.Or(pod.Because, because)
		}
	}
}

// domainWords are the parts of an API group by which its controller may be called.
func domainWords(group string) []string {
	return slices.DeleteFunc(words(group), func(word string) bool {
		return slices.Contains([]string{"manager", "controller", "apps", "storage"}, word)
	})
}
