package storage

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestTop(t *testing.T) {
	server := newS3(t, time.Hour)
	server.put(t, "demo/backups/a/1", "demo/backups/b/2", "demo/kopia/x/y/z", "demo/readme", "demo2/x", "other")
	for _, c := range []struct {
		prefix           string
		limit            int
		folders, objects []string
		complete         bool
	}{
		{"demo", 100, []string{"backups/", "kopia/"}, []string{"readme"}, true},
		{"demo/kopia", 100, []string{"x/"}, nil, true},
		{"nothing", 100, nil, nil, true},
		{"", 100, []string{"demo/", "demo2/"}, []string{"other"}, true},
		{"demo", 2, []string{"backups/", "kopia/"}, nil, false},
	} {
		top, err := openTest(t, testLocation(server.URL, c.prefix), Options{}).Top(t.Context(), c.limit)
		var objects []string
		for _, object := range top.Objects {
			objects = append(objects, object.Key)
		}
		if err != nil || !slices.Equal(top.Folders, c.folders) || !slices.Equal(objects, c.objects) || top.Complete != c.complete {
			t.Errorf("%q: %q and %q, complete %v, %v", c.prefix, top.Folders, objects, top.Complete, err)
		}
	}
}

// A server that answers a listing with folders that nobody asked for is not believed.
func TestForeignFolders(t *testing.T) {
	for _, answer := range []string{
		"<CommonPrefixes><Prefix>demo/a/</Prefix></CommonPrefixes>", "<CommonPrefixes><Prefix>other/</Prefix></CommonPrefixes>",
	} {
		place := openTest(t, testLocation(newFake(t, failing(200, nil, "<ListBucketResult><Name>b</Name>"+answer+"</ListBucketResult>")).URL, "demo"), Options{})
		if v := place.Probe(t.Context()); v.Class != backup.VerdictUnknown || v.Reason != backup.ReasonOther {
			t.Errorf("got %s/%s (%s)", v.Class, v.Reason, v.Detail)
		}
		if _, err := place.Top(t.Context(), 10); (err != nil) != strings.Contains(answer, "other") {
			t.Errorf("%s: %v", answer, err)
		}
	}
}

func TestSecretForm(t *testing.T) {
	t.Parallel()
	const file = "[default]\naws_access_key_id = A\naws_secret_access_key = B\n"
	ref := func(format string, keys map[string]string) backup.CredentialsRef {
		return backup.CredentialsRef{Namespace: "velero", Secret: "s", Format: format, Keys: keys}
	}
	aws, pair := ref("velero-aws", map[string]string{"file": "cloud"}), ref("keyPair", map[string]string{"id": "id", "secret": "secret"})
	for _, c := range []struct {
		name string
		ref  backup.CredentialsRef
		data map[string]string
		want []string
	}{
		{"a sound file", aws, map[string]string{"cloud": file, "other": "\xff"}, nil},
		{"line ends of Windows", aws, map[string]string{"cloud": "[default]\r\naws_access_key_id=A\r\n"}, nil},
		{"a wrapped key", aws, map[string]string{"cloud": "[default]\naws_secret_access_key = B\nCD\n"}, []string{"key cloud: line 3 sets nothing: a line break is inside the value before it"}},
		{"a key on the next line", aws, map[string]string{"cloud": "[default]\naws_secret_access_key =\n B\n"}, []string{"key cloud: line 2 sets aws_secret_access_key to nothing", "key cloud: line 3 sets nothing: a line break is inside the value before it"}},
		{"encoded twice", aws, map[string]string{"cloud": "W2RlZmF1bHRdCmF3c19hY2Nlc3Nfa2V5X2lkPUEK\n"}, []string{"key cloud: it is base64 inside base64: it was encoded twice"}},
		{"a byte order mark", aws, map[string]string{"cloud": "\ufeff" + file}, []string{"key cloud: it begins with a byte order mark"}},
		{"no text", aws, map[string]string{"cloud": "\xff\xfe"}, []string{"key cloud: it is not text"}},
		{"the only key", ref("awsFile", nil), map[string]string{"any": "x"}, []string{"key any: line 1 sets nothing: a line break is inside the value before it"}},
		{"e-backup's", ref("obs", map[string]string{"file": "cloud"}), map[string]string{"cloud": "HUAWEI_CLOUD_ACCESS_KEY_ID=A\nHUAWEI_CLOUD_SECRET_ACCESS_KEY=B"}, nil},
		{"a file of AWS for e-backup", ref("obs", map[string]string{"file": "cloud"}), map[string]string{"cloud": file}, []string{"key cloud: line 1 is the head of a section, as only a credentials file of AWS has it"}},
		{"a key of Google", ref("velero-gcp", map[string]string{"file": "cloud"}), map[string]string{"cloud": "{\n}\n"}, nil},
		{"a key of Google, encoded twice", ref("velero-gcp", map[string]string{"file": "cloud"}), map[string]string{"cloud": "ewp9Cg=="}, []string{"key cloud: it is base64 inside base64: it was encoded twice"}},
		{"a sound pair", pair, map[string]string{"id": "A", "secret": "YWJjZD0="}, nil},
		{"echo without -n", pair, map[string]string{"id": "A\n", "secret": "B"}, []string{"key id: it ends with a line break, which becomes a part of the value"}},
		{"base64 without -w0", pair, map[string]string{"id": "A", "secret": "B\nC"}, []string{"key secret: a line break is inside the value"}},
	} {
		data := map[string][]byte{}
		for key, value := range c.data {
			data[key] = []byte(value)
		}
		if got := SecretForm(c.ref, data); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
