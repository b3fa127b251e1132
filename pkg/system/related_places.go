package system

import (
	"errors"

	"cel.dev/cel-go/common/types"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// unread tells whether the related object that names a place could not be read.
// The place is listed once for all of its alternatives, unless the object names
// no such place at all.
func (s *scope) unread(field, name string) (unread, listed bool) {
	if name == "" {
		return false, false
	}
	value, _ := s.ResolveName(relatedPrefix + name)
	failed, unread := value.(*types.Err)
	if !unread || errors.Is(failed, errUnnamed) || s.missing[name] {
		return unread, false
	}
	if s.missing == nil {
		s.missing = map[string]bool{}
	}
	s.missing[name] = true
	s.lacks(field, failed)
	return true, true
}

// relatedLookup is how the reading of a related object ended; not asked for one
// that cannot be named yet, and found for none.
func (k *Kind) relatedLookup(s *scope, name string) backup.Lookup {
	for i := range k.reader.spec.Related {
		spec := &k.reader.spec.Related[i]
		if spec.Name != name {
			continue
		}
		switch ref, err := k.reference(s, spec); {
		case errors.Is(err, errUnnamed):
			return backup.Found // there is nothing to read
		case err != nil:
			return backup.NotAsked
		default:
			return k.related.get(ref).lookup
		}
	}
	return backup.Found
}

// placesRead tells whether everything that names the places was asked for, so
// that a place which is not known is not merely one that nobody looked for.
func (k *Kind) placesRead(s *scope) bool {
	for i := range k.reader.spec.Locations {
		if k.relatedLookup(s, k.reader.spec.Locations[i].Related) == backup.NotAsked {
			return false
		}
	}
	return true
}

// Places are the addresses of an object whose row was read, for a comparison
// with others. A related object that does not exist names no place; one that
// was not read leaves a place without a provider.
func (k *Kind) Places(raw map[string]any, row backup.Object) []backup.Location {
	if len(k.reader.spec.Related) == 0 {
		return row.Locations
	}
	s := k.scope(raw)
	for i := range k.reader.spec.Locations {
		if k.relatedLookup(s, k.reader.spec.Locations[i].Related) == backup.Absent {
			return nil
		}
	}
	return k.places(s)
}
