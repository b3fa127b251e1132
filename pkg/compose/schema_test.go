package compose

import (
	"strings"
	"testing"
)

// definition is a schema in the words of a CRD.
func definition() map[string]any {
	text := map[string]any{"type": "string"}
	return map[string]any{"properties": map[string]any{"spec": map[string]any{
		"type": "object", "required": []any{"storage"},
		"properties": map[string]any{
			"storage": text,
			"mode":    map[string]any{"type": "string", "enum": []any{"Normal", "DryRun"}},
			"paused":  map[string]any{"type": "boolean"},
			"count":   map[string]any{"type": "integer"},
			"ratio":   map[string]any{"type": "number"},
			"names":   map[string]any{"type": "array", "items": text},
			"labels":  map[string]any{"type": "object", "additionalProperties": text},
			"nested":  map[string]any{"type": "object", "properties": map[string]any{"name": text}},
			"closed":  map[string]any{"type": "object"},
			"open":    map[string]any{"type": "object", "x-kubernetes-preserve-unknown-fields": true},
			"port":    map[string]any{"x-kubernetes-int-or-string": true},
		},
	}}}
}

func TestCheckNamesTheField(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spec map[string]any
		want string // "path: text", or empty
	}{
		"fine":                   {map[string]any{}, ""},
		"a field it lacks":       {map[string]any{"runMode": "DryRun"}, "spec.runMode: is not a field"},
		"deeper":                 {map[string]any{"nested": map[string]any{"title": "x"}}, "spec.nested.title: is not a field"},
		"below nothing":          {map[string]any{"closed": map[string]any{"x": 1}}, "spec.closed.x: is not a field"},
		"kept all the same":      {map[string]any{"open": map[string]any{"x": 1}}, ""},
		"a map":                  {map[string]any{"labels": map[string]any{"a": "b"}}, ""},
		"a map of another type":  {map[string]any{"labels": map[string]any{"a": 1}}, "spec.labels.a: is an integer and has to be a string"},
		"a word":                 {map[string]any{"mode": "Normal"}, ""},
		"another word":           {map[string]any{"mode": "normal"}, "spec.mode: normal is not one of Normal, DryRun"},
		"a text for a switch":    {map[string]any{"paused": "yes"}, "spec.paused: is a string and has to be a boolean"},
		"a list for a text":      {map[string]any{"storage": []any{"a"}}, "spec.storage: is a list and has to be a string"},
		"an object for a list":   {map[string]any{"names": map[string]any{}}, "spec.names: is an object and has to be an array"},
		"an item":                {map[string]any{"names": []any{"a", 1}}, "spec.names[1]: is an integer and has to be a string"},
		"a whole number":         {map[string]any{"ratio": int64(1)}, ""},
		"a broken number":        {map[string]any{"count": 1.5}, "spec.count: is a number and has to be an integer"},
		"a whole number of YAML": {map[string]any{"count": 3.0}, ""},
		"a number or a text":     {map[string]any{"port": "http"}, ""},
		"null is not there":      {map[string]any{"mode": nil}, ""},
	} {
		if c.spec["storage"] == nil {
			c.spec["storage"] = "default"
		}
		var got []string
		for _, fault := range Check(map[string]any{"spec": c.spec}, definition()) {
			got = append(got, fault.Error())
		}
		if text := strings.Join(got, "\n"); c.want == "" && text != "" || !strings.HasPrefix(text, c.want) {
			t.Errorf("%s: got %q, want %q", name, text, c.want)
		}
	}
}

func TestCheckWantsWhatIsRequired(t *testing.T) {
	t.Parallel()
	faults := Check(map[string]any{"spec": map[string]any{}}, definition())
	if len(faults) != 1 || faults[0].Path != "spec.storage" {
		t.Errorf("got %v", faults)
	}
	if faults := Check(map[string]any{"spec": map[string]any{"x": 1}}, map[string]any{}); faults != nil {
		t.Errorf("without a schema: %v", faults)
	}
}
