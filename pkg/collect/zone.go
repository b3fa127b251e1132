package collect

import (
	"context"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// Zone is the time zone in which the controller of a kind reads cron expressions:
// that of the variable TZ of its Deployment, else UTC, as container images have it.
// From says how that is known.
func (c *Collector) Zone(ctx context.Context, kind *system.Kind, namespace string) (zone *time.Location, from string) {
	selector, known := kind.Controller()
	if !known || selector.Deployments == "" {
		return time.UTC, "assumed: which Deployment runs the server is not known"
	}
	if !selector.OwnNamespace {
		namespace = ""
	}
	zone, from = time.UTC, "assumed: no Deployment "+selector.Deployments+" was found"
	err := c.list(ctx, deployments, namespace, cluster.ListOptions{LabelSelector: selector.Deployments}, func(raw map[string]any) error {
		if !hasContainer(raw, selector.Container) {
			return nil
		}
		ref := readDeployment(raw).Ref
		zone, from = time.UTC, ref.Human()+" sets no TZ"
		for _, container := range items(raw, "spec", "template", "spec", "containers") {
			for _, env := range items(container, "env") {
				if nested(env, "name") != "TZ" || selector.Container != "" && nested(container, "name") != selector.Container {
					continue
				}
				loaded, err := time.LoadLocation(nested(env, "value"))
				if err != nil {
					from = "assumed: the TZ of " + ref.Human() + " is no zone that is known here"
					continue
				}
				zone, from = loaded, "TZ of "+ref.Human()
			}
		}
		return nil
	})
	if err != nil {
		return time.UTC, "assumed: the Deployment of the server could not be read"
	}
	return zone, from
}
