package storage

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// sampleSize is how many objects a verdict shows.
const sampleSize = 5

// defaultLockTTL is for a profile that names locks without a time: BR refreshes
// its lock every four minutes and takes it for stale after five
// (pingcap/tidb br/pkg/checkpoint).
const defaultLockTTL = 5 * time.Minute

// sighting is what the requests of one probe saw. It holds at most the keys of
// five pages, whatever the size of the place.
type sighting struct {
	area    area
	markers markers
	lockTTL time.Duration
	now     time.Time
	creds   Credentials // what notes must not show

	current map[string]seenObject // by the bucket's key
	cut     bool                  // the first page was not the last
	// searched tells that the places of all completion markers were looked at.
	searched bool
	bucket   backup.Answer // whether the whole bucket is empty

	oldData, oldResidue, deleteMarkers backup.Count
	openUploads                        backup.Count
	versions, uploads                  backup.Lookup
	versionsCut, uploadsCut            bool
	newest                             time.Time
	freshLock                          string
	notes                              []string
}

// seenObject is a current object and what the markers make of it.
type seenObject struct {
	backup.StoredObject
	residue, completes bool
}

func newSighting(a area, m backup.Markers, now time.Time, creds Credentials) *sighting {
	ttl := time.Duration(m.LockTTL)
	if ttl <= 0 {
		ttl = defaultLockTTL
	}
	return &sighting{area: a, markers: compileMarkers(m), lockTTL: ttl, now: now, creds: creds, current: map[string]seenObject{}}
}

// addObject takes one object by the bucket's key; what is outside the place
// only shows that the bucket holds something.
func (s *sighting) addObject(object backup.StoredObject) {
	key := object.Key
	s.bucket = backup.No
	relative, inside := s.area.relative(key)
	if !inside {
		return
	}
	name := s.area.markerName(key)
	s.current[key] = seenObject{
		StoredObject: backup.StoredObject{Key: relative, Bytes: object.Bytes, Modified: object.Modified},
		residue:      s.isResidue(key, object.Bytes),
		completes:    s.markers.complete.match(name),
	}
	if object.Modified.After(s.newest) {
		s.newest = object.Modified
	}
	if s.markers.locks.match(name) {
		s.touchLock(relative, object.Modified)
	}
}

// touchLock remembers a sign of a running writer. A time ahead of our clock is fresh.
func (s *sighting) touchLock(key string, modified time.Time) {
	if s.freshLock == "" && s.now.Sub(modified) < s.lockTTL {
		s.freshLock = key
	}
}

// addOldVersion takes one noncurrent version.
func (s *sighting) addOldVersion(key string, bytes int64) {
	if _, inside := s.area.relative(key); !inside {
		return
	}
	count := &s.oldData
	if s.isResidue(key, bytes) {
		count = &s.oldResidue
	}
	count.Objects++
	count.Bytes += bytes
}

func (s *sighting) addDeleteMarker(key string) {
	if _, inside := s.area.relative(key); inside {
		s.deleteMarkers.Objects++
	}
}

// addUpload takes an upload that was never finished. A young one is a writer at work.
func (s *sighting) addUpload(key string, initiated time.Time) {
	relative, inside := s.area.relative(key)
	if !inside {
		return
	}
	s.openUploads.Objects++
	s.touchLock(relative, initiated)
}

// note adds a remark about something that could not be seen.
func (s *sighting) note(what string, err error) {
	s.notes = append(s.notes, what+": "+newFault(err, s.creds).Error())
}

// isResidue tells whether an object is no data: a lock, marker or checkpoint of
// the profile, or the zero-byte key that stands for a folder.
func (s *sighting) isResidue(key string, bytes int64) bool {
	if bytes == 0 && strings.HasSuffix(key, "/") {
		return true
	}
	name := s.area.markerName(key)
	if s.markers.complete.match(name) {
		return false
	}
	return s.markers.residue.match(name) || s.markers.locks.match(name)
}

func (s *sighting) hasData() bool {
	for _, object := range s.current {
		if !object.residue {
			return true
		}
	}
	return false
}

func (s *sighting) hasCompletion() bool {
	for _, object := range s.current {
		if object.completes {
			return true
		}
	}
	return false
}

// sample shows data before residue, then by key.
func (s *sighting) sample() []backup.StoredObject {
	rank := func(o seenObject) int {
		if o.residue {
			return 1
		}
		return 0
	}
	sorted := slices.SortedFunc(maps.Values(s.current), func(a, b seenObject) int {
		return cmp.Or(rank(a)-rank(b), strings.Compare(a.Key, b.Key))
	})
	var sample []backup.StoredObject
	for _, object := range sorted[:min(len(sorted), sampleSize)] {
		sample = append(sample, object.StoredObject)
	}
	return sample
}
