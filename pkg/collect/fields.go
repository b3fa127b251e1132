package collect

import (
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// nested reads a string field of a raw object; a missing one is empty.
func nested(raw map[string]any, path ...string) string {
	value, _, _ := unstructured.NestedString(raw, path...)
	return value
}

// number reads an integer field of a raw object; a missing one is zero. JSON
// numbers come as int64 or float64.
func number(raw map[string]any, path ...string) int64 {
	value, found, _ := unstructured.NestedFieldNoCopy(raw, path...)
	if !found {
		return 0
	}
	switch n := value.(type) {
	case int64:
		return n
	case float64:
		return int64(n)
	}
	return 0
}

// instant reads a time field of a raw object; nil where it is missing.
func instant(raw map[string]any, path ...string) *time.Time {
	text := nested(raw, path...)
	if text == "" {
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return nil
	}
	return &t
}

// items reads a list of objects; entries that are no objects are left out.
func items(raw map[string]any, path ...string) []map[string]any {
	value, found, _ := unstructured.NestedFieldNoCopy(raw, path...)
	list, ok := value.([]any)
	if !found || !ok {
		return nil
	}
	out := make([]map[string]any, 0, len(list))
	for _, entry := range list {
		if object, ok := entry.(map[string]any); ok {
			out = append(out, object)
		}
	}
	return out
}

// object reads a nested object; nil where it is missing.
func object(raw map[string]any, path ...string) map[string]any {
	value, _, _ := unstructured.NestedFieldNoCopy(raw, path...)
	m, _ := value.(map[string]any)
	return m
}

func created(raw map[string]any) time.Time {
	if t := instant(raw, "metadata", "creationTimestamp"); t != nil {
		return *t
	}
	return time.Time{}
}
