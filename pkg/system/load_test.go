package system_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

func TestEveryExpressionOfTheBuiltInProfilesCompiles(t *testing.T) {
	if err := load(t, system.Options{}).Check(); err != nil {
		t.Error(err)
	}
}

func TestLoadRefuses(t *testing.T) {
	kind := "kinds:\n- role: backup\n  match: {group: example.org, resource: dumps}\n"
	tests := map[string]struct{ spec, want string }{
		"an unknown field":            {kind + "  phase: self.status.phase", "line 8: field phase not found"},
		"an unknown role":             {strings.Replace(kind, "role: backup", "role: vault", 1), `spec.kinds[0].role: "vault"`},
		"an unknown phase":            {kind + "  phases: [{is: Done}]", `phases[0].is: "Done"`},
		"an unknown data state":       {kind + "  data: [{is: Gone}]", `data[0].is: "Gone"`},
		"an unknown policy":           {kind + "  retention: {policy: [{is: Maybe}]}", `"Maybe"`},
		"a pattern that is none":      {kind + `  written: [{is: "no", log: run, patterns: ["("]}]`, "written[0].patterns[0]"},
		"patterns without a text":     {kind + `  written: [{is: "no", patterns: ["x"]}]`, "go together"},
		"two denials from a log":      {kind + `  written: [{is: "no", log: run, patterns: ["x"]}, {is: "no", log: run, patterns: ["y"]}]`, "more than one rule"},
		"a duration that is none":     {kind + "  works: [{role: run, name: self.metadata.name, usual: soon}]", "works[0].usual"},
		"an unknown work role":        {kind + "  works: [{role: sweep, name: self.metadata.name}]", `"sweep"`},
		"an unknown effect":           {kind + "  finalizers: [{name: example.org/x, ways: [{name: strip, effect: harmless}]}]", `effect "harmless"`},
		"a rule for every finalizer":  {kind + `  finalizers: [{name: "*"}]`, "finalizers"},
		"a lock time that is none":    {kind + "  locations: [{provider: s3, markers: [{lockTTL: long}]}]", "locations[0].markers.lockTTL"},
		"a location of no provider":   {kind + "  locations: [{bucket: self.spec.bucket}]", "locations[0].provider"},
		"a resource that is not said": {"kinds: [{role: backup, match: {group: example.org}}]", "match.resource"},
		"an unknown archive":          {kind + "  archive: zip", `archive: "zip" is none of`},
		"two documents":               {kind + "\n---\n{}", "more than one document"},
		"a tie with a built-in kind":  {"kinds: [{role: backup, match: {group: pingcap.com, resource: backups, versions: [v1alpha1]}}]", "equally well"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			file := profile(t, "mine", test.spec)
			_, err := system.Load(system.Options{Files: []string{file}})
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "mine") {
				t.Errorf("the error is %v, want the file and %q", err, test.want)
			}
		})
	}
}

func TestLoadReadsTheFolderOfTheUser(t *testing.T) {
	file := profile(t, "mine", "description: my own\nkinds: [{role: backup, match: {group: example.org, resource: dumps}}]")
	systems := load(t, system.Options{Dir: filepath.Dir(file)}).Systems()
	last := systems[len(systems)-1]
	if last.Name != "mine" || last.Source != file || last.Status != "ready" {
		t.Errorf("the last system is %+v", last)
	}
	if got := len(load(t, system.Options{Dir: filepath.Join(t.TempDir(), "absent")}).Systems()); got != len(systems)-1 {
		t.Errorf("without the folder there are %d systems, want %d", got, len(systems)-1)
	}
}

func TestLoadFailsWithoutANamedFile(t *testing.T) {
	if _, err := system.Load(system.Options{Files: []string{filepath.Join(t.TempDir(), "absent.yaml")}}); err == nil {
		t.Error("a named file that does not exist is no error")
	}
}

func TestTheExampleOfTheManualLoads(t *testing.T) {
	manual, err := os.ReadFile("../../docs/profile.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(manual), "```yaml\n")
	example, _, found := strings.Cut(rest, "```")
	file := filepath.Join(t.TempDir(), "dumper.yaml")
	if err := os.WriteFile(file, []byte(example), 0o600); err != nil || !found {
		t.Fatalf("the manual has an example: %v, %v", found, err)
	}
	registry := load(t, system.Options{Files: []string{file}})
	if err := registry.Check(); err != nil {
		t.Error(err)
	}
	raw := map[string]any{
		"metadata": map[string]any{"name": "x", "namespace": "db", "finalizers": []any{"example.org/dump"}},
		"spec":     map[string]any{"bucket": "b", "secretName": "s", "deletionPolicy": "Delete"},
		"status":   map[string]any{"bytes": 7.0, "conditions": []any{map[string]any{"type": "Ready", "status": "True"}}},
	}
	o := only(t, registry, backup.Served{Group: "example.org", Version: "v1", Resource: "dumps", Namespaced: true}).View(raw)
	if o.Phase != backup.PhaseCompleted || o.Written.Answer != backup.Yes || o.Locations[0].URL() != "s3://b/dumps/x/" || o.Retention.Policy != backup.Deletes || len(o.Unreadable) > 0 {
		t.Errorf("the example reads as %+v", o)
	}
}
