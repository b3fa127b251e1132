package collect

import (
	"context"
	"sync"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

var services = backup.Served{Version: "v1", Resource: "services", Kind: "Service", Namespaced: true}

// control reads what of the control plane can stand in the way of the
// deletion. Nothing of it is read for an object that nobody deletes, in a
// namespace that nobody deletes.
func (g *gather) control(ctx context.Context) {
	deleting, terminating := g.ev.Object.Deleting(), g.ev.Namespace.Deleted != nil
	parts := []func(context.Context){}
	if terminating {
		parts = append(parts, g.apiServices)
	}
	if deleting || g.targetIs(definitions) {
		parts = append(parts, g.definition, g.content)
	}
	g.parallel(ctx, parts...)
	if deleting {
		configured := g.webhooks(ctx)
		g.suspects(ctx, configured)
	}
}

// backends are the servers behind webhooks and API services, each read once.
type backends struct {
	mu   sync.Mutex
	seen map[backup.Ref]backup.Backend
}

// backend reads the Service behind a webhook or an API service, and how many of
// its endpoints are ready. The client is a clientConfig or a spec with service and url.
func (g *gather) backend(ctx context.Context, client map[string]any) backup.Backend {
	service := object(client, "service")
	if service == nil {
		return backup.Backend{URL: nested(client, "url")}
	}
	ref := services.Ref(nested(service, "namespace"), nested(service, "name"))
	g.behind.mu.Lock()
	defer g.behind.mu.Unlock()
	b, ok := g.behind.seen[ref]
	if !ok {
		b = g.readBackend(ctx, ref)
		if g.behind.seen == nil {
			g.behind.seen = map[backup.Ref]backup.Backend{}
		}
		g.behind.seen[ref] = b
	}
	b.Port = number(service, "port")
	if b.Port == 0 {
		b.Port = 443
	}
	return b
}

func (g *gather) readBackend(ctx context.Context, ref backup.Ref) backup.Backend {
	b := backup.Backend{Service: ref}
	raw, err := g.Cluster.Get(ctx, services, ref.Namespace, ref.Name)
	b.Lookup = lookup(err)
	if err != nil {
		if !b.Lookup.Known() {
			g.gap("Service "+ref.Namespace+"/"+ref.Name, err)
		}
		return b
	}
	b.ExternalName = nested(raw, "spec", "externalName")
	if b.ExternalName == "" {
		g.endpoints(ctx, &b)
	}
	b.NamespaceDeleted = g.namespaceDeleted(ctx, ref.Namespace)
	return b
}

func (g *gather) namespaceDeleted(ctx context.Context, name string) backup.Answer {
	if name == g.ev.Namespace.Name && g.ev.Namespace.Lookup == backup.Found {
		return backup.AnswerOf(g.ev.Namespace.Deleted != nil)
	}
	raw, err := g.Cluster.Get(ctx, namespaces, "", name)
	if err != nil {
		return backup.Unknown
	}
	return backup.AnswerOf(instant(raw, "metadata", "deletionTimestamp") != nil)
}
