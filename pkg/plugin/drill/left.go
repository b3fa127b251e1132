package drill

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/redact"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// lastLook is how long the look at what is left may take.
const lastLook = 10 * time.Second

// own is the reference with its UID where the object is there and the drill made it.
func (o *options) own(ctx context.Context, served backup.Served, ref backup.Ref) (backup.Ref, error) {
	ref.UID = ""
	object, err := o.Reader.Get(ctx, served, ref.Namespace, ref.Name)
	switch {
	case cluster.IsAbsent(err):
		return ref, nil
	case err != nil:
		return ref, err
	}
	metadata, _ := object["metadata"].(map[string]any)
	labels, _ := metadata["labels"].(map[string]any)
	if labels[backup.DrillLabel] == o.ev.Drill.Name {
		ref.UID, _ = metadata["uid"].(string)
	}
	return ref, nil
}

// made are the objects of the drill that are there.
func (o *options) made(ctx context.Context) ([]backup.Ref, error) {
	type candidate struct {
		served backup.Served
		ref    backup.Ref
	}
	name := o.ev.Drill.Name
	all := []candidate{{configMaps, configMaps.Ref(o.hit.Namespace, name)}}
	for _, n := range o.ev.Drill.Namespaces {
		all = append(all, candidate{namespaces, namespaces.Ref("", n.To)})
	}
	all = append(all, candidate{o.restore.Served, o.restore.Served.Ref(o.hit.Namespace, name)})
	var refs []backup.Ref
	var failed error
	for _, c := range all {
		ref, err := o.own(ctx, c.served, c.ref)
		failed = errors.Join(failed, err)
		if ref.UID != "" {
			refs = append(refs, ref)
		}
	}
	return refs, failed
}

// left is what the drill made and is still there, with the commands that delete it.
func (o *options) left(ctx context.Context) backup.DrillCleanUp {
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastLook)
	defer cancel()
	refs, err := o.made(after)
	kept, failed := o.collector.DrillLeft(after, o.ev.Drill)
	out := backup.DrillCleanUp{Left: slices.Concat(refs, kept)}
	switch err = errors.Join(err, failed); {
	case err != nil:
		out.Error = redact.Text(err.Error())
	case len(kept) > 0 && !o.flags.keep:
		out.Error = "they are retained by policy, and what they stand for in the storage stays after that, too"
	}
	slices.Reverse(refs) // the Restore first
	for _, ref := range slices.Concat(refs, kept) {
		command := "kubectl delete " + render.ShellQuote(ref.String())
		if ref.Namespace != "" {
			command += " -n " + render.ShellQuote(ref.Namespace)
		}
		out.Commands = append(out.Commands, command)
	}
	return out
}

// tellLeft says beside an error what of the drill is left.
func (o *options) tellLeft(drill backup.Drill) error {
	if len(drill.CleanUp.Left) == 0 && drill.CleanUp.Error == "" {
		return nil
	}
	lines := append([]string{"left by the drill:"}, drill.CleanUp.Commands...)
	_, err := fmt.Fprintln(o.ErrOut, render.Block(strings.Join(lines, "\n  ")))
	return err
}
