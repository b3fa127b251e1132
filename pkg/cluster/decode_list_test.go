package cluster

import (
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"sigs.k8s.io/json"
)

func TestItemsComeWithoutTheirManagedFieldsAndNothingElseIsLost(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"managedFields first":  {`{"metadata":{"managedFields":[{"manager":"x]\"","fieldsV1":{"f:a":[1]}}],"name":"a"}}`, `{"metadata":{"name":"a"}}`},
		"managedFields last":   {`{"metadata":{"name":"a","managedFields":[{}]}}`, `{"metadata":{"name":"a"}}`},
		"managedFields null":   {`{"metadata":{"managedFields":null}}`, `{"metadata":{}}`},
		"a value of that name": {`{"metadata":{"name":"managedFields"}}`, `{"metadata":{"name":"managedFields"}}`},
		"a field elsewhere":    {`{"spec":{"managedFields":[1]}}`, `{"spec":{"managedFields":[1]}}`},
		"all kinds of values":  {`{"spec":{"a":[1,-2.5,1e3,12345678901234567890,true,false,null,"\u5099\n",[],{}]}}`, `{"spec":{"a":[1,-2.5,1e3,12345678901234567890,true,false,null,"\u5099\n",[],{}]}}`},
	}
	for name, test := range tests {
		got := items(t, `{"kind":"List","metadata":{"resourceVersion":"7"},"items":[`+test.in+`]}`)
		if want := parsed(t, test.want); len(got) != 1 || !reflect.DeepEqual(got[0], want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

func TestWritersAreKeptWithoutTheirFields(t *testing.T) {
	list := `{"kind":"List","metadata":{},"items":[{"metadata":{"name":"x","managedFields":[{"manager":"kubectl","time":"2026-11-21T08:00:00Z","fieldsV1":{"f:spec":{"f:a":{}}}},{}],"uid":"u"}},{"metadata":{"managedFields":null}}]}`
	var got []map[string]any
	_, err := decodeList(iotest.OneByteReader(strings.NewReader(list)), true, func(item map[string]any) error {
		got = append(got, item)
		return nil
	})
	want := []map[string]any{
		parsed(t, `{"metadata":{"name":"x","managedFields":[{"manager":"kubectl","time":"2026-11-21T08:00:00Z"},{}],"uid":"u"}}`),
		parsed(t, `{"metadata":{}}`),
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
}

// items decodes a list that arrives byte by byte.
func items(t *testing.T, list string) []map[string]any {
	t.Helper()
	var out []map[string]any
	meta, err := decodeList(iotest.OneByteReader(strings.NewReader(list)), false, func(item map[string]any) error {
		out = append(out, item)
		return nil
	})
	if err != nil || meta.ResourceVersion != "7" {
		t.Fatalf("%s: %+v, %v", list, meta, err)
	}
	return out
}

// parsed is what the decoder of single objects makes of a text.
func parsed(t *testing.T, text string) map[string]any {
	t.Helper()
	object, err := decodeObject(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return object
}

// FuzzListDecoder holds that a list's items are what the decoder of single
// objects makes of them, and that nothing makes it panic.
func FuzzListDecoder(f *testing.F) {
	f.Add(`{"spec":{"a":[1,2.5,"x",null,true,{"b":{}}]},"metadata":{"name":"a"}}`)
	f.Add(`{"metadata":[]}`)
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = decodeList(strings.NewReader(text), false, func(map[string]any) error { return nil })
		var want map[string]any
		if strings.Contains(text, "metadata") || json.UnmarshalCaseSensitivePreserveInts([]byte(text), &want) != nil || want == nil {
			return
		}
		var got map[string]any
		_, err := decodeList(io.MultiReader(strings.NewReader(`{"kind":"List","items":[`), strings.NewReader(text), strings.NewReader(`]}`)), false,
			func(item map[string]any) error { got = item; return nil })
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%q became %v (%v), want %v", text, got, err, want)
		}
	})
}
