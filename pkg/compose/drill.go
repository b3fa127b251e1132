package compose

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// The longest name of a namespace, which is a label of DNS.
const maxNamespace = 63

// What a namespace of a drill gets beyond what the backup holds.
const (
	sparePods  = 20
	spareBytes = 1 << 30
)

// DrillNamespaces names the namespaces of a drill after those of the backup.
func DrillNamespaces(id string, from []string) []backup.DrillNamespace {
	var out []backup.DrillNamespace
	taken := map[string]bool{}
	for i, namespace := range from {
		to := "drill-" + id + "-" + namespace
		if len(to) > maxNamespace {
			to = strings.TrimRight(to[:maxNamespace], "-")
		}
		if taken[to] { // two long names that begin alike
			end := "-" + strconv.Itoa(i)
			to = to[:min(len(to), maxNamespace-len(end))] + end
		}
		taken[to] = true
		out = append(out, backup.DrillNamespace{From: namespace, To: to})
	}
	return out
}

// Drill is what the manifests of a drill are made from.
type Drill struct {
	Restore backup.Served
	// Home is the namespace of the backup, Backup its name.
	Home, Backup string
	Look         *backup.DrillLook
	// Schema is that of the Restore, by which fields are left out that it does not have.
	Schema map[string]any
}

// Modifies tells whether the server can change objects while it restores them.
func (d Drill) Modifies() bool {
	return propertyOf(propertyOf(d.Schema, "spec"), "resourceModifier") != nil
}

// Steps makes what a drill needs, in order: the namespaces, each with its quota, the
// changes to what is restored, and the restore.
func (d Drill) Steps() []backup.Step {
	var steps []backup.Step
	for _, namespace := range d.Look.Namespaces {
		steps = append(steps, d.namespace(namespace), d.quota(namespace))
	}
	if d.modified() {
		steps = append(steps, d.changes())
	}
	return append(steps, d.restore())
}

func made(served backup.Served, namespace, name, does string, object map[string]any) backup.Step {
	ref := served.Ref(namespace, name)
	return backup.Step{
		Kind: backup.StepCreate, Target: ref, Effect: backup.EffectCreates, Object: object, Does: does,
		Undo: "it is deleted at the end of the drill",
	}
}

func (d Drill) labels() map[string]any { return map[string]any{backup.DrillLabel: d.Look.Name} }

// namespace is empty and is left out of other backups.
func (d Drill) namespace(n backup.DrillNamespace) backup.Step {
	served := backup.Served{Version: "v1", Resource: "namespaces", Kind: "Namespace"}
	labels := d.labels()
	labels["velero.io/exclude-from-backup"] = "true"
	for key, value := range d.Look.Contents.Security[n.From] {
		labels[key] = value
	}
	object := New(served, "", n.To)
	delete(object, "spec")
	object["metadata"] = map[string]any{"name": n.To, "labels": labels, "annotations": map[string]any{"kubectl-backup.dev/drill-of": d.Backup + "/" + n.From}}
	return made(served, "", n.To, "make a namespace for what is restored of "+n.From, object)
}

// quota lets in what the backup holds and not much more, and nothing that could be
// reached from outside.
func (d Drill) quota(n backup.DrillNamespace) backup.Step {
	served := backup.Served{Version: "v1", Resource: "resourcequotas", Kind: "ResourceQuota", Namespaced: true}
	bytes, pods := int64(spareBytes), int64(sparePods)
	for _, claim := range d.Look.Contents.Claims {
		if claim.Namespace == n.From {
			bytes += claim.Bytes
		}
	}
	for _, object := range d.Look.Contents.Objects {
		if object.Resource == "pods" && object.Namespace == n.From {
			pods += 2
		}
	}
	object := New(served, n.To, "kubectl-backup-drill")
	object["metadata"] = map[string]any{"name": "kubectl-backup-drill", "namespace": n.To, "labels": d.labels()}
	object["spec"] = map[string]any{"hard": map[string]any{
		"services.loadbalancers": "0", "services.nodeports": "0", "requests.storage": strconv.FormatInt(bytes, 10), "pods": strconv.FormatInt(pods, 10),
	}}
	return made(served, n.To, "kubectl-backup-drill", "limit it to what the backup holds, without LoadBalancers and node ports", object)
}

