package system

import (
	"fmt"
	"testing"

	"cel.dev/cel-go/common/types"
)

// A path is read without CEL, so it has to mean what CEL makes of it.
func TestPathsMeanWhatCELMakesOfThem(t *testing.T) {
	exprs := []Expr{
		`self.spec`, `self.spec.s3`, `self.spec.s3.bucket`, `self.?spec.?s3.?bucket`, `self.spec.?s3.bucket`, `self.?spec.s3.bucket`,
		`self.metadata.?labels[?"a.b/c"]`, `self.metadata.labels["a.b/c"]`, `self.?status.?size`, `self["spec"].s3`,
	}
	objects := []map[string]any{
		{},
		{"spec": nil},
		{"spec": map[string]any{}},
		{"spec": map[string]any{"s3": nil}},
		{"spec": map[string]any{"s3": map[string]any{}}, "status": map[string]any{"size": float64(7)}},
		{"spec": map[string]any{"s3": map[string]any{"bucket": "b"}}, "metadata": map[string]any{"labels": map[string]any{"a.b/c": "d"}}},
		{"spec": map[string]any{"s3": map[string]any{"bucket": nil}}, "metadata": map[string]any{}},
	}
	for _, expr := range exprs {
		p := parsePath(expr)
		if p == nil {
			t.Errorf("%s is no path", expr)
			continue
		}
		e := newExpressions(nil)
		program, err := e.compile(expr)
		if err != nil {
			t.Fatal(err)
		}
		for _, raw := range objects {
			want, _, wantErr := program.Eval(e.over(raw))
			got, gotErr := p.follow(raw)
			if (gotErr == nil) != (wantErr == nil) {
				t.Errorf("%s over %v: the error is %v, CEL's is %v", expr, raw, gotErr, wantErr)
			} else if gotErr == nil && unwrap(want).Equal(got) != types.True {
				t.Errorf("%s over %v is %v, CEL has %v", expr, raw, got, want)
			}
		}
	}
}

func TestOnlyPlainPathsAreReadWithoutCEL(t *testing.T) {
	for _, expr := range []Expr{`self`, `self.a + self.b`, `self.a()`, `variables.a`, `self.items[0]`, `has(self.a)`, `"self.a"`} {
		if p := parsePath(expr); p != nil {
			t.Errorf("%s is taken for the path %s", expr, fmt.Sprint(p))
		}
	}
}
