package collect

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

var (
	endpointSlices = backup.Served{Group: "discovery.k8s.io", Version: "v1", Resource: "endpointslices", Kind: "EndpointSlice", Namespaced: true}
	oldEndpoints   = backup.Served{Version: "v1", Resource: "endpoints", Kind: "Endpoints", Namespaced: true}
)

// endpoints counts the ready endpoints of the Service behind a webhook or an API
// service. Servers before 1.21 have no EndpointSlices in this version; there a
// Service without an Endpoints object has none. Where slices may not be read,
// only an Endpoints object that is there says anything.
func (g *gather) endpoints(ctx context.Context, b *backup.Backend) {
	var err error
	slices := g.serves(endpointSlices)
	if slices {
		b.EndpointsFrom = "EndpointSlices"
		b.Ready, err = g.slices(ctx, b.Service)
	}
	if !slices || cluster.IsDenied(err) {
		ready, old := g.oldEndpoints(ctx, b.Service)
		if !slices && lookup(old) == backup.Absent {
			old = nil
		}
		if !slices || old == nil {
			b.EndpointsFrom, b.Ready, err = "Endpoints", ready, old
		}
	}
	b.ReadyLookup = backup.Found
	if err != nil {
		b.Ready, b.ReadyLookup = 0, backup.Failed
		g.gap("endpoints of Service "+b.Service.Namespace+"/"+b.Service.Name, err)
	}
}

// serves tells whether discovery found a resource in exactly this version.
func (c *Collector) serves(wanted backup.Served) bool {
	for _, s := range c.served {
		if s.Group == wanted.Group && s.Version == wanted.Version && s.Resource == wanted.Resource {
			return true
		}
	}
	return false
}

// slices counts an endpoint with an address of each family once.
func (g *gather) slices(ctx context.Context, service backup.Ref) (int64, error) {
	ready := map[string]bool{}
	options := cluster.ListOptions{LabelSelector: "kubernetes.io/service-name=" + service.Name}
	err := g.list(ctx, endpointSlices, service.Namespace, options, func(slice map[string]any) error {
		for _, endpoint := range items(slice, "endpoints") {
			if is, said := object(endpoint, "conditions")["ready"].(bool); said && !is {
				continue
			}
			name := nested(endpoint, "targetRef", "name")
			if addresses, _ := endpoint["addresses"].([]any); name == "" && len(addresses) > 0 {
				name, _ = addresses[0].(string)
			}
			ready[name] = true
		}
		return nil
	})
	return int64(len(ready)), err
}

// oldEndpoints counts the addresses that are ready.
func (g *gather) oldEndpoints(ctx context.Context, service backup.Ref) (int64, error) {
	raw, err := g.Cluster.Get(ctx, oldEndpoints, service.Namespace, service.Name)
	ready := map[string]bool{}
	for _, subset := range items(raw, "subsets") {
		for _, address := range items(subset, "addresses") {
			name := nested(address, "targetRef", "name")
			if name == "" {
				name = nested(address, "ip")
			}
			ready[name] = true
		}
	}
	return int64(len(ready)), err
}
