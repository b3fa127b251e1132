package storage

import (
	"context"
	"errors"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Top is what lies at the top of a place.
type Top struct {
	// Folders are the first parts of keys, with their slash; Objects lie in no folder.
	Folders []string
	Objects []backup.StoredObject
	// Complete is false where there is more than was asked for.
	Complete bool
}

// Top lists the folders at the top of a place and what lies beside them, at most
// limit of both, however much lies below. Errors are a *Fault.
func (p *Place) Top(ctx context.Context, limit int) (Top, error) {
	var top Top
	root := p.folder()
	room := func() error {
		if len(top.Folders)+len(top.Objects) == limit {
			return errEnough
		}
		return nil
	}
	q := query{prefix: root, keys: pageSize, all: true, folder: func(key string) error {
		if err := room(); err != nil {
			return err
		}
		top.Folders = append(top.Folders, key[len(root):])
		return nil
	}}
	_, err := p.store.list(ctx, q, func(object backup.StoredObject) error {
		relative, inside := p.relative(object.Key)
		if !inside {
			return nil
		}
		if err := room(); err != nil {
			return err
		}
		object.Key = relative
		top.Objects = append(top.Objects, object)
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return Top{}, p.fault(err)
	}
	top.Complete = err == nil
	return top, nil
}
