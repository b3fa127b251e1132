package render

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// payload would clear the screen, forge a line, and reorder what follows.
const payload = "evil" + dangerous + "\u009b2J\nFORGED\u202e"

// TestHostileFields names the fields that others can fill, and shows that each
// is printed with its hidden characters made visible.
func TestHostileFields(t *testing.T) {
	d, e, plan, r := diagnosis(), evidence(), stripPlan(), result()
	for name, c := range map[string]struct {
		field  *string
		render func(w *bytes.Buffer) error
	}{
		"verdict":             {&d.Verdict, func(w *bytes.Buffer) error { return Diagnosis(w, d, pipe, false) }},
		"finding title":       {&d.Findings[0].Title, func(w *bytes.Buffer) error { return Diagnosis(w, d, pipe, true) }},
		"proof":               {&d.Findings[0].Proof[1].Text, func(w *bytes.Buffer) error { return Diagnosis(w, d, pipe, false) }},
		"fix command":         {&d.Findings[0].Fixes[0].Commands[0], func(w *bytes.Buffer) error { return Diagnosis(w, d, terminal, false) }},
		"reason of a way":     {&d.WaysOut[1].Why, func(w *bytes.Buffer) error { return Diagnosis(w, d, terminal, false) }},
		"condition message":   {&e.Object.Conditions[1].Message, describeAll(&e)},
		"event message":       {&e.Events[0].Message, describeAll(&e)},
		"event reason":        {&e.Events[0].Reason, describeAll(&e)},
		"log line":            {&e.Object.Works[1].Pods[0].Log.Lines[0], describeAll(&e)},
		"pod message":         {&e.Object.Works[1].Pods[0].Message, describeAll(&e)},
		"recorded path":       {&e.Object.Locations[0].Recorded, describeAll(&e)},
		"prefix":              {&e.Object.Locations[0].Prefix, describeAll(&e)},
		"words of the server": {&e.Storage[0].Detail, describeAll(&e)},
		"finalizer":           {&e.Object.Finalizers[0].Name, describeAll(&e)},
		"name of an object":   {&e.Neighbours[0].Ref.Name, describeAll(&e)},
		"native phase":        {&e.Object.NativePhase, describeAll(&e)},
		"gate's reason":       {&plan.Gate[1].Because, func(w *bytes.Buffer) error { return Plan(w, plan, pipe) }},
		"patch path":          {&plan.Steps[0].Patch[2].Path, func(w *bytes.Buffer) error { return Plan(w, plan, pipe) }},
		"context":             {&plan.Cluster.Context, func(w *bytes.Buffer) error { return Plan(w, plan, pipe) }},
		"left in place":       {&r.Left[0], func(w *bytes.Buffer) error { return Result(w, r, pipe) }},
	} {
		t.Run(name, func(t *testing.T) {
			before := *c.field
			*c.field = payload
			defer func() { *c.field = before }()
			text := output(t, c.render)
			harmless(t, text)
			if !strings.Contains(text, "evil") || !strings.Contains(text, `\u202e`) {
				t.Errorf("the field is not shown, or its hidden characters are gone without a trace:\n%s", text)
			}
		})
	}
}

func describeAll(e *backup.Evidence) func(w *bytes.Buffer) error {
	return func(w *bytes.Buffer) error { return Describe(w, *e, pipe, Detailed) }
}

// TestHostileEverywhere fills every string of the model at once.
func TestHostileEverywhere(t *testing.T) {
	d, e, plan, r := diagnosis(), evidence(), erasePlan(), result()
	e.Contents = []backup.Contents{{Groups: []backup.ContentGroup{{Name: "x"}}, Error: "x"}}
	for _, v := range []any{&d, &e, &plan, &r} {
		poison(reflect.ValueOf(v).Elem())
	}
	list := NewList(ListOptions{Wide: true, Namespaces: true}, pipe)
	list.Add(d.Object)
	for name, render := range map[string]func(w *bytes.Buffer) error{
		"diagnosis":          func(w *bytes.Buffer) error { return Diagnosis(w, d, pipe, false) },
		"diagnosis, wrapped": func(w *bytes.Buffer) error { return Diagnosis(w, d, terminal, false) },
		"short diagnosis":    func(w *bytes.Buffer) error { return Diagnosis(w, d, pipe, true) },
		"describe": func(w *bytes.Buffer) error {
			return Describe(w, e, terminal, Detailed)
		},
		"plan":   func(w *bytes.Buffer) error { return Plan(w, plan, pipe) },
		"result": func(w *bytes.Buffer) error { return Result(w, r, pipe) },
		"list":   func(w *bytes.Buffer) error { return list.Print(w) },
		"document": func(w *bytes.Buffer) error {
			return Document{Title: payload, Fields: []Field{{payload, payload}}, Sections: []Section{{Title: payload, Text: payload, Items: []string{payload}}}}.Print(w, pipe)
		},
		"tree": func(w *bytes.Buffer) error { return Tree(w, []Node{{Text: payload, Aside: payload}}, pipe) },
	} {
		t.Run(name, func(t *testing.T) { harmless(t, output(t, render)) })
	}
}

// harmless fails on any hidden character but the line break, and on a line
// that begins with text of the payload.
func harmless(t *testing.T, text string) {
	t.Helper()
	if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && forbidden(r) }); i >= 0 {
		t.Errorf("hidden character %q reaches the output at %d", text[i:i+4], i)
	}
	if strings.HasPrefix(text, "FORGED") || strings.Contains(text, "\nFORGED") {
		t.Errorf("a line is forged:\n%s", text)
	}
}

// poison appends the payload to every string below v.
func poison(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + payload)
	case reflect.Pointer:
		if !v.IsNil() {
			poison(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Field(i); field.CanSet() && field.Type().PkgPath() != "time" {
				poison(field)
			}
		}
	}
}
