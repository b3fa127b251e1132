package cluster

import (
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

func TestOnlyTheManagedFieldsOfItemsAreLeftOut(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"of an item":          {`{"items":[{"metadata":{"managedFields":[{"manager":"x]\"","fieldsV1":{"f:a":[1]}}],"name":"a"}}]}`, `{"items":[{"metadata":{"managedFields":[],"name":"a"}}]}`},
		"of each item":        {`{"items":[{"metadata":{"name":"a","managedFields":[{}]}},{"metadata":{"managedFields": [ [] ]}}]}`, `{"items":[{"metadata":{"name":"a","managedFields":[]}},{"metadata":{"managedFields": []}}]}`},
		"empty":               {`{"items":[{"metadata":{"managedFields":[]}}]}`, `{"items":[{"metadata":{"managedFields":[]}}]}`},
		"null":                {`{"items":[{"metadata":{"managedFields":null,"labels":{"a":"b"}}}]}`, `{"items":[{"metadata":{"managedFields":null,"labels":{"a":"b"}}}]}`},
		"a value of the name": {`{"items":[{"metadata":{"name":"managedFields","finalizers":["x"]}}]}`, `{"items":[{"metadata":{"name":"managedFields","finalizers":["x"]}}]}`},
		"elsewhere":           {`{"items":[{"metadata":{},"spec":{"managedFields":[1],"a":{"managedFields":[2]}}}]}`, `{"items":[{"metadata":{},"spec":{"managedFields":[1],"a":{"managedFields":[2]}}}]}`},
		"of the list":         {`{"metadata":{"managedFields":[1]},"items":[]}`, `{"metadata":{"managedFields":[1]},"items":[]}`},
	}
	for name, test := range tests {
		for how, source := range map[string]io.Reader{
			"at once":      strings.NewReader(test.in),
			"byte by byte": iotest.OneByteReader(strings.NewReader(test.in)),
		} {
			got, err := io.ReadAll(newTrimmer(source))
			if err != nil || string(got) != test.want {
				t.Errorf("%s, %s: got %s, %v; want %s", name, how, got, err, test.want)
			}
		}
	}
}

// FuzzTrimmer holds that nothing but managedFields is lost.
func FuzzTrimmer(f *testing.F) {
	f.Add(`{"items":[{"metadata":{"managedFields":[{"a":"]"}],"name":"\"\\"}},{"spec":["metadata",{"managedFields":[]}]}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		var want, got any
		if json.Unmarshal([]byte(text), &want) != nil {
			return
		}
		if err := json.NewDecoder(newTrimmer(strings.NewReader(text))).Decode(&got); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if !reflect.DeepEqual(emptied(want), emptied(got)) {
			t.Fatalf("%q became %v", text, got)
		}
	})
}

// emptied is a list whose items' managedFields are gone.
func emptied(list any) any {
	top, _ := list.(map[string]any)
	for _, value := range top {
		items, _ := value.([]any)
		for _, item := range items {
			object, _ := item.(map[string]any)
			metadata, _ := object["metadata"].(map[string]any)
			if _, isList := metadata["managedFields"].([]any); isList {
				delete(metadata, "managedFields")
			}
		}
	}
	return list
}
