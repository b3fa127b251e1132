package system_test

import (
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

const protection = "tidb.pingcap.com/backup-protection"

// override reads TiDB's backups with a profile of the user that claims to know
// TiDB's finalizer, one of Kubernetes', and one of its own.
const override = `
kinds:
- role: backup
  match: {group: pingcap.com, resource: backups, versions: [v1alpha1], fields: [spec.br]}
  finalizers:
  - {name: "tidb.pingcap.com/*", ways: [{name: strip, effect: strips}]}
  - {name: kubernetes.io/pvc-protection, ways: [{name: strip, effect: strips}]}
  - {name: example.org/own, ways: [{name: strip, effect: strips}]}
`

func TestAProfileOfTheUserOpensNoGateOfABuiltInOne(t *testing.T) {
	file := profile(t, "mine", override)
	raw := map[string]any{"metadata": map[string]any{"name": "x", "finalizers": []any{protection, "kubernetes.io/pvc-protection", "example.org/own", "example.org/unknown"}}}
	for _, trust := range []bool{false, true} {
		opts := system.Options{Files: []string{file}}
		if trust {
			opts.Trust = []string{"mine"}
		}
		o := tidbBackups(t, opts).View(raw)
		want := []backup.Finalizer{
			{Name: protection, Profile: "mine", Trusted: trust},
			{Name: "kubernetes.io/pvc-protection", Profile: "kubernetes-storage", Trusted: true, Builtin: true},
			{Name: "example.org/own", Profile: "mine", Trusted: true},
			{Name: "example.org/unknown"},
		}
		for i, f := range o.Finalizers {
			w := want[i]
			if f.Name != w.Name || f.Profile != w.Profile || f.Trusted != w.Trusted || f.Builtin != w.Builtin || f.Index != i {
				t.Errorf("with trust %v finalizer %d is %+v, want %+v", trust, i, f, w)
			}
		}
		if o.Finalizers[1].Way(backup.WayStrip) != nil {
			t.Error("a profile of the user brings a way to strip a finalizer of Kubernetes")
		}
	}
}

func TestAProfileOfTheUserMayNotBeNamedIntoTrust(t *testing.T) {
	spec := "finalizers: [{name: " + protection + ", ways: [{name: strip, effect: strips}]}]"
	o := tidbBackups(t, system.Options{Files: []string{profile(t, "kubernetes", spec)}}).View(recorded(t, "stuck"))
	if f := o.Finalizers[0]; f.Profile != "tidb-operator" || f.Builtin || !f.Trusted {
		t.Errorf("the rule is that of %q, built in %v, trusted %v", f.Profile, f.Builtin, f.Trusted)
	}
}

func TestSystemsSaysWhatAProfileMayNotDo(t *testing.T) {
	systems := load(t, system.Options{Files: []string{profile(t, "mine", override)}}).Systems()
	status := systems[len(systems)-1].Status
	if !strings.HasPrefix(status, "only reads: tidb.pingcap.com/*, kubernetes.io/pvc-protection belongs") || strings.Contains(status, "example.org") {
		t.Errorf("the status is %q", status)
	}
}

func TestKubernetesFinalizersAreExplainedAndNeverStripped(t *testing.T) {
	registry := load(t, system.Options{})
	for _, s := range registry.Systems() {
		if s.Name != "kubernetes" {
			continue
		}
		for _, name := range s.Finalizers {
			f, known := registry.Finalizer(strings.ReplaceAll(name, "*", "x"))
			if !known || !f.Builtin || f.WaitsFor == "" || f.Guards == "" || f.Owner.Manager == "" {
				t.Errorf("%s is not explained: %+v", name, f)
			}
			for _, w := range f.Ways {
				if w.Effect != backup.EffectWaits {
					t.Errorf("%s has the way %s", name, w.Name)
				}
			}
		}
	}
	if _, known := registry.Finalizer("example.org/unknown"); known {
		t.Error("an unknown finalizer is known")
	}
}
