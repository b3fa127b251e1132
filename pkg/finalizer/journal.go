package finalizer

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// StateInterrupted is the state of an entry that has no result: the program was
// stopped in between, or is still at it.
const StateInterrupted = "interrupted"

// RecreateNote says what the manifest for re-creation does.
const RecreateNote = "Creating the object again from its manifest starts a new run. It brings back neither the old object nor its data."

// Journal is a folder with one entry for each plan that was carried out. Each
// entry is written to disk before the cluster is written to.
type Journal struct {
	Dir    string
	Now    func() time.Time
	Random io.Reader // for the end of an entry's name; crypto/rand.Reader
}

// Summary is one entry of the journal in a list.
type Summary struct {
	ID     string     `json:"id"`
	State  string     `json:"state"` // "interrupted", or how the result ended
	Target backup.Ref `json:"target"`
	Way    string     `json:"way"`
}

// Record is one whole entry of the journal, as far as it could be read.
type Record struct {
	Summary
	Note     string           `json:"note"`
	Plan     backup.Plan      `json:"plan"`
	Evidence backup.Evidence  `json:"evidence"`
	Object   map[string]any   `json:"object"`   // as it was, redacted
	Recreate map[string]any   `json:"recreate"` // the manifest for re-creation
	Outcomes []backup.Outcome `json:"outcomes,omitempty"`
	Result   *backup.Result   `json:"result,omitempty"`
	// Unreadable names files of the entry that are missing or cut off.
	Unreadable []string `json:"unreadable,omitempty"`
}

// The name of an entry sorts by time: "20261121T090712.482Z-3f9a0c".
var entryName = regexp.MustCompile(`^\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{6}$`)

// Begin writes a new entry with the plan, its evidence and the object, which the
// caller has redacted. An error wraps ErrNotWritable.
func (j *Journal) Begin(plan backup.Plan, ev backup.Evidence, object map[string]any) (*Entry, error) {
	entry, err := j.begin(plan, ev, object)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotWritable, err)
	}
	return entry, nil
}

func (j *Journal) begin(plan backup.Plan, ev backup.Evidence, object map[string]any) (*Entry, error) {
	root, err := openPrivate(j.Dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	id, err := j.newName()
	if err != nil {
		return nil, err
	}
	if err := root.Mkdir(id, 0o700); err != nil {
		return nil, err
	}
	folder, err := root.OpenRoot(id)
	if err != nil {
		return nil, err
	}
	entry := &Entry{id: id, folder: folder}
	err = errors.Join(
		entry.write(planFile, plan),
		entry.write(evidenceFile, ev),
		entry.write(objectFile, object),
		entry.write(recreateFile, Recreation(object)),
		entry.write(noteFile, RecreateNote),
		syncFolder(root),
	)
	if err != nil {
		return nil, errors.Join(err, folder.Close())
	}
	return entry, nil
}

func (j *Journal) newName() (string, error) {
	tail := make([]byte, 3)
	if _, err := io.ReadFull(j.Random, tail); err != nil {
		return "", fmt.Errorf("name of the entry: %w", err)
	}
	return j.Now().UTC().Format("20060102T150405.000Z") + "-" + hex.EncodeToString(tail), nil
}

// List returns the entries, the latest first. A journal that was never written is empty.
func (j *Journal) List() ([]Summary, error) {
	entries, err := os.ReadDir(j.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the journal: %w", err)
	}
	var out []Summary
	for _, e := range slices.Backward(entries) {
		if !entryName.MatchString(e.Name()) {
			continue
		}
		if record, err := j.Show(e.Name()); err == nil {
			out = append(out, record.Summary)
		}
	}
	return out, nil
}

// Show returns one entry as far as it could be written. An error wraps
// ErrNoEntry where there is none of that name.
func (j *Journal) Show(id string) (Record, error) {
	if !entryName.MatchString(id) {
		return Record{}, fmt.Errorf("%w: %q", ErrNoEntry, id)
	}
	root, err := os.OpenRoot(j.Dir)
	if err != nil {
		return Record{}, fmt.Errorf("%w: %q: %w", ErrNoEntry, id, err)
	}
	defer root.Close()
	folder, err := root.OpenRoot(id)
	if err != nil {
		return Record{}, fmt.Errorf("%w: %q: %w", ErrNoEntry, id, err)
	}
	defer folder.Close()
	return readRecord(folder, id), nil
}
