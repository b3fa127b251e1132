package storage

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"
)

// SelfKey names the object whose key is the prefix itself: `demo`, beside the
// folder `demo/`. A place that is a single object holds nothing else.
const SelfKey = "."

// folderKey shows the object whose key is the prefix with a slash, which some
// tools write to stand for the folder.
const folderKey = "/"

// maxKeyBytes is the longest key of S3 (Amazon S3 user guide, "Creating object key names").
const maxKeyBytes = 1024

// CleanPrefix is the prefix without slashes at its ends, as the tools that write
// below it use it. A dot segment is an error: a server or a proxy on the way
// may resolve it, and the place would be another one.
func CleanPrefix(prefix string) (string, error) {
	cleaned := strings.Trim(prefix, "/")
	if cleaned == "" {
		return "", nil
	}
	if err := checkPath(cleaned); err != nil {
		return "", fmt.Errorf("prefix %q: %w", prefix, err)
	}
	return cleaned, nil
}

// CleanKey checks a key that is relative to a place: it cannot leave the place.
func CleanKey(key string) (string, error) {
	if key == "" || strings.HasPrefix(key, "/") {
		return "", fmt.Errorf("key %q is not relative to the place", key)
	}
	if err := checkPath(key); err != nil {
		return "", fmt.Errorf("key %q: %w", key, err)
	}
	return key, nil
}

func checkPath(name string) error {
	switch {
	case len(name) > maxKeyBytes:
		return fmt.Errorf("longer than %d bytes", maxKeyBytes)
	case !utf8.ValidString(name):
		return errors.New("not valid UTF-8")
	case strings.ContainsRune(name, 0):
		return errors.New("holds a zero byte")
	}
	for segment := range strings.SplitSeq(name, "/") {
		if segment == "." || segment == ".." {
			return fmt.Errorf("holds the segment %q", segment)
		}
	}
	return nil
}

// area is the part of a bucket that a place covers.
type area struct {
	prefix string // cleaned
	object bool   // only the object with the key prefix
}

// folder is what every key below the place starts with.
func (a area) folder() string {
	if a.prefix == "" {
		return ""
	}
	return a.prefix + "/"
}

// listed is the prefix that a listing of the place asks for.
func (a area) listed() string {
	if a.object {
		return a.prefix
	}
	return a.folder()
}

// relative is a bucket's key as seen from the place, and whether it lies in it.
// It is for showing: only the bucket's key tells `demo` from `demo/.`.
func (a area) relative(key string) (string, bool) {
	if a.prefix != "" && key == a.prefix {
		return SelfKey, true
	}
	if a.object || !strings.HasPrefix(key, a.folder()) {
		return "", false
	}
	if key == a.folder() {
		return folderKey, true
	}
	return strings.TrimPrefix(key, a.folder()), true
}

// full is the bucket's key for a relative one.
func (a area) full(key string) (string, error) {
	if key == SelfKey && a.prefix != "" {
		return a.prefix, nil
	}
	if a.object {
		return "", fmt.Errorf("key %q: the place is the single object %q", key, a.prefix)
	}
	cleaned, err := CleanKey(key)
	if err != nil {
		return "", err
	}
	full := a.folder() + cleaned
	if len(full) > maxKeyBytes {
		return "", fmt.Errorf("key %q: longer than %d bytes with its prefix", key, maxKeyBytes)
	}
	return full, nil
}

// markerName is what the globs of a profile see of a bucket's key: for the
// object itself that is the last part of its name.
func (a area) markerName(key string) string {
	if key == a.prefix {
		return path.Base(key)
	}
	return strings.TrimPrefix(key, a.folder())
}
