package system

import (
	"strings"
	"testing"
)

func TestFunctions(t *testing.T) {
	raw := map[string]any{
		"status": map[string]any{"conditions": []any{
			map[string]any{"type": "Ready", "status": "False", "reason": "NotYet", "message": "wait", "lastTransitionTime": "2026-11-20T01:00:00Z"},
			map[string]any{"type": "Complete", "status": "True"},
		}, "sub": map[string]any{"conditions": []any{map[string]any{"type": "Failed", "status": "True"}}}},
		"empty":   map[string]any{"conditions": nil},
		"broken":  map[string]any{"conditions": map[string]any{}},
		"nothing": nil,
		"env": []any{
			map[string]any{"name": "PLAIN", "value": "v"},
			map[string]any{"name": "SECRET", "valueFrom": map[string]any{"secretKeyRef": map[string]any{"name": "s", "key": "k"}}},
			map[string]any{"name": "FIELD", "valueFrom": map[string]any{"fieldRef": map[string]any{"fieldPath": "metadata.name"}}},
		},
	}
	tests := []struct {
		expr Expr
		want any // an error is its text after "!"
	}{
		{`self.cond("Complete")`, true},
		{`self.cond("Ready")`, false},
		{`self.cond("Absent")`, false},
		{`self.status.cond("Complete")`, true},
		{`self.status.sub.cond("Failed")`, true},
		{`self.empty.cond("Failed")`, false},
		{`{}.cond("Failed")`, false},
		{`self.?absent.cond("Failed")`, false},
		{`self.broken.cond("Failed")`, "!the conditions are no list"},
		{`self.env.cond("Failed")`, "!no object"},
		{`self.condStatus("Ready") + self.condStatus("Absent")`, "False"},
		{`self.condReason("Ready") + " " + self.condMessage("Ready")`, "NotYet wait"},
		{`self.condTime("Ready")`, "2026-11-20T01:00:00Z"},
		{`coalesce([self.?absent, self.nothing, "", "x", "y"])`, "x"},
		{`coalesce([self.?absent]) == null`, true},
		{`text(self.?absent) + text(self.nothing) + text(self.?env[?1].?name)`, "SECRET"},
		{`text(1)`, "!no string"},
		{`trimSlash("/a/b/")`, "a/b"},
		{`url("s3://b/a/c.tgz").bucket + " " + url("s3://b/a/c.tgz").path + " " + url("s3://b/a/c.tgz").scheme`, "b a/c.tgz s3"},
		{`url("b/a/c:1.tgz").bucket + " " + url("b/a/c:1.tgz").path`, "b a/c:1.tgz"},
		{`url("").path`, ""},
		{`envVar(self.env, "PLAIN").source`, "value"},
		{`envVar(self.env, "SECRET").source + " " + envVar(self.env, "SECRET").secret + "/" + envVar(self.env, "SECRET").key`, "secret s/k"},
		{`envVar(self.env, "FIELD").source`, "other"},
		{`envVar(self.env, "ABSENT").source + envVar(self.?absent, "X").source`, ""},
		{`envVar(self.status, "X").source`, "!no list"},
	}
	for _, test := range tests {
		t.Run(string(test.expr), func(t *testing.T) {
			value, err := newExpressions(nil).over(raw).eval(test.expr)
			if text, ok := test.want.(string); ok && strings.HasPrefix(text, "!") {
				if err == nil || !strings.Contains(err.Error(), text[1:]) {
					t.Errorf("it is %v with the error %v, want the error %q", value, err, text[1:])
				}
				return
			}
			if err != nil || value.Value() != test.want {
				t.Errorf("it is %v with the error %v, want %v", value, err, test.want)
			}
		})
	}
}
