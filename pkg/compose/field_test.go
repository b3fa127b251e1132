package compose

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestFlagsBecomeFields(t *testing.T) {
	for _, tc := range []struct {
		flag  string
		typed []string
		want  string // the manifest
	}{
		{"include-namespaces", []string{"a", "b"}, `{"spec":{"includedNamespaces":["a","b"]}}`},
		{"ttl", []string{"30d"}, `{"spec":{"ttl":"720h0m0s"}}`},
		{"ttl", []string{"1d12h"}, `{"spec":{"ttl":"36h0m0s"}}`},
		{"snapshot-volumes", []string{"false"}, `{"spec":{"snapshotVolumes":false}}`},
		{"parallel-files-upload", []string{"7"}, `{"spec":{"uploaderConfig":{"parallelFilesUpload":7}}}`},
		{"selector", []string{"a=b,c!=d,e in (g,f),!h,i"}, `{"spec":{"labelSelector":{"matchExpressions":[{"key":"c","operator":"NotIn","values":["d"]},{"key":"e","operator":"In","values":["f","g"]},{"key":"h","operator":"DoesNotExist"},{"key":"i","operator":"Exists"}],"matchLabels":{"a":"b"}}}}`},
		{"or-selector", []string{"a=b or c=d"}, `{"spec":{"orLabelSelectors":[{"matchLabels":{"a":"b"}},{"matchLabels":{"c":"d"}}]}}`},
		{"resource-policies-configmap", []string{"p"}, `{"spec":{"resourcePolicy":{"kind":"configmap","name":"p"}}}`},
		{"ordered-resources", []string{"pods=a/b,a/c; pvs = d"}, `{"spec":{"orderedResources":{"pods":"a/b,a/c","pvs":"d"}}}`},
		{"hooks-file", []string{"resources: [{name: a, includedNamespaces: [b]}]"}, `{"spec":{"hooks":{"resources":[{"includedNamespaces":["b"],"name":"a"}]}}}`},
		{"labels", []string{"a=b", "c=d"}, `{"metadata":{"labels":{"a":"b","c":"d"}}}`},
	} {
		field, ok := Find(tc.flag, Velero, backup.RoleBackup)
		if !ok {
			t.Errorf("--%s is no flag", tc.flag)
			continue
		}
		object := map[string]any{}
		if err := field.Apply(object, tc.typed); err != nil {
			t.Errorf("--%s=%v: %v", tc.flag, tc.typed, err)
		}
		if got := asJSON(t, object); got != tc.want {
			t.Errorf("--%s=%v gives\n%s, want\n%s", tc.flag, tc.typed, got, tc.want)
		}
	}
}

func TestFlagsThatSayNothingThatCanBeSent(t *testing.T) {
	for _, tc := range [][2]string{
		{"ttl", "soon"}, {"ttl", "xd"}, {"ttl", "1d-2h"}, {"snapshot-volumes", "maybe"}, {"parallel-files-upload", "many"},
		{"selector", "a>1"}, {"selector", "=="}, {"selector", ""}, {"or-selector", "a=b or "}, {"labels", "a"}, {"labels", "=b"},
		{"ordered-resources", "pods"}, {"ordered-resources", "pods="}, {"hooks-file", "- a"}, {"hooks-file", "a: [b"}, {"hooks-file", "a: 1\na: 2"},
	} {
		field, _ := Find(tc[0], Velero, backup.RoleBackup)
		if err := field.Apply(map[string]any{}, tc[1:]); err == nil || !strings.HasPrefix(err.Error(), "--"+tc[0]) {
			t.Errorf("--%s=%q: %v; want an error that names the flag", tc[0], tc[1], err)
		}
	}
	mode, _ := Find("run-mode", EBackup, backup.RoleBackup)
	if err := mode.Apply(map[string]any{}, []string{"Fast"}); err == nil || !strings.Contains(err.Error(), "Normal") {
		t.Errorf("--run-mode=Fast: %v; want the words that are taken", err)
	}
}

func TestLabelsComeBesideThoseThatAreThere(t *testing.T) {
	object := map[string]any{"metadata": map[string]any{"labels": map[string]any{"a": "old", "b": "kept"}}}
	field, _ := Find("labels", Velero, backup.RoleBackup)
	if err := field.Apply(object, []string{"a=new"}); err != nil {
		t.Fatal(err)
	}
	if got, want := asJSON(t, object), `{"metadata":{"labels":{"a":"new","b":"kept"}}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The flags of a backup are those of a schedule's template.
func TestAScheduleHasTheFieldsOfItsBackups(t *testing.T) {
	for _, f := range Fields(backup.RoleBackup) {
		for _, system := range f.Systems {
			if system != Velero && system != EBackup {
				continue
			}
			want := f.Path
			if below, ok := strings.CutPrefix(want, "spec."); ok {
				want = "spec.template." + below
			}
			if got, ok := Find(f.Flag, system, backup.RoleSchedule); !ok || got.Path != want {
				t.Errorf("--%s of a schedule of %s sets %q, want %q", f.Flag, system, got.Path, want)
			}
		}
	}
}

func TestWhoHasAFlag(t *testing.T) {
	if got := SystemsWith(backup.RoleBackup, "run-mode", "ttl"); !slices.Equal(got, []string{EBackup}) {
		t.Errorf("run-mode and ttl: %v", got)
	}
	if got := SystemsWith(backup.RoleBackup, "run-mode", "snapshot-move-data"); len(got) > 0 {
		t.Errorf("run-mode and snapshot-move-data: %v", got)
	}
	if got := FlagAt("spec.template.ttl", Velero, backup.RoleSchedule); got != "--ttl" {
		t.Errorf("the flag of spec.template.ttl is %s", got)
	}
	if got := FlagAt("spec.metadata", Velero, backup.RoleBackup); got != "spec.metadata" {
		t.Errorf("the flag of spec.metadata is %s", got)
	}
	if Creates("restic", backup.RoleBackup) || !Creates(Velero, backup.RoleSchedule) {
		t.Error("what can be made is not told")
	}
}

func TestSet(t *testing.T) {
	object := map[string]any{"spec": map[string]any{"ttl": "1h0m0s"}}
	for _, typed := range []string{"spec.a.b=[1, 2.5, x]", "metadata.labels.team=y", "metadata.annotations.example.com/note=a=b", "spec.c={d: true}", "spec.n=7"} {
		if err := Set(object, typed); err != nil {
			t.Errorf("%s: %v", typed, err)
		}
	}
	if got, want := asJSON(t, object), `{"metadata":{"annotations":{"example.com/note":"a=b"},"labels":{"team":"y"}},"spec":{"a":{"b":[1,2.5,"x"]},"c":{"d":true},"n":7,"ttl":"1h0m0s"}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, whole := Get(object, "spec.n").(int64); !whole {
		t.Errorf("7 is a %T", Get(object, "spec.n"))
	}
	for _, typed := range []string{"spec.ttl", "status.phase=Completed", "metadata.name=x", "spec..a=1", "spec.=1", "spec.ttl.x=1", "spec.a=[1"} {
		if err := Set(object, typed); err == nil {
			t.Errorf("%s is taken", typed)
		}
	}
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
