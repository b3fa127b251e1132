package system

import (
	"fmt"
	"regexp"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// path is an expression that only follows fields of self. It is read without
// CEL, with the same meaning: lists of ten thousand objects are made of these.
type path []step

type step struct {
	key      string
	optional bool
}

var (
	plainPath = regexp.MustCompile(`^self((\.\??[A-Za-z_][A-Za-z0-9_]*)|(\[\??"[^"\\]*"\]))+$`)
	pathStep  = regexp.MustCompile(`(?:\.(\??)([A-Za-z_][A-Za-z0-9_]*))|(?:\[(\??)"([^"\\]*)"\])`)
)

// parsePath takes an expression apart; nil if it is more than a path. Behind an
// optional step every further one is optional, as in CEL.
func parsePath(expr Expr) path {
	if !plainPath.MatchString(string(expr)) {
		return nil
	}
	var out path
	optional := false
	for _, m := range pathStep.FindAllStringSubmatch(string(expr)[len("self"):], -1) {
		optional = optional || m[1] == "?" || m[3] == "?"
		out = append(out, step{key: m[2] + m[4], optional: optional})
	}
	return out
}

// follow reads the value at the path; null where an optional step finds nothing.
func (p path) follow(raw map[string]any) (ref.Val, error) {
	var value any = raw
	for _, s := range p {
		object, ok := value.(map[string]any)
		if !ok {
			if value == nil && s.optional {
				return types.NullValue, nil
			}
			return nil, fmt.Errorf("no key %q in a value that is no object", s.key)
		}
		next, found := object[s.key]
		if !found {
			if s.optional {
				return types.NullValue, nil
			}
			return nil, fmt.Errorf("no such key: %s", s.key)
		}
		value = next
	}
	return types.DefaultTypeAdapter.NativeToValue(value), nil
}
