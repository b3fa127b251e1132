package create

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// chooseKind is the kind of the system that --system or the base names, else of
// the one that has all the flags that were typed.
func (o *options) chooseKind(ctx context.Context) (*system.Kind, error) {
	wanted := o.flags.system
	if from := o.base.kind; from != nil {
		if wanted != "" && wanted != from.System {
			return nil, &cli.UsageError{Text: fmt.Sprintf("%s is of %s, and --system says %s", o.base.flag, from.System, wanted)}
		}
		wanted = from.System
	}
	can := func(system string) bool { return compose.Creates(system, o.noun.role) }
	// Where no system has all of the flags, the error tells which one that with some of them lacks.
	choices := []func(string) bool{within(o.fitting()), within(compose.SystemsWithAny(o.noun.role, o.flags.given()...)), can}
	var kind *system.Kind
	var err error
	var none *collect.NoSystemError
	for _, may := range choices {
		if kind, err = o.collector.KindFor(ctx, o.noun.role, wanted, may); wanted != "" || !errors.As(err, &none) {
			break
		}
	}
	var several *collect.SeveralSystemsError
	if !errors.As(err, &several) || o.noun.system == nil {
		return kind, err
	}
	switch meant, unread := o.noun.system(ctx, o); {
	case unread != nil:
		return nil, unread
	case meant != "":
		return o.collector.KindFor(ctx, o.noun.role, meant, can)
	}
	return nil, err
}

// fitting are the systems that have all the flags that were typed; those of them for
// which these are enough, if there are such.
func (o *options) fitting() []string {
	given := o.flags.given()
	all := compose.SystemsWith(o.noun.role, given...)
	enough := slices.DeleteFunc(slices.Clone(all), func(system string) bool { return !compose.Enough(system, o.noun.role, given, o.flags.set) })
	if len(enough) == 0 {
		return all
	}
	return enough
}

func within(systems []string) func(string) bool {
	return func(system string) bool { return slices.Contains(systems, system) }
}
