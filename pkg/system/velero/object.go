package velero

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// ReadObject reads the Backup as it was when it was uploaded, whole. An error is
// a *DamageError, or a *SourceError, which is fs.ErrNotExist where the folder of
// the backup holds none.
func ReadObject(ctx context.Context, bucket Bucket, layout Layout, name string) (map[string]any, error) {
	if err := checkName(name); err != nil {
		return nil, &SourceError{Key: name, Err: errors.Join(err, fs.ErrNotExist)}
	}
	key := layout.Backup(name) + metadataFile
	data, err := readPlain(ctx, bucket, key, DefaultLimits().Object)
	if err != nil {
		return nil, err
	}
	var object map[string]any
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&object); err != nil {
		return nil, damaged(key, err)
	}
	if object["kind"] != "Backup" {
		return nil, damaged(key, fmt.Errorf("it holds an object of kind %q, not a Backup", object["kind"]))
	}
	return object, nil
}

// ObjectState is what an error of ReadObject says of the file.
func ObjectState(err error) backup.FileState {
	s, _ := state(err)
	return s
}
