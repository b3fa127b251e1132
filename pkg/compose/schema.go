package compose

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Fault is a field that the server would drop or refuse.
type Fault struct {
	Path string // "spec.runMode"
	Text string
}

// Error names the field first.
func (f Fault) Error() string { return f.Path + ": " + f.Text }

// Check compares the spec of a manifest with the OpenAPI v3 schema of its kind:
// fields that the schema does not have, which a server drops without a word
// (pruning), values of another type, words that are not among those allowed, and
// required fields that are missing. A part without a schema is taken as it is.
func Check(object, schema map[string]any) []Fault {
	spec, _ := object["spec"].(map[string]any)
	inner := propertyOf(schema, "spec")
	if inner == nil {
		return nil
	}
	return check("spec", spec, inner)
}

func check(path string, value any, schema map[string]any) []Fault {
	if value == nil || len(schema) == 0 {
		return nil
	}
	if anyOf, _ := schema["x-kubernetes-int-or-string"].(bool); anyOf {
		return nil
	}
	wanted, _ := schema["type"].(string)
	switch value := value.(type) {
	case map[string]any:
		if wanted != "" && wanted != "object" {
			return []Fault{{path, "is an object and has to be " + article(wanted)}}
		}
		return checkObject(path, value, schema)
	case []any:
		if wanted != "" && wanted != "array" {
			return []Fault{{path, "is a list and has to be " + article(wanted)}}
		}
		items, _ := schema["items"].(map[string]any)
		var faults []Fault
		for i, item := range value {
			faults = append(faults, check(fmt.Sprintf("%s[%d]", path, i), item, items)...)
		}
		return faults
	}
	if is := typeOf(value); wanted != "" && wanted != is && (wanted != "number" || is != "integer") {
		return []Fault{{path, fmt.Sprintf("is %s and has to be %s", article(is), article(wanted))}}
	}
	return checkWord(path, value, schema)
}

func checkObject(path string, value, schema map[string]any) []Fault {
	var faults []Fault
	properties, _ := schema["properties"].(map[string]any)
	additional, open := schema["additionalProperties"]
	keeps, _ := schema["x-kubernetes-preserve-unknown-fields"].(bool)
	for _, name := range slices.Sorted(maps.Keys(value)) {
		inner, known := properties[name].(map[string]any)
		if !known {
			if inner, _ = additional.(map[string]any); !open && !keeps {
				faults = append(faults, Fault{path + "." + name, "is not a field of this cluster's definition, and the server would drop it without a word"})
				continue
			}
		}
		faults = append(faults, check(path+"."+name, value[name], inner)...)
	}
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if text, _ := name.(string); value[text] == nil {
			faults = append(faults, Fault{path + "." + text, "is missing, and the definition wants it"})
		}
	}
	return faults
}

// checkWord refuses a word that is none of those that the schema allows.
func checkWord(path string, value any, schema map[string]any) []Fault {
	allowed, _ := schema["enum"].([]any)
	if len(allowed) == 0 || slices.Contains(allowed, value) {
		return nil
	}
	words := make([]string, 0, len(allowed))
	for _, word := range allowed {
		words = append(words, fmt.Sprint(word))
	}
	return []Fault{{path, fmt.Sprintf("%v is not one of %s", value, strings.Join(words, ", "))}}
}

func typeOf(value any) string {
	switch value := value.(type) {
	case bool:
		return "boolean"
	case int, int32, int64:
		return "integer"
	case float64: // as YAML and JSON give every number
		if value == math.Trunc(value) {
			return "integer"
		}
		return "number"
	}
	return "string"
}

func article(word string) string {
	if strings.ContainsRune("aeio", rune(word[0])) {
		return "an " + word
	}
	return "a " + word
}

func propertyOf(schema map[string]any, name string) map[string]any {
	properties, _ := schema["properties"].(map[string]any)
	inner, _ := properties[name].(map[string]any)
	return inner
}

// Knows tells whether a schema has a field, by its path with dots.
func Knows(schema map[string]any, path string) bool {
	for name := range strings.SplitSeq(path, ".") {
		if schema = propertyOf(schema, name); schema == nil {
			return false
		}
	}
	return true
}
