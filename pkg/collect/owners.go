package collect

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/logs"
)

var (
	deployments = backup.Served{Group: "apps", Version: "v1", Resource: "deployments", Kind: "Deployment", Namespaced: true}
	leases      = backup.Served{Group: "coordination.k8s.io", Version: "v1", Resource: "leases", Kind: "Lease", Namespaced: true}
)

// ownerErrors is how many error lines of an owner's log are kept.
const ownerErrors = 5

// owners looks for the controllers that remove the target's finalizers, and for
// those that move it and its works along.
func (g *gather) owners(ctx context.Context) {
	selectors := g.controllers()
	for _, f := range g.ev.Object.Finalizers {
		if f.Owner.Named() && !slices.Contains(selectors, f.Owner) {
			selectors = append(selectors, f.Owner)
		}
	}
	g.ev.Owners = make([]backup.Owner, len(selectors))
	for i, selector := range selectors {
		g.ev.Owners[i] = g.owner(ctx, selector)
	}
}

func (g *gather) owner(ctx context.Context, selector backup.OwnerSelector) backup.Owner {
	owner := backup.Owner{Selector: selector, LastWrite: lastWrite(g.ev.Raw, selector.Manager)}
	podLabels, err := g.workloads(ctx, &owner)
	owner.Lookup, owner.Error = lookup(err), shortError(err)
	if err != nil {
		g.gap(selector.Words(), err)
		return owner
	}
	if len(owner.Deployments) == 0 {
		owner.Lookup = backup.Absent
		return owner
	}
	g.lease(ctx, &owner)
	if g.depth.Logs {
		for i, d := range owner.Deployments {
			errors, refusals := g.ownerLog(ctx, d.Ref.Namespace, podLabels[i], selector.Container)
			owner.LogErrors, owner.Refusals = append(owner.LogErrors, errors...), append(owner.Refusals, refusals...)
			owner.Rights = append(owner.Rights, g.ownerRights(ctx, d)...)
		}
	}
	return owner
}

func readDeployment(raw map[string]any) backup.Deployment {
	d := backup.Deployment{
		Ref:      deployments.Ref(nested(raw, "metadata", "namespace"), nested(raw, "metadata", "name")),
		Replicas: number(raw, "spec", "replicas"), Ready: number(raw, "status", "readyReplicas"),
	}
	if containers := items(raw, "spec", "template", "spec", "containers"); len(containers) > 0 {
		d.Image = nested(containers[0], "image")
	}
	d.Account = nested(raw, "spec", "template", "spec", "serviceAccountName")
	d.Watches, d.WatchedBy = watched(raw)
	return d
}

func matchLabels(raw map[string]any) string {
	labels := object(raw, "spec", "selector", "matchLabels")
	var terms []string
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		terms = append(terms, key+"="+nested(labels, key))
	}
	return strings.Join(terms, ",")
}

// lease finds the leader election lease beside the owner's Deployments: the
// youngest one whose name starts with the manager's.
func (g *gather) lease(ctx context.Context, owner *backup.Owner) {
	owner.LeaseLookup = backup.Absent
	for _, namespace := range namespacesOf(owner.Deployments) {
		err := g.list(ctx, leases, namespace, cluster.ListOptions{}, func(item map[string]any) error {
			renewed := instant(item, "spec", "renewTime")
			name := nested(item, "metadata", "name")
			if renewed == nil || !strings.HasPrefix(name, owner.Selector.Manager) {
				return nil
			}
			if owner.Lease == nil || owner.Lease.Renewed.Before(*renewed) {
				owner.Lease = &backup.Lease{
					Ref: leases.Ref(namespace, name), Holder: nested(item, "spec", "holderIdentity"),
					Renewed: *renewed, Seconds: number(item, "spec", "leaseDurationSeconds"),
				}
				owner.LeaseLookup = backup.Found
			}
			return nil
		})
		if err != nil {
			owner.LeaseLookup = lookup(err)
			g.gap("leases in namespace "+namespace, err)
		}
	}
}

func namespacesOf(list []backup.Deployment) []string {
	var out []string
	for _, d := range list {
		if !slices.Contains(out, d.Ref.Namespace) {
			out = append(out, d.Ref.Namespace)
		}
	}
	return out
}

// ownerLog are the last error lines of the owner's pods that name the target,
// and the last in which the API server refuses it a right.
func (g *gather) ownerLog(ctx context.Context, namespace, labels, container string) (about, refusals []string) {
	err := g.list(ctx, pods, namespace, cluster.ListOptions{LabelSelector: labels}, func(item map[string]any) error {
		pod := readPod(item, container)
		if pod.Phase != "Running" {
			return nil
		}
		tail := g.tail(ctx, pod.Ref, container)
		for _, line := range tail.Lines {
			switch {
			case refused(line):
				refusals = append(refusals, line)
			case mentions(line, g.hit.Namespace, g.hit.Name) && logs.Parse(line).Failed():
				about = append(about, line)
			}
		}
		return nil
	})
	if err != nil {
		g.gap("pods of the operator in namespace "+namespace, err)
	}
	return about[max(0, len(about)-ownerErrors):], refusals[max(0, len(refusals)-ownerErrors):]
}

// mentions tells whether a log line speaks of the object and not of another one
// of the same name: names stand alone, and the namespace stands beside them.
func mentions(line, namespace, name string) bool {
	words := strings.FieldsFunc(line, func(r rune) bool {
		return r != '-' && r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	for i, word := range words {
		words[i] = strings.Trim(word, ".-")
	}
	return slices.Contains(words, name) && (namespace == "" || slices.Contains(words, namespace))
}

// lastWrite is the latest time at which a field manager wrote to the object.
func lastWrite(raw map[string]any, manager string) (latest *time.Time) {
	for _, entry := range items(raw, "metadata", "managedFields") {
		t := instant(entry, "time")
		if nested(entry, "manager") == manager && t != nil && (latest == nil || latest.Before(*t)) {
			latest = t
		}
	}
	return latest
}
