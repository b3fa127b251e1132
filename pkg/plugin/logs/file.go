package logs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/logs"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// fileSource is what --source calls the log in the bucket.
const fileSource = "bucket"

// latest is the object as it was last seen.
type latest struct {
	mu sync.Mutex
	ev backup.Evidence
}

func (l *latest) set(ev backup.Evidence) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ev = ev
}

func (l *latest) get() backup.Evidence {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ev
}

// file is the log in the bucket. Systems write it at the end of a run, so that the
// bucket is not asked before.
func (o *options) file() logs.File {
	var once sync.Once
	return logs.File{Source: fileSource, Lines: func(ctx context.Context, each func([]byte) error) error {
		ev := o.now.get()
		if phase := ev.Object.Phase; phase == backup.PhasePending || phase == backup.PhaseRunning {
			return fs.ErrNotExist
		}
		err := o.collector.ArchiveLog(ctx, ev, each)
		if errors.Is(err, fs.ErrNotExist) {
			once.Do(func() { o.note("the bucket holds no log of " + ev.Object.Ref.Human()) })
		}
		var hinted *cli.HintedError
		if errors.As(o.flags.storage.WithServerHint(err), &hinted) {
			once.Do(func() { o.hint = hinted.Hint })
		}
		return err
	}}
}

// note says something that is no trouble.
func (o *options) note(text string) {
	if !o.Quiet {
		o.say("note: " + text)
	}
}

// say prints beside the stream.
func (o *options) say(text string) {
	_ = o.progress.Above(func() error {
		_, err := fmt.Fprintln(o.ErrOut, render.Escape(text))
		return err
	})
}
