package cli

import (
	"context"
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

// Look is what the verbs share that look at targets and change nothing.
type Look struct {
	*Globals
	Output Output
	// Contact tells whether storage may be contacted.
	Contact bool

	// Bucket is where the objects come from instead of a cluster, or nil.
	Bucket *backup.BucketLocation

	targets     []collect.Target
	credentials string // of --storage-credentials
	scope       collect.Scope
	collector   *collect.Collector
}

// NewLook reads the arguments and the flags of such a verb.
func NewLook(g *Globals, args []string, output string, flags *StorageFlags) (*Look, error) {
	l := &Look{Globals: g, Output: Output(output), credentials: flags.Credentials}
	if err := l.Output.Validate(); err != nil {
		return nil, err
	}
	storage, err := flags.Options()
	if err != nil {
		return nil, err
	}
	l.Contact = storage != nil
	if l.targets, err = Targets(args); err != nil {
		return nil, err
	}
	if l.scope, err = g.Scope(); err != nil {
		return nil, err
	}
	if l.Bucket, err = flags.BucketLocation(); err != nil {
		return nil, err
	}
	if l.collector, _, err = g.CollectorFor(flags, storage); err != nil {
		return nil, err
	}
	return l, nil
}

// Evidence collects the evidence of each target, in their order.
func (l *Look) Evidence(ctx context.Context, depth collect.Depth) ([]backup.Evidence, error) {
	all := make([]backup.Evidence, 0, len(l.targets))
	for _, target := range l.targets {
		hit, err := l.collector.Find(ctx, target, l.scope)
		if err != nil {
			return nil, err
		}
		ev, err := l.collector.Evidence(ctx, hit, depth)
		if err != nil {
			return nil, err
		}
		l.ofBucket(&ev)
		all = append(all, ev)
	}
	return all, nil
}

// PrintEach prints one result as itself and several as a list of the kind; as
// text they follow each other with an empty line between.
func PrintEach[T any](l *Look, kind string, all []T, text func(T) error) error {
	switch {
	case l.Output.IsStructured() && len(all) == 1:
		return l.Output.Print(l.Out, all[0])
	case l.Output.IsStructured():
		return l.Output.Print(l.Out, NewList(kind, all))
	}
	for i, one := range all {
		if i > 0 {
			if _, err := fmt.Fprintln(l.Out); err != nil {
				return err
			}
		}
		if err := text(one); err != nil {
			return err
		}
	}
	return nil
}
