package system

import (
	"strings"
	"time"
)

// owned is the latest entry of managedFields that owns one of some fields. The
// time is that of the manager's last write to any of its fields, so the field
// itself changed then or earlier.
func owned(raw map[string]any, owns func(fields map[string]any) bool) (manager string, at *time.Time) {
	for _, item := range list(object(raw, "metadata"), "managedFields") {
		entry, _ := item.(map[string]any)
		if !owns(object(entry, "fieldsV1")) {
			continue
		}
		written := instant(entry, "time")
		if manager == "" || at == nil || written != nil && written.After(*at) {
			manager, at = text(entry, "manager"), written
		}
	}
	return manager, at
}

// ownsPath tells whether a set of fields has the path, such as "spec.s3", or
// anything below it.
func ownsPath(path string) func(fields map[string]any) bool {
	return func(fields map[string]any) bool {
		for key := range strings.SplitSeq(path, ".") {
			next, ok := fields["f:"+key].(map[string]any)
			if !ok {
				return false
			}
			fields = next
		}
		return true
	}
}

// ownsAny tells whether a set of fields has one of the paths.
func ownsAny(paths []string) func(fields map[string]any) bool {
	return func(fields map[string]any) bool {
		for _, path := range paths {
			if ownsPath(path)(fields) {
				return true
			}
		}
		return false
	}
}

// ownsFinalizer tells whether a set of fields has the finalizer: finalizers are
// a set, so that each value has its own owner.
func ownsFinalizer(name string) func(fields map[string]any) bool {
	return func(fields map[string]any) bool {
		_, ok := object(fields, "f:metadata", "f:finalizers")[`v:"`+name+`"`]
		return ok
	}
}
