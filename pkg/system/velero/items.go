package velero

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Item is one object in the tarball.
type Item struct {
	Resource  string // "deployments.apps"
	Namespace string // empty for cluster-scoped ones
	Name      string
	// Version is set for the copy in one API version that lies beside the object
	// itself: "v1", "v1-preferredversion".
	Version string
}

// Items streams the tarball of a backup and calls each for every object, until it
// returns an error; the reader ends with the object. It returns the format that the
// tarball names. A path that would lead out of a folder is damage, not an item.
func Items(ctx context.Context, bucket Bucket, key string, limits Limits, each func(Item, io.Reader) error) (format string, err error) {
	file, err := openGzip(ctx, bucket, key, limits.orDefault().Contents)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	for entries := tar.NewReader(file); ; {
		entry, err := entries.Next()
		if errors.Is(err, io.EOF) {
			// What is behind the last entry is read, too: there is the checksum.
			if _, err := io.Copy(io.Discard, file); err != nil {
				return format, err
			}
			return format, nil
		}
		if err != nil {
			return format, damaged(key, err)
		}
		if entry.Typeflag != tar.TypeReg {
			continue
		}
		if entry.Name == "metadata/version" {
			text, err := io.ReadAll(io.LimitReader(entries, 64))
			if err != nil {
				return format, damaged(key, err)
			}
			format = strings.TrimSpace(string(text))
			continue
		}
		item, known, err := itemOf(entry.Name)
		if err != nil {
			return format, damaged(key, err)
		}
		if known {
			if err := each(item, entries); err != nil {
				return format, err
			}
		}
	}
}

// itemOf reads resources/RESOURCE[/VERSION]/{cluster|namespaces/NAMESPACE}/NAME.json
// (velero@v1.18.3 pkg/archive/filesystem.go).
func itemOf(name string) (item Item, known bool, err error) {
	rest, ok := strings.CutPrefix(name, "resources/")
	rest, isJSON := strings.CutSuffix(rest, ".json")
	parts := strings.Split(rest, "/")
	for _, part := range parts {
		if part == "." || part == ".." || strings.ContainsAny(part, "\\\x00") {
			return Item{}, false, fmt.Errorf("path %q in the tarball leads elsewhere", name)
		}
	}
	if !ok || !isJSON || len(parts) < 3 {
		return Item{}, false, nil
	}
	item.Resource, parts = parts[0], parts[1:]
	if parts[0] != "cluster" && parts[0] != "namespaces" {
		item.Version, parts = parts[0], parts[1:]
	}
	switch {
	case len(parts) >= 2 && parts[0] == "cluster":
		item.Name = strings.Join(parts[1:], "/")
	case len(parts) >= 3 && parts[0] == "namespaces":
		item.Namespace, item.Name = parts[1], strings.Join(parts[2:], "/")
	default:
		return Item{}, false, nil
	}
	return item, true, nil
}

// itemCounts counts items by resource and namespace.
type itemCounts map[Item]int64

func (c itemCounts) add(item Item) {
	c[Item{Resource: item.Resource, Namespace: item.Namespace}]++
}

func (c itemCounts) sorted() (total int64, counts []backup.ItemCount) {
	for item, n := range c {
		total += n
		counts = append(counts, backup.ItemCount{Resource: item.Resource, Namespace: item.Namespace, Items: n})
	}
	slices.SortFunc(counts, func(a, b backup.ItemCount) int {
		if byResource := strings.Compare(a.Resource, b.Resource); byResource != 0 {
			return byResource
		}
		return strings.Compare(a.Namespace, b.Namespace)
	})
	return total, counts
}
