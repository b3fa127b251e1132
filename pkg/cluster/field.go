package cluster

// field walks into an object; nil where the path ends before.
func field(object map[string]any, path ...string) any {
	var at any = object
	for _, key := range path {
		m, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = m[key]
	}
	return at
}

// text is the string at a path, or empty.
func text(object map[string]any, path ...string) string {
	s, _ := field(object, path...).(string)
	return s
}

// number is the whole number at a path, or zero.
func number(object map[string]any, path ...string) int64 {
	n, _ := field(object, path...).(int64)
	return n
}

// list is the list at a path, or nil.
func list(object map[string]any, path ...string) []any {
	l, _ := field(object, path...).([]any)
	return l
}

// objects are the maps of the list at a path.
func objects(object map[string]any, path ...string) []map[string]any {
	var out []map[string]any
	for _, item := range list(object, path...) {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}
