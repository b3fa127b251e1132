package compose

import (
	"slices"
	"testing"
)

func TestFieldsAreComparedWithTheSchema(t *testing.T) {
	schema := whole(t, `
properties:
  spec:
    type: object
    required: [schedule]
    properties:
      schedule: {type: string}
      paused: {type: boolean}
      count: {type: integer}
      share: {type: number}
      port: {x-kubernetes-int-or-string: true}
      mode: {type: string, enum: [A, B]}
      names: {type: array, items: {type: string}}
      free: {type: object, x-kubernetes-preserve-unknown-fields: true}
      labels: {type: object, additionalProperties: {type: string}}
      template: {type: object, properties: {ttl: {type: string}}}`)
	for spec, want := range map[string][]string{
		"{schedule: x, paused: true, count: 1, share: 1, port: a, mode: A, names: [a], free: {any: [1]}, labels: {a: b}, template: {ttl: 1h}}": nil,
		"{schedule: x, paused: null}": nil,
		"{}":                          {"spec.schedule"},
		"{schedule: x, pause: true, template: {tll: 1h}}":         {"spec.pause", "spec.template.tll"},
		"{schedule: 1, paused: x, count: 1.5, share: x, mode: C}": {"spec.count", "spec.mode", "spec.paused", "spec.schedule", "spec.share"},
		"{schedule: x, names: [a, 1], labels: {a: 1}}":            {"spec.labels.a", "spec.names[1]"},
		"{schedule: x, names: {a: b}, template: [a]}":             {"spec.names", "spec.template"},
	} {
		if got := paths(Check(manifest(t, "spec", spec), schema)); !slices.Equal(got, want) {
			t.Errorf("%s: faults %v, want %v", spec, got, want)
		}
	}
	if faults := Check(manifest(t, "spec", "{a: 1}"), map[string]any{}); len(faults) > 0 {
		t.Errorf("without a schema: %v", faults)
	}
}
