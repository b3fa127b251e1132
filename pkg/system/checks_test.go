package system

import (
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const checksProfile = `
apiVersion: kubectl-backup.dev/v1alpha1
kind: System
metadata: {name: own}
spec:
  checks:
  - for: {group: example.org, resources: [dumps]}
    variables: [{name: phase, expression: 'text(self.?status.?phase)'}]
    rules:
    - %s
`

func TestChecksThatAreNoRules(t *testing.T) {
	for rule, want := range map[string]string{
		`{code: X, if: "true", says: '"a"'}`:                                                                                     "code:",
		`{code: BK-E101, severity: grave, if: "true", says: '"a"'}`:                                                              "severity:",
		`{code: BK-E101, says: '"a"'}`:                                                                                           "needs if or when",
		`{code: BK-E101, resource: pods, says: '"a"'}`:                                                                           "within:",
		`{code: BK-E101, if: "true"}`:                                                                                            "says is empty",
		`{code: BK-E101, resource: pods, within: cluster, label: a, says: '"a"'}`:                                                "label and value go together",
		`{code: BK-E101, if: "true", says: '"a"', beside: {within: cluster}}`:                                                    "beside: resource is empty",
		`{code: BK-E101, if: "true", says: '"a"', beside: {resource: pods}}`:                                                     "beside: within:",
		`{code: BK-E101, if: "true", says: '"a"', beside: {resource: pods, within: cluster, label: a}}`:                          "beside: label and value",
		`{code: BK-E101, if: "true", says: '"a"', fixes: [{does: A., commands: ["kubectl get {value.x}"]}]}`:                     "{value.x} is none of",
		`{code: BK-E101, if: "true", says: '"a"', values: {x: '"1"'}, fixes: [{does: "", commands: ["kubectl get {value.x}"]}]}`: "does is empty",
	} {
		err := (&Registry{}).add([]byte(strings.Replace(checksProfile, "%s", rule, 1)), "own", "own")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", rule, err, want)
		}
	}
	for name, group := range map[string]CheckGroup{"no group": {}, "no resources": {}} {
		if group.For.Group = "example.org"; group.validate() == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
}

func loadChecks(t *testing.T, rule string) *Registry {
	t.Helper()
	r := &Registry{}
	if err := r.add([]byte(strings.Replace(checksProfile, "%s", rule, 1)), "own", "own"); err != nil {
		t.Fatal(err)
	}
	if err := r.Check(); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestACheckThatCannotBeReadIsNotLeftOut(t *testing.T) {
	dump := backup.Object{Ref: backup.Ref{Group: "example.org", Resource: "dumps"}}
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	for rule, want := range map[string]string{
		`{code: BK-E101, if: 'self.spec.missing == "x"', says: '"a"'}`:                                                      "missing",
		`{code: BK-E101, resource: pods, within: cluster, label: a, value: self.spec.missing, says: '"a"'}`:                 "missing",
		`{code: BK-E101, if: 'now > timestamp("2026-11-21T08:00:00Z") && works.size() == 0 && related == {}', says: '"a"'}`: "",
	} {
		queries := loadChecks(t, rule).Checks(nil, dump, map[string]any{"spec": map[string]any{}}, Given{Now: now})
		if len(queries) != 1 || (queries[0].Unreadable == "") != (want == "") || !strings.Contains(queries[0].Unreadable, want) {
			t.Errorf("%s: %+v", rule, queries)
		}
	}
	none := loadChecks(t, `{code: BK-E101, if: 'false', says: '"a"'}`)
	if queries := none.Checks(nil, dump, map[string]any{}, Given{Now: now}); len(queries) != 0 {
		t.Errorf("one that does not concern it is asked: %+v", queries)
	}
	dump.Ref.Resource = "others"
	if queries := none.Checks(nil, dump, map[string]any{}, Given{Now: now}); len(queries) != 0 {
		t.Errorf("one of another resource is asked: %+v", queries)
	}
}

func TestCheckThatDoesNotCompileIsReported(t *testing.T) {
	r := &Registry{}
	if err := r.add([]byte(strings.Replace(checksProfile, "%s", `{code: BK-E101, if: "self.(", says: '"a"'}`, 1)), "own", "own"); err != nil {
		t.Fatal(err)
	}
	if err := r.Check(); err == nil || !strings.Contains(err.Error(), "profile own, checks") {
		t.Errorf("the error is %v", err)
	}
}

func TestALabelOfALongName(t *testing.T) {
	exprs := newExpressions(nil)
	for name, want := range map[string]string{
		"short":                 "short",
		strings.Repeat("a", 63): strings.Repeat("a", 63),
		strings.Repeat("a", 64): strings.Repeat("a", 57) + "ffe054",
	} {
		s := exprs.over(map[string]any{"name": name})
		if got, ok := s.text("x", "labelValue(self.name)"); !ok || got != want {
			t.Errorf("%s is %s (%t), want %s", name, got, ok, want)
		}
	}
	s := exprs.over(map[string]any{})
	for _, expr := range []Expr{`string(nextRun("never", timestamp("2026-11-21T08:00:00Z")))`, `string(nextRun("0 0 31 2 *", timestamp("2026-11-21T08:00:00Z")))`} {
		if got, ok := s.text("x", expr); ok {
			t.Errorf("%s is %s", expr, got)
		}
	}
}

const holdProfile = `
apiVersion: kubectl-backup.dev/v1alpha1
kind: System
metadata: {name: own}
spec:
  kinds:
  - role: backup
    match: {group: example.org, resource: dumps, versions: [v1]}
    holds:
    - name: phase Deleting
      when: %s
      ways:
      - name: retry-clean
        effect: erases
        does: Asks again.
        create: {group: example.org, version: v1, resource: requests, object: {kind: Request, metadata: {generateName: "{self.name}-", namespace: "{self.namespace}", labels: {of: "{self.label}"}}, spec: {uids: ["{self.uid}", 7]}}}
`

func TestAPhaseThatHoldsIsOnlyThereWhereItIsKnown(t *testing.T) {
	raw := map[string]any{
		"metadata": map[string]any{"name": "a", "namespace": "shop", "uid": "u1", "finalizers": []any{"example.org/x"}},
		"status":   map[string]any{"phase": "Deleting"},
	}
	for when, want := range map[string]int{`self.status.phase == "Deleting"`: 2, `self.status.phase == "Done"`: 1, `self.status.missing == "x"`: 1} {
		r := &Registry{}
		if err := r.add([]byte(strings.Replace(holdProfile, "%s", "'"+when+"'", 1)), BuiltIn, "own"); err != nil {
			t.Fatal(err)
		}
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
		kinds := r.Match([]backup.Served{{Group: "example.org", Version: "v1", Resource: "dumps", Kind: "Dump", Namespaced: true}}, nil)
		found := kinds[0].View(raw).Finalizers
		if len(found) != want {
			t.Fatalf("%s: %+v", when, found)
		}
		if want < 2 {
			continue
		}
		made := found[1].Way("retry-clean").Create
		spec := made.Object["spec"].(map[string]any)["uids"].([]any)
		if !found[1].Hold || found[1].Index != -1 || made.Ref.Name != "a-" || made.Ref.Namespace != "shop" || spec[0] != "u1" || spec[1] != 7 {
			t.Errorf("the phase is %+v, it makes %+v", found[1], made)
		}
	}
	for _, text := range []string{strings.Replace(holdProfile, "when: %s", "", 1), strings.Replace(strings.Replace(holdProfile, "%s", `"true"`, 1), "name: phase Deleting", `name: "*"`, 1)} {
		if err := (&Registry{}).add([]byte(text), BuiltIn, "own"); err == nil {
			t.Error("a hold without when or name is taken")
		}
	}
}

func TestMinorVersionsOfVersionsAndImages(t *testing.T) {
	for text, want := range map[string]int64{
		"v1.18.3": 18, "1.27+": 27, "v1.34.2-gke.100": 34, "v1.36": 36, "velero/velero:v1.16.2": 16, "registry.example.com:5000/velero:v1.15.0@sha256:00": 15,
		"": 0, "velero/velero:main": 0, "velero/velero@sha256:00": 0, "v2.1.0": 0, "registry.example.com:5000/velero": 0, "v1.x": 0, "v1.2345.0": 0,
	} {
		if got := MinorVersion(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
