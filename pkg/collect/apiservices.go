package collect

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

var apiServices = backup.Served{Group: "apiregistration.k8s.io", Version: "v1", Resource: "apiservices", Kind: "APIService"}

// apiServices reads the API services that other servers answer for. Those that
// are available are kept too, without a look at what is behind them.
func (g *gather) apiServices(ctx context.Context) {
	var raws []map[string]any
	err := g.list(ctx, apiServices, "", cluster.ListOptions{}, func(item map[string]any) error {
		if object(item, "spec", "service") != nil {
			raws = append(raws, item)
		}
		return nil
	})
	g.ev.Control.APIServicesLookup = lookup(err)
	if err != nil {
		g.gap("API services", err)
	}
	for _, raw := range raws {
		s := backup.APIService{Name: nested(raw, "metadata", "name")}
		for _, c := range conditions(raw) {
			if c.Type == "Available" {
				s.Available, s.Reason, s.Message, s.At = backup.AnswerOf(c.Status == "True"), c.Reason, c.Message, c.At
			}
		}
		if s.Available != backup.Yes {
			s.Backend = g.backend(ctx, object(raw, "spec"))
		}
		g.ev.Control.APIServices = append(g.ev.Control.APIServices, s)
	}
}
