package get

import (
	"context"
	"fmt"
	"reflect"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// watch prints a row for each change that comes after the list. What the list
// showed already is not printed again.
func (o *options) watch(ctx context.Context, entries []*entry) error {
	shown := map[string]backup.Object{}
	for _, e := range entries {
		shown[e.object.Ref.UID] = *e.object
	}
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	for _, place := range o.collector.Places(o.query) {
		group.Go(func() error {
			return o.watcher.Watch(ctx, place.Kind.Served, place.Namespace, place.Options, func(event string, item map[string]any) error {
				mu.Lock()
				defer mu.Unlock()
				row := o.row(ctx, place, item)
				if event == "DELETED" {
					row.Phase, row.Deleted = gone, nil
				}
				if !place.Wanted(row) || !o.keep(row, o.Now()) || same(shown[row.Ref.UID], row) {
					return nil
				}
				shown[row.Ref.UID] = row
				return o.printChange(row)
			})
		})
	}
	return group.Wait()
}

// row reads a changed object with the works that it has by now. What could not
// be read was warned of with the list.
func (o *options) row(ctx context.Context, place collect.Place, item map[string]any) backup.Object {
	rows, _ := o.collector.Rows(ctx, place)
	return rows.Row(item)
}

// gone is the word for what was deleted while it was watched.
const gone backup.Phase = "Gone"

func (o *options) printChange(row backup.Object) error {
	if o.output == "name" {
		_, err := fmt.Fprintln(o.Out, row.Ref)
		return err
	}
	columns := o.columns()
	columns.NoHeaders, columns.Widths = true, o.table().Widths() // the row goes on below the list
	o.list = render.NewList(columns, o.Style(o.Out))
	o.list.Add(row)
	return o.list.Print(o.Out)
}

// same tells whether a row would be printed as before.
func same(a, b backup.Object) bool {
	return a.Ref == b.Ref && a.Phase == b.Phase && a.NativePhase == b.NativePhase && a.Data == b.Data &&
		a.Deleting() == b.Deleting() && size(a) == size(b) && reflect.DeepEqual(a.Progress, b.Progress)
}
