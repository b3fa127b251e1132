package velero

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// readResources reads the list of all that was taken, by kind. It may name
// hundreds of thousands of objects, so that it is read token by token.
func readResources(ctx context.Context, bucket Bucket, key string, limit int64) ([]backup.ArchivedKind, error) {
	file, err := openGzip(ctx, bucket, key, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	kinds, err := decodeKinds(jsontext.NewDecoder(file, jsontext.AllowInvalidUTF8(true)))
	if err != nil {
		return nil, damaged(key, err)
	}
	slices.SortFunc(kinds, func(a, b backup.ArchivedKind) int { return strings.Compare(a.Kind, b.Kind) })
	return kinds, nil
}

// decodeKinds reads {"group/version/Kind": ["namespace/name", …], …}.
func decodeKinds(decoder *jsontext.Decoder) ([]backup.ArchivedKind, error) {
	opening, err := decoder.ReadToken()
	if err != nil {
		return nil, err
	}
	if opening.Kind() == 'n' {
		return nil, atEnd(decoder)
	}
	if opening.Kind() != '{' {
		return nil, errNotMap
	}
	var kinds []backup.ArchivedKind
	for decoder.PeekKind() != '}' {
		name, err := decoder.ReadToken()
		if err != nil {
			return nil, err
		}
		kind := backup.ArchivedKind{Kind: name.String()}
		if kind.Names, err = decodeNames(decoder); err != nil {
			return nil, err
		}
		kinds = append(kinds, kind)
	}
	if _, err := decoder.ReadToken(); err != nil {
		return nil, err
	}
	return kinds, atEnd(decoder)
}

func decodeNames(decoder *jsontext.Decoder) ([]string, error) {
	opening, err := decoder.ReadToken()
	if err != nil || opening.Kind() == 'n' {
		return nil, err
	}
	if opening.Kind() != '[' {
		return nil, errNotList
	}
	var names []string
	for decoder.PeekKind() == '"' {
		name, err := decoder.ReadToken()
		if err != nil {
			return nil, err
		}
		names = append(names, name.String())
	}
	closing, err := decoder.ReadToken()
	if err == nil && closing.Kind() != ']' {
		err = errNotList
	}
	return names, err
}

// atEnd is nil where nothing follows.
func atEnd(decoder *jsontext.Decoder) error {
	_, err := decoder.ReadToken()
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return err
	case errors.Is(err, io.EOF):
		return nil
	case err == nil:
		return errMore
	}
	return err
}

// namesOf are the objects of a kind in a resource list.
func namesOf(kinds []backup.ArchivedKind, kind string) []string {
	for _, k := range kinds {
		if k.Kind == kind {
			return k.Names
		}
	}
	return nil
}
