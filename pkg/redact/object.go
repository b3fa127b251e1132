package redact

import (
	"encoding/json"
	"regexp"
	"strings"
)

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// sensitive is the name of a field, a flag or a variable whose value is secret.
var sensitive = regexp.MustCompile(`(?i)(?:` + strong + `|(?:^|[-_.])(?:token|secret|pwd)|^(?:token|pwd))$`)

// secretFlag is an argument whose value is the next one.
var secretFlag = regexp.MustCompile(`(?i)^--?[a-z0-9_.-]*(?:` + strong + `)$`)

// Object is a deep copy of an object of the cluster without its secrets: the data
// of Secrets is dropped, and values with a secret's name or form are masked.
func Object(object map[string]any) map[string]any {
	if object == nil {
		return nil
	}
	kind, _ := object["kind"].(string)
	out := make(map[string]any, len(object))
	for key, v := range object {
		switch {
		case kind == "Secret" && (key == "data" || key == "stringData"):
		case kind == "SecretList" && key == "items":
			out[key] = secrets(v)
		default:
			out[key] = valueOf(key, v, object)
		}
	}
	return out
}

// secrets redacts the items of a list of Secrets, which do not name their kind.
func secrets(items any) any {
	all, ok := items.([]any)
	if !ok {
		return nil
	}
	out := make([]any, 0, len(all))
	for _, item := range all {
		if secret, ok := item.(map[string]any); ok {
			plain := Object(secret)
			delete(plain, "data")
			delete(plain, "stringData")
			out = append(out, plain)
		}
	}
	return out
}

// valueOf redacts the value of a key; around is the map that holds both.
func valueOf(key string, v any, around map[string]any) any {
	s, ok := v.(string)
	switch {
	case !ok:
		return anyValue(v)
	case s == "":
		return s
	case key == lastApplied:
		return applied(s)
	case sensitive.MatchString(key) && !isReference(key):
		return Mask
	case key == "value":
		if name, _ := around["name"].(string); sensitive.MatchString(name) {
			return Mask
		}
	}
	return Text(s)
}

// isReference tells whether a key with a secret's name holds the name of a
// Secret, as "secret" does in many specs.
func isReference(key string) bool { return strings.EqualFold(key, "secret") }

// applied redacts the copy of the object that kubectl apply keeps in itself.
func applied(s string) string {
	var object map[string]any
	if err := json.Unmarshal([]byte(s), &object); err != nil {
		return Mask
	}
	out, err := json.Marshal(Object(object))
	if err != nil {
		return Mask
	}
	return string(out)
}

func anyValue(v any) any {
	switch v := v.(type) {
	case nil, bool, int, int32, int64, float64, json.Number:
		return v
	case string:
		return Text(v)
	case map[string]any:
		return Object(v)
	case []any:
		return listOf(v)
	}
	return plain(v)
}

// plain brings any other type to the types of JSON first.
func plain(v any) any {
	data, err := json.Marshal(v)
	if err != nil {
		return Mask
	}
	var out any
	if err := json.Unmarshal(data, &out); err != nil {
		return Mask
	}
	return anyValue(out)
}

// listOf redacts a list; in a list of arguments a flag's value may be the next item.
func listOf(items []any) []any {
	out := make([]any, len(items))
	for i, item := range items {
		if _, isText := item.(string); isText && i > 0 {
			if flag, _ := items[i-1].(string); secretFlag.MatchString(flag) {
				out[i] = Mask
				continue
			}
		}
		out[i] = anyValue(item)
	}
	return out
}
