package storage

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// maxProbeRequests is how many requests a probe may send, however many objects there are.
const maxProbeRequests = 5

// Probe tells what lies at the place. For a folder that can be listed it sends
// five requests, whether nothing lies there or a million objects:
//
//  1. the first page below the prefix (or of the single object);
//  2. the bucket itself: the control request;
//  3. for a folder, the object whose key is the prefix itself;
//  4. the old versions; where S3 does not list them, the versioning of the
//     bucket, which is the only other proof that there are none;
//  5. the open uploads; in Google Cloud Storage the soft-deleted objects, which
//     leaves its open uploads unknown unless 3 was not needed.
//
// What the verdict needs is asked first. Where the first page is not the last,
// the completion markers and locks that it may not have reached come before 2 and 3.
//
// The credentials have to be allowed to list the prefix and the bucket: a
// denied control request leaves the verdict unknown, for a server that answers
// an empty page to everything looks the same as an empty place.
func (p *Place) Probe(ctx context.Context) backup.StorageVerdict {
	v := blank(p.loc, p.creds, p.opts)
	ctx, requests := withTally(ctx, maxProbeRequests)
	seen := newSighting(p.area, p.loc.Markers, v.At, p.creds)
	err := (&probe{Place: p, seen: seen, requests: requests}).run(ctx)
	seen.fill(&v)
	if err != nil {
		report(&v, p.fault(err))
	} else {
		v.Class, v.Reason = classify(seen)
		v.Detail = seen.remarks()
	}
	v.Requests = int(requests.made.Load())
	return v
}

// probe is one run of the requests.
type probe struct {
	*Place
	seen     *sighting
	requests *tally
	// Whether requests 2 and 3 were sent.
	controlled, besideSeen bool
}

func (p *probe) run(ctx context.Context) error {
	if p.prefix == "" {
		if err := p.control(ctx); err != nil {
			return err
		}
		return &Fault{Reason: backup.ReasonEmptyPrefix, Text: "the prefix is empty: the place is the whole bucket"}
	}
	if err := p.first(ctx); err != nil {
		return err
	}
	switch {
	case p.seen.cut:
		p.search(ctx)
	case !p.seen.hasData():
		if err := p.beside(ctx); err != nil {
			return err
		}
	}
	p.history(ctx)
	p.rest(ctx)
	return nil
}

// rest spends what is left of the requests on the questions that the verdict
// did not need, so that a look costs the same whatever lies there. An error
// changes nothing any more.
func (p *probe) rest(ctx context.Context) {
	if p.requests.left() > 0 && !p.controlled {
		_ = p.control(ctx)
	}
	if p.requests.left() > 0 && !p.object && !p.besideSeen {
		_, _ = p.list(ctx, p.prefix, 1)
	}
}

// first lists the place. The object with the very key of a prefix is the first
// of all keys that start with it, so one key is enough for a single object.
func (p *probe) first(ctx context.Context) error {
	if p.object {
		_, err := p.list(ctx, p.prefix, 1)
		return err
	}
	cut, err := p.list(ctx, p.folder(), pageSize)
	p.seen.cut = cut
	return err
}

// beside shows that the bucket answers and, for a folder, whether an object
// has the very key of the prefix.
func (p *probe) beside(ctx context.Context) error {
	if p.seen.bucket == backup.Unknown {
		if err := p.control(ctx); err != nil {
			return err
		}
	}
	if p.object || p.seen.bucket == backup.Yes {
		return nil
	}
	p.besideSeen = true
	_, err := p.list(ctx, p.prefix, 1)
	return err
}

// control asks the bucket for any one object.
func (p *probe) control(ctx context.Context) error {
	p.controlled = true
	if _, err := p.list(ctx, "", 1); err != nil {
		return err
	}
	if p.seen.bucket == backup.Unknown {
		p.seen.bucket = backup.Yes
	}
	return nil
}

// search looks for completion markers and locks behind the first page, as far
// as the requests go. What it cannot find stays open, so errors only end it.
func (p *probe) search(ctx context.Context) {
	if !p.seen.hasCompletion() {
		p.seen.searched = p.searchAll(ctx, p.loc.Markers.Complete)
	}
	if p.seen.freshLock == "" {
		p.searchAll(ctx, p.loc.Markers.Locks)
	}
}

// searchAll tells whether every place that the globs can match was looked at.
func (p *probe) searchAll(ctx context.Context, patterns []string) bool {
	for _, pattern := range patterns {
		start, exact := globStart(pattern)
		keys := int32(pageSize)
		if exact {
			keys = 1
		}
		// A glob that starts with a wildcard would list the same page again.
		if start == "" || p.requests.left() == 0 {
			return false
		}
		cut, err := p.list(ctx, p.folder()+start, keys)
		if err != nil || cut && !exact {
			return false
		}
	}
	return true
}

// list takes one page of objects and tells whether there are more. A page for
// one key that is empty and yet goes on tells nothing.
func (p *probe) list(ctx context.Context, prefix string, keys int32) (cut bool, err error) {
	found := 0
	cut, err = p.store.list(ctx, query{prefix: prefix, keys: keys}, func(object backup.StoredObject) error {
		found++
		p.seen.addObject(object)
		return nil
	})
	if err != nil {
		return false, p.fault(err)
	}
	if keys == 1 && found == 0 && cut {
		return false, &Fault{Reason: backup.ReasonCutShort, Text: "the server answers with an empty page and says that there is more"}
	}
	return cut, nil
}

// history looks for what a plain listing does not show. It can fail without
// harm: what it leaves open, the classes treat as unknown.
func (p *probe) history(ctx context.Context) {
	hidden := p.store.dialect.hidden(p.seen)
	p.seen.versions = p.settle(ctx, hidden.versions)
	p.seen.uploads = p.settle(ctx, hidden.uploads)
	if p.seen.uploads == backup.NotAsked && !p.seen.hasData() {
		p.seen.notes = append(p.seen.notes, "open uploads were not looked for")
	}
}

// settle asks questions until one is not answered: what they are about is then open.
func (p *probe) settle(ctx context.Context, questions []question) backup.Lookup {
	settled := backup.NotAsked
	for _, q := range questions {
		if p.requests.left() == 0 {
			return backup.NotAsked
		}
		if err := q.ask(ctx); err != nil {
			p.seen.note(q.what+" cannot be listed", err)
			if q.otherwise == nil || p.requests.left() == 0 || !q.otherwise(ctx) {
				return lookupOf(p.fault(err))
			}
			settled = backup.Absent
			continue
		}
		settled = backup.Found
	}
	return settled
}
