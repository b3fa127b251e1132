package collect

import (
	"context"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

var definitions = backup.Served{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions", Kind: "CustomResourceDefinition"}

// definition reads the CustomResourceDefinition of the target's kind, or the
// target itself if it is one. Kinds of Kubernetes itself have none.
func (g *gather) definition(ctx context.Context) {
	if g.targetIs(definitions) {
		g.ev.Control.DefinitionsLookup = backup.Found
		g.ev.Control.Definitions = append(g.ev.Control.Definitions, g.readDefinition(ctx, g.ev.Raw))
		return
	}
	// The groups of Kubernetes that custom resources may not use have no dot.
	if !strings.Contains(g.hit.Served.Group, ".") {
		g.ev.Control.DefinitionsLookup = backup.Absent
		return
	}
	g.ev.Control.DefinitionsLookup = g.addDefinition(ctx, g.hit.Served.Ref("", "").GroupResource())
}

// addDefinition reads one definition by its name, "backups.pingcap.com".
func (g *gather) addDefinition(ctx context.Context, name string) backup.Lookup {
	raw, err := g.Cluster.Get(ctx, definitions, "", name)
	if err != nil {
		if !lookup(err).Known() {
			g.gap("definition "+name, err)
		}
		return lookup(err)
	}
	read := g.readDefinition(ctx, raw)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ev.Control.Definitions = append(g.ev.Control.Definitions, read)
	return backup.Found
}

func (g *gather) readDefinition(ctx context.Context, raw map[string]any) backup.Definition {
	d := backup.Definition{
		Ref: definitions.Ref("", nested(raw, "metadata", "name")), Kind: nested(raw, "spec", "names", "kind"),
		Deleted: instant(raw, "metadata", "deletionTimestamp"), Strategy: nested(raw, "spec", "conversion", "strategy"),
	}
	d.Ref.UID = nested(raw, "metadata", "uid")
	for _, c := range conditions(raw) {
		if c.Type == "Terminating" {
			d.Terminating = &c
		}
	}
	for _, v := range items(raw, "spec", "versions") {
		if served, _ := v["served"].(bool); served {
			d.Served = append(d.Served, nested(v, "name"))
		}
		if storage, _ := v["storage"].(bool); storage {
			d.Storage = nested(v, "name")
		}
	}
	d.Stored, _, _ = unstructured.NestedStringSlice(raw, "status", "storedVersions")
	if d.Strategy == "Webhook" {
		b := g.backend(ctx, object(raw, "spec", "conversion", "webhook", "clientConfig"))
		d.Backend = &b
	}
	return d
}

// conversionFailed tells whether a reading failed because objects could not be
// converted to the version that was asked for.
// Source: k8s.io/apiextensions-apiserver@v0.36.3 pkg/apiserver/conversion/webhook_converter.go.
func conversionFailed(err error) bool {
	return err != nil && strings.Contains(err.Error(), "conversion webhook for ")
}

// otherVersions are the other versions in which the server serves a resource.
// An object that is stored in one of them is read there without a conversion,
// even while the conversion webhook does not answer.
func (c *Collector) otherVersions(s backup.Served) []backup.Served {
	return slices.DeleteFunc(slices.Clone(c.served), func(o backup.Served) bool {
		return o.Group != s.Group || o.Resource != s.Resource || o.Version == s.Version
	})
}

// getAnyVersion reads an object, in another version where the conversion to
// the wanted one fails. It returns the version that answered.
func (c *Collector) getAnyVersion(ctx context.Context, s backup.Served, namespace, name string) (map[string]any, backup.Served, error) {
	raw, err := c.Cluster.Get(ctx, s, namespace, name)
	if !conversionFailed(err) {
		return raw, s, err
	}
	for _, other := range c.otherVersions(s) {
		if raw, retried := c.Cluster.Get(ctx, other, namespace, name); retried == nil {
			return raw, other, nil
		}
	}
	return nil, s, err
}
