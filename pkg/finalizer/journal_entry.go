package finalizer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// The files of an entry.
const (
	planFile     = "plan.json"
	evidenceFile = "evidence.json"
	objectFile   = "object.json"
	recreateFile = "recreate.json"
	noteFile     = "note.json"
	outcomesFile = "outcomes.jsonl"
	resultFile   = "result.json"
)

// Entry is an entry of the journal that is being written.
type Entry struct {
	id     string
	folder *os.Root
}

// ID is the name of the entry.
func (e *Entry) ID() string { return e.id }

// Step appends how a step went; when it returns, that is on disk. An error wraps
// ErrNotWritable.
func (e *Entry) Step(outcome backup.Outcome) error {
	line, err := json.Marshal(outcome)
	if err == nil {
		err = e.put(outcomesFile, os.O_APPEND, append(line, '\n'))
	}
	if err != nil {
		return fmt.Errorf("%w: entry %s: %w", ErrNotWritable, e.id, err)
	}
	return nil
}

// End writes the result and closes the entry. An error wraps ErrNotWritable.
func (e *Entry) End(result backup.Result) error {
	if err := errors.Join(e.write(resultFile, result), e.folder.Close()); err != nil {
		return fmt.Errorf("%w: entry %s: %w", ErrNotWritable, e.id, err)
	}
	return nil
}

// write makes one new JSON file.
func (e *Entry) write(name string, value any) error {
	data, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return e.put(name, os.O_EXCL, append(data, '\n'))
}

// put writes to a file that only its owner can read, down to the disk.
func (e *Entry) put(name string, mode int, data []byte) error {
	file, err := e.folder.OpenFile(name, os.O_CREATE|os.O_WRONLY|mode, 0o600)
	if err != nil {
		return err
	}
	_, written := file.Write(data)
	return errors.Join(written, file.Sync(), file.Close(), syncFolder(e.folder))
}

// readRecord reads whatever of an entry is there. A crash while it was written
// may have cut off the last file or line.
func readRecord(folder *os.Root, id string) Record {
	r := Record{Summary: Summary{ID: id, State: StateInterrupted}, Note: RecreateNote}
	read := func(name string, into any) bool {
		data, err := folder.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(data, into)
		}
		return err == nil
	}
	for name, into := range map[string]any{
		planFile: &r.Plan, evidenceFile: &r.Evidence, objectFile: &r.Object, recreateFile: &r.Recreate,
	} {
		if !read(name, into) {
			r.Unreadable = append(r.Unreadable, name)
		}
	}
	var result backup.Result
	if read(resultFile, &result) {
		r.Result, r.State = &result, result.Ended
	}
	data, err := folder.ReadFile(outcomesFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.Unreadable = append(r.Unreadable, outcomesFile)
	}
	for line := range bytes.Lines(data) {
		var outcome backup.Outcome
		if json.Unmarshal(line, &outcome) != nil {
			r.Unreadable = append(r.Unreadable, outcomesFile)
			break
		}
		r.Outcomes = append(r.Outcomes, outcome)
	}
	r.Target, r.Way = r.Plan.Target, r.Plan.Way
	return r
}

// Recreation is the manifest with which an object can be created again: without
// its status, and without what would make the server refuse it or collect it as
// garbage at once.
func Recreation(object map[string]any) map[string]any {
	out := maps.Clone(object)
	delete(out, "status")
	metadata, _ := out["metadata"].(map[string]any)
	if metadata == nil {
		return out
	}
	metadata = maps.Clone(metadata)
	for _, field := range []string{
		"uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
		"generation", "selfLink", "ownerReferences", "finalizers", "managedFields",
	} {
		delete(metadata, field)
	}
	out["metadata"] = metadata
	return out
}
