package act

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// Choice is what a verb is to act on, objects by name or a selection of them, and
// where they are looked for.
type Choice struct {
	Targets []collect.Target
	// Kind is the TYPE of a selection; empty are backups.
	Kind  string
	Scope collect.Scope
	// Collector reads them; Storage tells whether it may contact storage.
	Collector *collect.Collector
	Storage   bool
}

// Choose prepares a verb that acts on several objects; nothing is contacted.
func Choose(g *cli.Globals, f *Flags, storage *cli.StorageFlags, timeout time.Duration, c *Choice) (*Act, error) {
	var err error
	if c.Scope, err = g.Scope(); err != nil {
		return nil, err
	}
	options, err := storage.Options()
	if err != nil {
		return nil, err
	}
	collector, live, err := g.Collector(options)
	if err != nil {
		return nil, err
	}
	c.Collector, c.Storage = collector, options != nil
	return New(g, f, live, timeout)
}

// Read takes names from the arguments, or the TYPE of a selection where one of
// the flags that select was given. All is -A, which goes with these alone.
func (c *Choice) Read(args []string, selected, all bool, by ...string) (err error) {
	flags := strings.Join(by, " or ")
	switch {
	case !selected && all:
		return &cli.UsageError{Text: "-A goes with " + flags}
	case !selected:
		c.Targets, err = cli.Targets(args)
		return err
	case len(args) > 1, len(args) == 1 && strings.Contains(args[0], "/"):
		return &cli.UsageError{Text: "what to act on is selected with " + flags + "; beside that name a TYPE at most"}
	case len(args) == 1:
		c.Kind = args[0]
	}
	return nil
}

// Named finds the objects that were named, each once.
func (c *Choice) Named(ctx context.Context) ([]collect.Hit, error) {
	var hits []collect.Hit
	for _, target := range c.Targets {
		hit, err := c.Collector.Find(ctx, target, c.Scope)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(hits, func(h collect.Hit) bool { return h.Ref().Same(hit.Ref()) }) {
			hits = append(hits, hit)
		}
	}
	return hits, nil
}

// Selected asks for what `get` would list.
func (c *Choice) Selected(labels string, all bool) collect.Query {
	return collect.Query{Type: c.Kind, Namespace: c.Scope.Namespace, Explicit: c.Scope.Explicit, All: all, LabelSelector: labels}
}
