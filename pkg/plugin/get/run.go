package get

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// options are what the verb runs on.
type options struct {
	*cli.Globals
	flags     *flags
	output    cli.Output
	query     collect.Query
	mayBeName bool // the type of the query is a word that may be a name
	phases    []backup.Phase
	less      compare
	collector *collect.Collector
	watcher   cluster.Watcher
	list      *render.List           // made with the first row
	place     *backup.BucketLocation // with --bucket
}

// List is what `get -o json` prints.
type List struct {
	APIVersion string           `json:"apiVersion"`
	Kind       string           `json:"kind"` // "ObjectList"
	Items      []*backup.Object `json:"items"`
	Gaps       []backup.Gap     `json:"gaps,omitempty"`
}

func (o *options) run(ctx context.Context) error {
	now := o.Now()
	var entries []*entry
	gaps, err := o.collect(ctx, func(row backup.Object) {
		if o.keep(row, now) {
			entries = append(entries, o.entry(row))
		}
	})
	if err != nil {
		return err
	}
	if o.flags.newest {
		entries = newest(entries)
	}
	slices.SortStableFunc(entries, o.less)
	if err := o.print(entries, gaps); err != nil {
		return err
	}
	o.warn(gaps)
	if o.flags.watch {
		return o.watch(ctx, entries)
	}
	if o.place != nil {
		if err := o.recovery(ctx, entries); err != nil {
			return err
		}
	}
	return o.ended(entries, gaps)
}

// collect lists what was asked for. A first word that names no type is the name
// of a backup, as it is for the other verbs.
func (o *options) collect(ctx context.Context, each func(backup.Object)) ([]backup.Gap, error) {
	gaps, err := o.collector.List(ctx, o.query, each)
	var none *collect.NoSystemError
	_, isRole := collect.RoleOf(o.query.Type)
	if !errors.As(err, &none) || isRole || !o.mayBeName {
		return gaps, err
	}
	o.query.Names = append([]string{o.query.Type}, o.query.Names...)
	o.query.Type = string(backup.RoleBackup)
	return o.collector.List(ctx, o.query, each)
}

func (o *options) print(entries []*entry, gaps []backup.Gap) error {
	switch {
	case o.output.IsStructured():
		list := List{APIVersion: backup.APIVersion, Kind: "ObjectList", Items: []*backup.Object{}, Gaps: gaps}
		for _, e := range entries {
			list.Items = append(list.Items, e.object)
		}
		return o.output.Print(o.Out, list)
	case o.output == "name":
		for _, e := range entries {
			if _, err := fmt.Fprintln(o.Out, e.target); err != nil {
				return err
			}
		}
		return nil
	case len(entries) == 0 && len(o.query.Names) == 0:
		if len(gaps) == 0 { // else there may be some all the same
			o.say("No %s found%s.\n", o.subject(), o.where())
		}
		return nil
	}
	o.table().Grow(len(entries))
	for _, e := range entries {
		o.table().AddRow(e.cells)
	}
	return o.table().Print(o.Out)
}

// columns are those of the role that the listed kinds play: `get bks` lists
// schedules. A resource that plays several is listed as backups are.
func (o *options) columns() render.ListOptions {
	var role backup.Role
	for i, place := range o.collector.Places(o.query) {
		if i > 0 && place.Kind.Role != role {
			role = backup.RoleBackup
			break
		}
		role = place.Kind.Role
	}
	return render.ListOptions{Role: role, Namespaces: o.query.All || !o.query.Explicit, Wide: o.output == "wide", NoHeaders: o.flags.noHeaders}
}

func (o *options) subject() string {
	if o.query.Type != "" {
		return o.query.Type
	}
	return "backups"
}

func (o *options) where() string {
	if o.place != nil {
		if o.query.Explicit {
			return " in " + o.flags.storage.Bucket + " that were in namespace " + o.query.Namespace
		}
		return " in " + o.flags.storage.Bucket
	}
	if o.query.All {
		return ""
	}
	return " in namespace " + o.query.Namespace
}

// warn says what could not be listed, a line each.
func (o *options) warn(gaps []backup.Gap) {
	for _, gap := range gaps {
		text := fmt.Sprintf("warning: not listed: %s: %s", gap.What, gap.Why)
		if gap.Rule != "" {
			text = fmt.Sprintf("warning: not listed: %s: you lack the right to %s", gap.What, gap.Rule)
		}
		_, _ = fmt.Fprintln(o.ErrOut, render.Escape(text))
	}
}

func (o *options) say(format string, args ...any) {
	if !o.Quiet {
		_, _ = fmt.Fprintf(o.ErrOut, format, args...)
	}
}

// ended is an error where a name that was asked for is missing, where a list
// was cut short, and where nothing at all could be listed. A kind that may not
// be listed beside others that were is only warned of.
func (o *options) ended(entries []*entry, gaps []backup.Gap) error {
	for _, name := range o.query.Names {
		if !slices.ContainsFunc(entries, func(e *entry) bool { return e.name == name }) {
			target := collect.Target{Type: o.query.Type, Name: name}
			return &collect.NotFoundError{Target: target, Looked: o.looked(), Gaps: gaps}
		}
	}
	for _, gap := range gaps {
		if gap.Lookup != backup.Denied {
			return &cli.HintedError{
				Err:  fmt.Errorf("the list is not complete: %s: %s", gap.What, gap.Why),
				Hint: "there may be more than what is shown; 'kubectl get --raw /readyz?verbose' asks the API server what is wrong",
			}
		}
	}
	if len(entries) == 0 && len(gaps) > 0 {
		return &cli.HintedError{Err: errors.New("nothing could be listed"), Hint: "the rule that is missing: " + gaps[0].Rule}
	}
	return nil
}

func (o *options) looked() string {
	if o.place != nil {
		return "in " + o.flags.storage.Bucket
	}
	if o.query.All {
		return "in any namespace"
	}
	return "in namespace " + o.query.Namespace
}