// restore restores the namespaces under their new names and overwrites nothing.
// Without a word on it Velero restores of what has no namespace the volumes of claims
// alone, when not all namespaces are restored
// (velero@v1.18.3 pkg/restore/restore.go, getOrderedResourceCollection).
func (d Drill) restore() backup.Step {
	mapping, included, excluded := map[string]any{}, []any{}, []any{}
	for _, n := range d.Look.Namespaces {
		mapping[n.From] = n.To
		included = append(included, n.From)
	}
	for _, kind := range d.Look.LeftOut {
		excluded = append(excluded, kind.Resource)
	}
	object := New(d.Restore, d.Home, d.Look.Name)
	object["metadata"] = map[string]any{"name": d.Look.Name, "namespace": d.Home, "labels": d.labels()}
	spec := map[string]any{
		"backupName": d.Backup, "includedNamespaces": included, "namespaceMapping": mapping,
		"restorePVs": true, "existingResourcePolicy": "none",
	}
	if len(excluded) > 0 {
		spec["excludedResources"] = excluded
	}
	if d.modified() {
		spec["resourceModifier"] = map[string]any{"kind": "configmap", "name": d.Look.Name}
	}
	known := propertyOf(d.Schema, "spec")
	for _, optional := range []string{"restorePVs", "existingResourcePolicy"} {
		if known != nil && propertyOf(known, optional) == nil {
			delete(spec, optional)
		}
	}
	object["spec"] = spec
	return made(d.Restore, d.Home, d.Look.Name, "restore it", object)
}

// modified tells whether something is changed while it is restored.
func (d Drill) modified() bool {
	return d.Modifies() && (len(d.Look.Contents.Services) > 0 || d.Look.Contents.CronJobs > 0)
}

// changes makes Services that can be reached from outside inner ones, and suspends
// CronJobs. The operations add what may be there or not: no other operation of Velero
// does both (velero@v1.18.3 internal/resourcemodifiers/json_patch.go). A rule names
// the namespace of the backup, for it is matched before the namespace is mapped.
func (d Drill) changes() backup.Step {
	served := backup.Served{Version: "v1", Resource: "configmaps", Kind: "ConfigMap", Namespaced: true}
	rules := strings.Builder{}
	rules.WriteString("version: v1\nresourceModifierRules:\n")
	for _, s := range d.Look.Contents.Services {
		fmt.Fprintf(&rules, "- conditions: {groupResource: services, resourceNameRegex: %q, namespaces: [%q]}\n  patches:\n", "^"+strings.ReplaceAll(s.Name, ".", `\.`)+"$", s.Namespace)
		operations := map[string]string{
			"type": `ClusterIP`, "externalTrafficPolicy": "", "healthCheckNodePort": "0", "allocateLoadBalancerNodePorts": "null",
			"loadBalancerClass": "null", "loadBalancerIP": "", "loadBalancerSourceRanges": "null", "externalIPs": "null",
		}
		for i := range s.Ports {
			operations["ports/"+strconv.Itoa(i)+"/nodePort"] = "0"
		}
		for _, field := range slices.Sorted(maps.Keys(operations)) {
			fmt.Fprintf(&rules, "  - {operation: add, path: %q, value: %q}\n", "/spec/"+field, operations[field])
		}
	}
	if d.Look.Contents.CronJobs > 0 {
		rules.WriteString("- conditions: {groupResource: cronjobs.batch}\n  patches:\n  - {operation: add, path: /spec/suspend, value: \"true\"}\n")
	}
	object := New(served, d.Home, d.Look.Name)
	delete(object, "spec")
	object["metadata"] = map[string]any{"name": d.Look.Name, "namespace": d.Home, "labels": d.labels()}
	object["data"] = map[string]any{"rules.yaml": rules.String()}
	return made(served, d.Home, d.Look.Name, "have Services restored without their outer addresses, and CronJobs suspended", object)
}
