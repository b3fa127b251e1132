// Package systemtest is the conformance suite for profiles: recorded objects in
// every state that matters, and how each has to read. A profile whose kinds
// lack a state, and do not say why they have none, fails it.
package systemtest

import (
	"encoding/json"
	"io/fs"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// states are the states that the kinds of a role need a case for, with the
// phase that such an object has.
func states(role backup.Role) map[string]backup.Phase {
	switch role {
	case backup.RoleSchedule:
		return map[string]backup.Phase{"active": backup.PhaseActive, "paused": backup.PhasePaused, "unknownPhase": backup.PhaseUnknown}
	case backup.RoleWork:
		return map[string]backup.Phase{
			"pending": backup.PhasePending, "running": backup.PhaseRunning, "completed": backup.PhaseCompleted,
			"failed": backup.PhaseFailed, "deleting": backup.PhaseDeleting, "stuck": backup.PhaseDeleting, "unknownPhase": backup.PhaseUnknown,
		}
	case backup.RoleLocation:
		return map[string]backup.Phase{"available": backup.PhaseAvailable, "unavailable": backup.PhaseUnavailable, "unknownPhase": backup.PhaseUnknown}
	}
	return map[string]backup.Phase{
		"pending": backup.PhasePending, "running": backup.PhaseRunning, "completed": backup.PhaseCompleted,
		"partiallyFailed": backup.PhasePartiallyFailed, "failed": backup.PhaseFailed, "deleting": backup.PhaseDeleting,
		"stuck": backup.PhaseDeleting, "unknownPhase": backup.PhaseUnknown,
	}
}

// Run checks the built-in profile of a name with the cases in the folder of the
// same name.
func Run(t *testing.T, dir fs.FS, profile string) {
	t.Helper()
	registry, err := system.Load(system.Options{})
	if err != nil {
		t.Fatal(err)
	}
	index := slices.IndexFunc(registry.Systems(), func(s system.System) bool { return s.Name == profile })
	if index < 0 {
		t.Fatalf("no built-in profile is named %q", profile)
	}
	cases, err := load(dir, profile)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range registry.Systems()[index].Kinds {
		t.Run(spec.Resource, func(t *testing.T) {
			kinds := registry.Match([]backup.Served{served(spec)}, schemaOf(spec))
			if len(kinds) != 1 || kinds[0].System != profile {
				t.Fatalf("%s.%s matches %d kinds", spec.Resource, spec.Group, len(kinds))
			}
			own := slices.DeleteFunc(slices.Clone(cases), func(c Case) bool {
				return c.Resource != spec.Resource || groupOf(c.Object) != spec.Group
			})
			covered(t, spec, own)
			for _, c := range own {
				t.Run(c.Name, func(t *testing.T) { check(t, kinds[0], every(registry), c) })
			}
		})
	}
}

// schemaOf has the fields by which the system tells its resource from others'.
func schemaOf(k system.Resource) system.Schemas {
	return func(_ backup.Served, field string) backup.Answer {
		return backup.AnswerOf(slices.Contains(k.Fields, field))
	}
}

func served(k system.Resource) backup.Served {
	version := "v1"
	if len(k.Versions) > 0 {
		version = k.Versions[0]
	}
	return backup.Served{Group: k.Group, Version: version, Resource: k.Resource, Namespaced: true, Preferred: true}
}

// covered fails for each state without a case and without a reason.
func covered(t *testing.T, kind system.Resource, cases []Case) {
	t.Helper()
	for state := range states(kind.Role) {
		has := slices.ContainsFunc(cases, func(c Case) bool { return c.State == state })
		_, exempt := kind.Without[state]
		switch {
		case !has && !exempt:
			t.Errorf("no case shows the state %q, and the profile does not say why", state)
		case has && exempt:
			t.Errorf("the profile says that the kind has no state %q, but a case shows it", state)
		}
	}
}

func check(t *testing.T, kind *system.Kind, others []*system.Kind, c Case) {
	t.Helper()
	phase, known := states(kind.Role)[c.State]
	if !known {
		t.Fatalf("state %q is none of the suite's", c.State)
	}
	raw := asJSON(t, c.Object)
	relate(t, kind, raw, c.Related)
	o := kind.View(raw)
	if o.Phase != phase {
		t.Errorf("phase is %s, but an object in state %q is %s", o.Phase, c.State, phase)
	}
	sameRow(t, kind.Row(raw), o)
	o.Works = append(o.Works, found(t, kind, others, raw, c.Works)...)
	kind.Fold(raw, &o)
	withLogs(&o, c.Logs)
	o.Written = kind.Written(o)
	if again := kind.Written(o); again != o.Written {
		t.Errorf("judged again, the record of writing changes from %v to %v", o.Written, again)
	}
	got, want := asYAML(t, read(o, kind.ReadWork(backup.Work{}, raw))), asYAML(t, c.Want)
	if got != want {
		t.Errorf("the object reads as\n%s\nbut has to read as\n%s", got, want)
	}
	for _, f := range o.Finalizers {
		for _, w := range f.Ways {
			if w.Applies != backup.Yes && w.WhyNot == "" {
				t.Errorf("way %s does not apply, and nothing says why", w.Name)
			}
		}
	}
}

// sameRow checks that a list and a view tell the same.
func sameRow(t *testing.T, row, view backup.Object) {
	t.Helper()
	if row.Phase != view.Phase || row.NativePhase != view.NativePhase || row.Data != view.Data || row.Schedule != view.Schedule {
		t.Errorf("the row says %s %q %s %q, the view %s %q %s %q", row.Phase, row.NativePhase, row.Data, row.Schedule,
			view.Phase, view.NativePhase, view.Data, view.Schedule)
	}
	for i := range row.Locations {
		if row.Locations[i].URL() != view.Locations[i].URL() {
			t.Errorf("location %d is %s in the row and %s in the view", i, row.Locations[i].URL(), view.Locations[i].URL())
		}
	}
}

// withLogs gives the first work of a role one pod with the lines as its log.
func withLogs(o *backup.Object, logs map[backup.WorkRole][]string) {
	for i := range o.Works {
		w := &o.Works[i]
		w.PodsLookup = backup.Found
		if lines, ok := logs[w.Role]; ok {
			w.Pods = []backup.Pod{{Ref: backup.Ref{Name: w.Ref.Name + "-x"}, Log: &backup.LogTail{Lookup: backup.Found, Lines: lines}}}
			delete(logs, w.Role)
		}
	}
}

// asJSON gives numbers and times the types that a server's answer has.
func asJSON(t *testing.T, object map[string]any) map[string]any {
	data, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func asYAML(t *testing.T, v any) string {
	data, err := yaml.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
