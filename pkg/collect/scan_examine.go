package collect

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// examiners is how many targets are looked at side by side.
const examiners = 8

// Examine collects the evidence of many targets side by side and hands it on
// with the index of its target, by one goroutine at a time and in no order. The
// error of a target is that its object could not be read.
func (c *Collector) Examine(ctx context.Context, hits []Hit, depth Depth, each func(i int, ev backup.Evidence, err error)) error {
	var mu sync.Mutex
	group := errgroup.Group{}
	group.SetLimit(examiners)
	for i, hit := range hits {
		group.Go(func() error {
			ev, err := c.Evidence(ctx, hit, depth)
			mu.Lock()
			defer mu.Unlock()
			each(i, ev, err)
			return nil
		})
	}
	_ = group.Wait() // errors were handed on
	return ctx.Err()
}

// HomeNamespaces are where the systems that the cluster serves live by convention.
func (c *Collector) HomeNamespaces(ctx context.Context) ([]string, error) {
	kinds, _, err := c.Kinds(ctx)
	var out []string
	for _, kind := range kinds {
		for _, home := range kind.HomeNamespaces() {
			out = appendOnce(out, home)
		}
	}
	return out, err
}

func appendOnce(list []string, text string) []string {
	for _, known := range list {
		if known == text {
			return list
		}
	}
	return append(list, text)
}
