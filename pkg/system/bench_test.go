package system_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// listed is how many objects the budget of one list speaks of: their rows take
// about a tenth of a second on one core.
const listed = 10_000

func tidbBackups(tb testing.TB, opts system.Options) *system.Kind {
	tb.Helper()
	registry, err := system.Load(opts)
	if err != nil {
		tb.Fatal(err)
	}
	return only(tb, registry, backup.Served{Group: "pingcap.com", Version: "v1alpha1", Resource: "backups", Kind: "Backup", Namespaced: true})
}

func only(tb testing.TB, registry *system.Registry, served ...backup.Served) *system.Kind {
	tb.Helper()
	kinds := registry.Match(served, everyField)
	if len(kinds) != 1 {
		tb.Fatalf("%d kinds match", len(kinds))
	}
	return kinds[0]
}

// everyField is a cluster whose schemas have every field that is asked for.
func everyField(backup.Served, string) backup.Answer { return backup.Yes }

// recorded reads the object of a case of the conformance suite.
func recorded(tb testing.TB, name string) map[string]any {
	tb.Helper()
	data, err := os.ReadFile("systemtest/testdata/tidb-operator/" + name + ".yaml")
	if err != nil {
		tb.Fatal(err)
	}
	var c struct{ Object map[string]any }
	if err := yaml.Unmarshal(data, &c); err != nil {
		tb.Fatal(err)
	}
	encoded, err := json.Marshal(c.Object)
	if err != nil {
		tb.Fatal(err)
	}
	var raw map[string]any
	if err := json.Unmarshal(encoded, &raw); err != nil {
		tb.Fatal(err)
	}
	return raw
}

func BenchmarkRow10000(b *testing.B) {
	kind, raws := tidbBackups(b, system.Options{}), make([]map[string]any, listed)
	for i := range raws {
		raws[i] = recorded(b, "completed")
		raws[i]["metadata"].(map[string]any)["name"] = fmt.Sprintf("nightly-%d", i)
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, raw := range raws {
			if kind.Row(raw).Phase != backup.PhaseCompleted {
				b.Fatal("the phase is wrong")
			}
		}
	}
}

func BenchmarkView(b *testing.B) {
	kind, raw := tidbBackups(b, system.Options{}), recorded(b, "stuck")
	b.ReportAllocs()
	for b.Loop() {
		kind.View(raw)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := system.Load(system.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
