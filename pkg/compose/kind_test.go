package compose

import (
	"strings"
	"testing"
)

func TestKindsReadWhatIsTyped(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind  Kind
		typed []string
		want  string // JSON, or "error: part of it"
	}{
		"text":                    {Text, []string{"a", "b"}, `"b"`},
		"list":                    {List, []string{"a", "b"}, `["a","b"]`},
		"map":                     {Map, []string{"a=b", "c="}, `{"a":"b","c":""}`},
		"no map":                  {Map, []string{"a"}, "error: no pair such as a=b"},
		"no key":                  {Map, []string{"=a"}, "error: no pair such as a=b"},
		"number":                  {Number, []string{"3"}, `3`},
		"no number":               {Number, []string{"x"}, "error: "},
		"on":                      {Switch, []string{"true"}, `true`},
		"off":                     {Switch, []string{"false"}, `false`},
		"neither":                 {Switch, []string{"maybe"}, "error: "},
		"hours":                   {Duration, []string{"72h"}, `"72h0m0s"`},
		"days":                    {Duration, []string{"30d"}, `"720h0m0s"`},
		"days and hours":          {Duration, []string{"1d12h"}, `"36h0m0s"`},
		"no days":                 {Duration, []string{"xd"}, "error: no duration"},
		"days and nonsense":       {Duration, []string{"1dx"}, "error: no duration"},
		"days and less":           {Duration, []string{"1d-2h"}, "error: no duration"},
		"no duration":             {Duration, []string{"5x"}, "error: "},
		"labels":                  {Selector, []string{"a=b,c in (x,y),!d"}, `{"matchExpressions":[{"key":"c","operator":"In","values":["x","y"]},{"key":"d","operator":"DoesNotExist"}],"matchLabels":{"a":"b"}}`},
		"labels it has not":       {Selector, []string{"a!=b,c"}, `{"matchExpressions":[{"key":"a","operator":"NotIn","values":["b"]},{"key":"c","operator":"Exists"}]}`},
		"what no selector says":   {Selector, []string{"a>1"}, "error: cannot say"},
		"no selector":             {Selector, []string{"a=b=c"}, "error: "},
		"nothing":                 {Selector, []string{""}, "error: selects by nothing"},
		"one of several":          {OrSelectors, []string{"a=b or c=d"}, `[{"matchLabels":{"a":"b"}},{"matchLabels":{"c":"d"}}]`},
		"one of several is wrong": {OrSelectors, []string{"a=b or "}, "error: "},
		"a ConfigMap":             {ConfigMap, []string{"policy"}, `{"kind":"configmap","name":"policy"}`},
	} {
		value, err := c.kind.parse(c.typed)
		got := asJSON(t, value)
		if wrong, isError := strings.CutPrefix(c.want, "error: "); isError {
			if err == nil || !strings.Contains(err.Error(), wrong) {
				t.Errorf("%s: got %s, %v", name, got, err)
			}
		} else if err != nil || got != c.want {
			t.Errorf("%s: got %s, %v, want %s", name, got, err, c.want)
		}
	}
}

func TestSetTakesYAML(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"spec.ttl=24h0m0s":                 `{"metadata":{},"spec":{"name":"x","ttl":"24h0m0s"}}`,
		"spec.names=[a, b]":                `{"metadata":{},"spec":{"name":"x","names":["a","b"]}}`,
		"spec.a.b=true":                    `{"metadata":{},"spec":{"a":{"b":true},"name":"x"}}`,
		"metadata.labels.team=a":           `{"metadata":{"labels":{"team":"a"}},"spec":{"name":"x"}}`,
		"spec.name.first=y":                "spec.name is no object",
		"status.phase=Completed":           "the path is none below",
		"metadata.finalizers=[]":           "the path is none below",
		"metadata.name=other":              "the path is none below",
		"spec..a=b":                        "the path is none below",
		"spec.=b":                          "the path is none below",
		"spec.ttl":                         "is no PATH=VALUE",
		"spec.ttl={":                       "no YAML",
		"metadata.annotations.note=a=b, c": `{"metadata":{"annotations":{"note":"a=b, c"}},"spec":{"name":"x"}}`,
	} {
		object := map[string]any{"metadata": map[string]any{}, "spec": map[string]any{"name": "x"}}
		err := Set(object, typed)
		got := asJSON(t, object)
		if err == nil && got != want || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %s, %v", typed, got, err)
		}
	}
}
