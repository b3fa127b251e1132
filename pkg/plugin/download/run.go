package download

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/download"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

type options struct {
	*cli.Look
	dir     string
	include []string
	limit   int64 // bytes
	unpack  bool
	storage *cli.StorageFlags
}

func (o *options) run(ctx context.Context) error {
	files, err := o.Files(ctx, rolesOf(o.include)...)
	if err != nil {
		return o.storage.WithServerHint(err)
	}
	defer func() { _ = files.Close() }()
	chosen, missing := choose(files.Archive.Files, o.include)
	if len(chosen) == 0 {
		return notThere(files.Archive, "none of the wanted files is in", "")
	}
	if err := o.check(chosen); err != nil {
		return err
	}
	dir, err := download.Open(o.dir)
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	if err := free(dir, o.names(files.Archive.Name, chosen)); err != nil {
		return err
	}
	if err := o.write(ctx, dir, files, chosen); err != nil {
		return err
	}
	if len(missing) > 0 {
		return notThere(files.Archive, "not in", ": "+strings.Join(missing, ", "))
	}
	return nil
}

// notThere says which files are not there, or were not given.
func notThere(a backup.Archive, says, which string) error {
	place := a.Place
	if a.ThroughServer() {
		place = "what Velero's server gives of " + place
	}
	return &cli.HintedError{Err: fmt.Errorf("%s %s%s", says, place, which), Hint: hintOf(a)}
}

// hintOf names what is there.
func hintOf(a backup.Archive) string {
	var there []string
	for _, file := range a.Files {
		if file.State.Seen() {
			there = append(there, word(file.Role))
		}
	}
	if len(there) == 0 {
		return "nothing of it is there; before a backup has ended Velero has uploaded none of it"
	}
	return "there are " + strings.Join(there, ", ")
}

// check refuses what is too large before anything is written.
func (o *options) check(files []backup.ArchiveFile) error {
	for _, file := range files {
		if file.Bytes > o.limit {
			return &cli.HintedError{
				Err:  fmt.Errorf("%s has %s, more than --max-size allows", path.Base(file.Key), render.Bytes(file.Bytes)),
				Hint: "leave it out with --include, or allow it with --max-size",
			}
		}
	}
	return nil
}

// names are those that will be taken in the folder.
func (o *options) names(archive string, files []backup.ArchiveFile) []string {
	var all []string
	for _, file := range files {
		all = append(all, path.Base(file.Key))
		if o.unpack && file.Role == backup.FileContents {
			all = append(all, archive)
		}
	}
	return all
}

// free wants all names to be free, so that nothing is written where one is not.
func free(dir *download.Dir, names []string) error {
	for _, name := range names {
		var exists *download.ExistsError
		switch err := dir.Free(name); {
		case errors.As(err, &exists):
			return &cli.HintedError{Err: fmt.Errorf("%w, and nothing is replaced", err), Hint: "name another folder with -o"}
		case err != nil:
			return err
		}
	}
	return nil
}

// write writes the files, each with a line when it is there.
func (o *options) write(ctx context.Context, dir *download.Dir, files *collect.Files, chosen []backup.ArchiveFile) error {
	var total int64
	for _, file := range chosen {
		name := path.Base(file.Key)
		if err := fetch(ctx, dir, files, file); err != nil {
			return err
		}
		total += file.Bytes
		if err := o.say("%s  %s  %s", dir.Path(name), render.Bytes(file.Bytes), file.Role); err != nil {
			return err
		}
		if !o.unpack || file.Role != backup.FileContents {
			continue
		}
		done, err := dir.Unpack(ctx, name, files.Archive.Name, o.limit)
		if err != nil {
			return err
		}
		if err := o.say("%s  %s  %d files of the contents", dir.Path(files.Archive.Name)+"/", render.Bytes(done.Bytes), done.Files); err != nil {
			return err
		}
	}
	if o.Quiet {
		return nil
	}
	noun := "files"
	if len(chosen) == 1 {
		noun = "file"
	}
	from := files.Archive.Place
	if files.Archive.ThroughServer() {
		from += " through Velero's server, which does not give all of its files"
	}
	return o.say("wrote %d %s, %s, from %s", len(chosen), noun, render.Bytes(total), from)
}

func (o *options) say(format string, arguments ...any) error {
	_, err := fmt.Fprintln(o.Out, render.Escape(fmt.Sprintf(format, arguments...)))
	return err
}

func fetch(ctx context.Context, dir *download.Dir, files *collect.Files, file backup.ArchiveFile) error {
	stream, err := files.Open(ctx, file)
	if err != nil {
		return fmt.Errorf("read %s: %w", file.Key, err)
	}
	defer func() { _ = stream.Close() }()
	return dir.Write(path.Base(file.Key), stream, file.Bytes)
}
