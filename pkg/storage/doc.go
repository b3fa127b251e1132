// Package storage reads object storage: what lies at the place that a backup
// names, seen from where, as whom and when.
//
// It can only read. [Place] has no method that writes or deletes, holds its
// clients behind interfaces and functions that read, and a test keeps it so;
// the transport below the clients sends nothing but GET requests. It uses the
// credentials that it is given and no others: no SDK configuration is loaded,
// no environment, no metadata service.
//
// What could not be seen is never reported as empty. Every answer of a server
// is checked to be the document that was asked for before it counts.
package storage

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Source is a place in object storage that can be read, live or recorded. Keys
// are relative to the place; [SelfKey] is the object that has the very key of
// the prefix.
type Source interface {
	// Probe tells whether data lies at the place, in a constant number of requests.
	Probe(ctx context.Context) backup.StorageVerdict
	// Summarize counts the place page by page and keeps the largest maxGroups groups.
	Summarize(ctx context.Context, maxGroups int) backup.Contents
	// List calls each for every object until it returns an error.
	List(ctx context.Context, each func(backup.StoredObject) error) error
	// Stat finds one object; the error is fs.ErrNotExist where there is none.
	Stat(ctx context.Context, key string) (backup.StoredObject, error)
	// Read returns one object of at most maxBytes bytes.
	Read(ctx context.Context, key string, maxBytes int64) ([]byte, error)
}

var _ Source = (*Place)(nil)
