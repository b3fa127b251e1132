package collect

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

var (
	validating = backup.Served{Group: "admissionregistration.k8s.io", Version: "v1", Resource: "validatingwebhookconfigurations", Kind: "ValidatingWebhookConfiguration"}
	mutating   = backup.Served{Group: "admissionregistration.k8s.io", Version: "v1", Resource: "mutatingwebhookconfigurations", Kind: "MutatingWebhookConfiguration"}
)

// configured is one webhook as its configuration has it.
type configured struct {
	configuration backup.Ref
	raw           map[string]any
}

func (c configured) name() string { return nested(c.raw, "name") }

// webhooks reads the admission webhooks and keeps those that see a write which
// the deletion needs. It returns all that are configured.
func (g *gather) webhooks(ctx context.Context) []configured {
	all := g.configuredWebhooks(ctx)
	for _, w := range g.admitted() {
		for _, c := range all {
			if hook, matches := c.match(w); matches {
				hook.Backend = g.backend(ctx, object(c.raw, "clientConfig"))
				g.ev.Control.Webhooks = append(g.ev.Control.Webhooks, hook)
			}
		}
	}
	return all
}

func (g *gather) configuredWebhooks(ctx context.Context) []configured {
	var all []configured
	g.ev.Control.WebhooksLookup = backup.Found
	for _, served := range []backup.Served{validating, mutating} {
		err := g.list(ctx, served, "", cluster.ListOptions{}, func(item map[string]any) error {
			for _, raw := range items(item, "webhooks") {
				all = append(all, configured{served.Ref("", nested(item, "metadata", "name")), raw})
			}
			return nil
		})
		if err != nil {
			g.ev.Control.WebhooksLookup = lookup(err)
			g.gap(served.Ref("", "").GroupResource(), err)
		}
	}
	return all
}

// admitted are the writes that admission has to let pass: the finalizers of the
// target are removed with an UPDATE, what is in a namespace with a DELETE, and
// of its objects that have finalizers with an UPDATE too. What belongs to a
// definition is deleted without admission.
// Source: k8s.io/apiextensions-apiserver@v0.36.3 pkg/controller/finalizer/crd_finalizer.go.
func (g *gather) admitted() []write {
	target := write{served: g.hit.Served, operations: []string{"UPDATE", "DELETE"}, namespace: g.ev.Namespace.Name, labels: labelsOf(g.ev.Raw), known: true}
	target.versions = g.versionsOf(g.hit.Served)
	target.spaceLabels, target.spaceKnown = g.labels, g.ev.Namespace.Lookup == backup.Found
	out := []write{target}
	inNamespace := g.targetIs(namespaces)
	for _, left := range g.ev.Control.Content {
		served, ok := g.servedAs(left.Resource)
		if !ok {
			continue
		}
		w := write{served: served, versions: g.versionsOf(served), namespace: g.ev.Namespace.Name}
		if inNamespace {
			w.operations = append(w.operations, "DELETE")
			w.spaceLabels, w.spaceKnown = g.labels, true
		}
		if len(left.Finalizers) > 0 {
			w.operations = append(w.operations, "UPDATE")
		}
		out = append(out, w)
	}
	return out
}

// servedAs finds a resource by the name that kubectl takes.
func (g *gather) servedAs(name string) (backup.Served, bool) {
	resource, group, _ := strings.Cut(name, ".")
	return g.resource(group, resource)
}

func (g *gather) versionsOf(s backup.Served) []string {
	versions := []string{s.Version}
	for _, other := range g.otherVersions(s) {
		versions = append(versions, other.Version)
	}
	return versions
}

// match tells whether a webhook sees a write, and how.
func (c configured) match(w write) (backup.Webhook, bool) {
	hook := backup.Webhook{
		Configuration: c.configuration, Name: c.name(), Resource: w.served.Ref("", "").GroupResource(),
		FailurePolicy: nested(c.raw, "failurePolicy"),
	}
	for _, rule := range items(c.raw, "rules") {
		seen := w.ruled(rule)
		if len(seen) == 0 {
			continue
		}
		if hook.Rule == "" {
			hook.Rule = ruleText(rule)
		}
		for _, operation := range seen {
			if !slices.Contains(hook.Operations, operation) {
				hook.Operations = append(hook.Operations, operation)
			}
		}
	}
	if len(hook.Operations) == 0 {
		return hook, false
	}
	hook.Selects, hook.WhyNot = w.selected(c.raw)
	return hook, true
}

// ruleText is a rule in words: "UPDATE,DELETE of backups.pingcap.com".
func ruleText(rule map[string]any) string {
	list := func(key string) string { return strings.Join(texts(rule, key), ",") }
	text := fmt.Sprintf("%s of %s in groups %q", list("operations"), list("resources"), texts(rule, "apiGroups"))
	if scope := nested(rule, "scope"); scope != "" && scope != "*" {
		text += ", scope " + scope
	}
	return text
}

func texts(raw map[string]any, path ...string) []string {
	list, _, _ := unstructured.NestedStringSlice(raw, path...)
	return list
}
