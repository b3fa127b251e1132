package redact

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestObject(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"secret": {
			`{"kind":"Secret","metadata":{"name":"s"},"data":{"a":"eA=="},"stringData":{"b":"y"},"type":"Opaque"}`,
			`{"kind":"Secret","metadata":{"name":"s"},"type":"Opaque"}`,
		},
		"list of secrets": {
			`{"kind":"SecretList","items":[{"metadata":{"name":"s"},"data":{"a":"eA=="}}]}`,
			`{"kind":"SecretList","items":[{"metadata":{"name":"s"}}]}`,
		},
		"environment": {
			`{"env":[{"name":"AWS_SECRET_ACCESS_KEY","value":"x"},{"name":"API_TOKEN","value":"y"},{"name":"REGION","value":"us-east-1"},
			  {"name":"AWS_ACCESS_KEY_ID","valueFrom":{"secretKeyRef":{"name":"s3-secret","key":"access_key"}}}]}`,
			`{"env":[{"name":"AWS_SECRET_ACCESS_KEY","value":"***"},{"name":"API_TOKEN","value":"***"},{"name":"REGION","value":"us-east-1"},
			  {"name":"AWS_ACCESS_KEY_ID","valueFrom":{"secretKeyRef":{"name":"s3-secret","key":"access_key"}}}]}`,
		},
		"inline credentials": {
			`{"spec":{"storage":{"accessKey":"a","secretKey":"b","bucket":"c","secretName":"s3-secret","secret":"s3-secret"}}}`,
			`{"spec":{"storage":{"accessKey":"***","secretKey":"***","bucket":"c","secretName":"s3-secret","secret":"s3-secret"}}}`,
		},
		"arguments": {
			`{"args":["backup","--access-key","a","--storage=s3://b/p?secret-access-key=c","--pd=x:2379"]}`,
			`{"args":["backup","--access-key","***","--storage=s3://b/p?secret-access-key=***","--pd=x:2379"]}`,
		},
		"last applied": {
			`{"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"kind\":\"Secret\",\"data\":{\"a\":\"eA==\"}}"}}}`,
			`{"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"kind\":\"Secret\"}"}}}`,
		},
		"last applied that is no JSON": {
			`{"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"data\":"}}}`,
			`{"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"***"}}}`,
		},
		"text, numbers and nulls": {
			`{"status":{"message":"Get https://u:p@h/x","size":1.5,"n":3,"ok":true,"none":null}}`,
			`{"status":{"message":"Get https://***@h/x","size":1.5,"n":3,"ok":true,"none":null}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := object(t, c.in)
			got := Object(in)
			if want := object(t, c.want); !reflect.DeepEqual(got, want) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
			if !reflect.DeepEqual(in, object(t, c.in)) {
				t.Error("the object itself was changed")
			}
			if again := Object(got); !reflect.DeepEqual(again, got) {
				t.Errorf("redacting twice changes %v to %v", got, again)
			}
		})
	}
}

func TestObjectOfGoTypes(t *testing.T) {
	t.Parallel()
	in := map[string]any{
		"labels": map[string]string{"password": "hunter2"},
		"lines":  []string{"password=hunter2"},
		"broken": func() {},
		"n":      int64(7),
	}
	got := Object(in)
	if text := strings.TrimSpace(toJSON(t, got)); strings.Contains(text, "hunter2") {
		t.Errorf("a Go type let the secret through: %s", text)
	}
	if got["n"] != int64(7) || got["broken"] != Mask {
		t.Errorf("got %v", got)
	}
	if Object(nil) != nil {
		t.Error("nothing became something")
	}
}

func toJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
