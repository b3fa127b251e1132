package storage

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// OtherGroup sums what is not shown by name.
const OtherGroup = "(other)"

// maxTracked bounds the names that are kept while counting, and so the memory.
const maxTracked = 4096

// Summarize counts all objects and bytes of the place page by page, and by
// first folder or, outside folders, by file ending. It keeps no keys: beyond
// 4096 different groups, and beyond the maxGroups largest, objects are counted
// as OtherGroup. Complete is false where the listing stopped; Error says why.
func (p *Place) Summarize(ctx context.Context, maxGroups int) backup.Contents {
	total, groups := backup.Count{}, map[string]*backup.Count{}
	err := p.List(ctx, func(object backup.StoredObject) error {
		add(&total, object.Bytes)
		add(groupOf(groups, object.Key), object.Bytes)
		return nil
	})
	contents := backup.Contents{Total: total, Groups: largest(groups, maxGroups), Complete: err == nil}
	if err != nil {
		contents.Total.AtLeast = true
		contents.Error = p.fault(err).Error()
	}
	return contents
}

func add(count *backup.Count, bytes int64) {
	count.Objects++
	count.Bytes += bytes
}

func groupOf(groups map[string]*backup.Count, key string) *backup.Count {
	name := groupName(key)
	if groups[name] == nil && len(groups) >= maxTracked {
		name = OtherGroup
	}
	if groups[name] == nil {
		groups[name] = &backup.Count{}
	}
	return groups[name]
}

// groupName is "folder/", "*.sst", or the name of a file without an ending.
func groupName(key string) string {
	if folder, _, nested := strings.Cut(key, "/"); nested {
		return folder + "/"
	}
	if ending := path.Ext(key); len(ending) > 1 && len(ending) < len(key) {
		return "*" + ending
	}
	return key
}

// largest sorts by bytes, then objects, then name, and folds the rest.
func largest(groups map[string]*backup.Count, limit int) []backup.ContentGroup {
	other := backup.Count{}
	if rest := groups[OtherGroup]; rest != nil {
		other = *rest
	}
	var sorted []backup.ContentGroup
	for name, count := range groups {
		if name != OtherGroup {
			sorted = append(sorted, backup.ContentGroup{Name: name, Count: *count})
		}
	}
	slices.SortFunc(sorted, func(a, b backup.ContentGroup) int {
		return cmp.Or(cmp.Compare(b.Count.Bytes, a.Count.Bytes), cmp.Compare(b.Count.Objects, a.Count.Objects), strings.Compare(a.Name, b.Name))
	})
	limit = min(max(limit, 0), len(sorted))
	for _, group := range sorted[limit:] {
		other.Objects += group.Count.Objects
		other.Bytes += group.Count.Bytes
	}
	sorted = sorted[:limit]
	if other.Objects > 0 {
		sorted = append(sorted, backup.ContentGroup{Name: OtherGroup, Count: other})
	}
	return sorted
}
