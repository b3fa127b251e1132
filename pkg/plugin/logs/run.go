package logs

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/logs"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// options are what the verb runs on.
type options struct {
	*cli.Globals
	flags     *flags
	target    collect.Target
	scope     collect.Scope
	collector *collect.Collector
	api       logs.API

	progress *render.Progress
	unread   bool // something could not be read to its end
	told     map[string]bool
	now      latest
	hint     string // the way on after the bucket could not be read
}

func (o *options) run(ctx context.Context) error {
	hit, err := o.collector.Find(ctx, o.target, o.scope)
	if err != nil {
		return err
	}
	ev, err := o.collector.Works(ctx, hit)
	if err != nil {
		return err
	}
	o.unseen(ev)
	sources, err := o.wanted(hit, ev)
	if err != nil {
		return err
	}
	o.now.set(ev)
	o.progress = render.NewProgress(o.ErrOut, o.Style(o.ErrOut), o.flags.follow && !o.Quiet)
	reader := logs.NewReader(o.api, sources, o.reading(hit))
	if !o.flags.follow {
		return o.ended(reader.Read(ctx, o.printer()), nil)
	}
	w := &watcher{options: o, hit: hit, reader: reader, done: make(chan struct{})}
	go w.watch(ctx)
	err = reader.Follow(ctx, w.done, o.printer())
	o.progress.Clear()
	return o.ended(err, w.result())
}

// wanted are the sources of the object that were asked for.
func (o *options) wanted(hit collect.Hit, ev backup.Evidence) ([]backup.LogSource, error) {
	var all []backup.LogSource
	if o.flags.storage.Bucket == "" {
		all = o.collector.LogSources(hit, ev)
	}
	var names []string
	if o.collector.KeepsLog(hit) {
		names = append(names, fileSource)
	}
	var out []backup.LogSource
	for _, s := range all {
		if !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
		if o.asked(s.Name) {
			out = append(out, s)
		}
	}
	for _, name := range o.flags.sources {
		if !slices.Contains(names, name) && !o.flags.follow {
			return nil, &cli.UsageError{Text: fmt.Sprintf("no source %q speaks of %s; there is %s", name, ev.Object.Ref.Human(), strings.Join(names, ", "))}
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no container is known that speaks of %s", ev.Object.Ref.Human())
	}
	return out, nil
}

func (o *options) asked(source string) bool {
	return len(o.flags.sources) == 0 || slices.Contains(o.flags.sources, source)
}

func (o *options) reading(hit collect.Hit) logs.Options {
	opts := logs.Options{Tail: o.flags.tail, Previous: o.flags.previous, Level: logs.Level(o.flags.level), Trouble: o.trouble}
	if o.collector.KeepsLog(hit) && o.asked(fileSource) {
		opts.Files = []logs.File{o.file()}
	}
	if o.flags.since > 0 {
		opts.Since = o.Now().Add(-o.flags.since)
	}
	return opts
}

// trouble says what is missing in the stream, each thing once.
func (o *options) trouble(t logs.Trouble) {
	t.Err = denied(t.Err)
	if !t.Passing {
		o.unread = true
	}
	text := t.What + ": " + t.Err.Error()
	if o.told[text] {
		return
	}
	if o.told == nil {
		o.told = map[string]bool{}
	}
	o.told[text] = true
	o.say("warning: " + text)
}

// printer prints the lines.
func (o *options) printer() func(backup.LogEntry) error {
	write := render.NewLogLines(o.Out, o.Style(o.Out), o.flags.raw).Print
	if o.flags.output == "json" {
		encoder := json.NewEncoder(o.Out)
		encoder.SetEscapeHTML(false)
		write = func(e backup.LogEntry) error { return encoder.Encode(e) }
	}
	if o.Style(o.Out).Width == 0 { // it is not where the progress is shown
		return write
	}
	return func(e backup.LogEntry) error {
		return o.progress.Above(func() error { return write(e) })
	}
}

// ended joins how the stream ended with how the object did.
func (o *options) ended(err, result error) error {
	if o.hint != "" && !o.Quiet {
		_, _ = fmt.Fprintln(o.ErrOut, "hint: "+o.hint)
	}
	switch {
	case err != nil:
		return err
	case result != nil:
		return result
	case o.unread:
		return cli.Code(cli.CodeUnknown)
	}
	return nil
}
