package compose

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// applied is the manifest with flags as they were typed, in any order.
func applied(t *testing.T, object map[string]any, fields []Field, typed map[string]string) error {
	t.Helper()
	var given []Field
	for _, field := range fields {
		if _, ok := typed[field.Flag]; ok {
			given = append(given, field)
		}
	}
	if len(given) != len(typed) {
		t.Fatalf("%v: not all are flags", typed)
	}
	slices.Reverse(given)
	Order(given)
	for _, field := range given {
		if err := field.Apply(object, []string{typed[field.Flag]}); err != nil {
			return err
		}
	}
	return nil
}

func TestWhereTheDataOfTiDBLies(t *testing.T) {
	fields := tidbStorageFields("spec", "", backup.RoleBackup)
	for _, tc := range []struct {
		typed map[string]string
		want  string
	}{
		{map[string]string{"bucket": "s3://b/a/c/", "secret": "s", "endpoint": "http://e:9000", "region": "r"}, `{"s3":{"bucket":"b","endpoint":"http://e:9000","prefix":"a/c","provider":"aws","region":"r","secretName":"s"}}`},
		{map[string]string{"bucket": "s3://b", "provider": "ceph", "object-storage-class": "COLD", "force-path-style": "false"}, `{"s3":{"bucket":"b","forcePathStyle":false,"provider":"ceph","storageClass":"COLD"}}`},
		{map[string]string{"bucket": "gcs://b/p", "project": "q", "secret": "s"}, `{"gcs":{"bucket":"b","prefix":"p","projectId":"q","secretName":"s"}}`},
		{map[string]string{"bucket": "azure://c/p", "secret": "s", "access-tier": "Hot"}, `{"azblob":{"accessTier":"Hot","container":"c","prefix":"p","secretName":"s"}}`},
	} {
		object := map[string]any{}
		if err := applied(t, object, fields, tc.typed); err != nil {
			t.Errorf("%v: %v", tc.typed, err)
		}
		if got := asJSON(t, object["spec"]); got != tc.want {
			t.Errorf("%v gives\n%s, want\n%s", tc.typed, got, tc.want)
		}
	}
}

func TestAnotherPlaceTakesTheOldOnesPlace(t *testing.T) {
	fields := tidbStorageFields("spec", "", backup.RoleBackup)
	for to, want := range map[string]string{
		"s3://new":     `{"s3":{"bucket":"new","provider":"ceph","secretName":"s"}}`,
		"gs://new/sub": `{"gcs":{"bucket":"new","prefix":"sub"}}`,
	} {
		object := map[string]any{"spec": map[string]any{"s3": map[string]any{"bucket": "old", "prefix": "p", "provider": "ceph", "secretName": "s"}}}
		if err := applied(t, object, fields, map[string]string{"bucket": to}); err != nil {
			t.Fatal(err)
		}
		if got := asJSON(t, object["spec"]); got != want {
			t.Errorf("%s gives %s, want %s", to, got, want)
		}
	}
}

func TestWhatIsNoPlace(t *testing.T) {
	fields := tidbStorageFields("spec.other", "full-", backup.RoleRestore)
	for _, text := range []string{"", "bucket", "b/p", "ftp://b/p", "s3://", "s3:///p", "s3://b:80/p", "s3://b?x=y", "s3://key:value@b/p", "s3://%zz"} {
		err := applied(t, map[string]any{}, fields, map[string]string{"full-bucket": text})
		if err == nil || !strings.HasPrefix(err.Error(), "--full-bucket: ") || strings.Contains(err.Error(), "value") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if err := applied(t, map[string]any{}, fields, map[string]string{"full-secret": "s"}); err == nil || !strings.Contains(err.Error(), "--full-secret: where the data lies") {
		t.Errorf("a Secret of no place: %v", err)
	}
	if err := applied(t, map[string]any{"spec": "text"}, fields, map[string]string{"full-bucket": "s3://b"}); err == nil {
		t.Error("a spec that is no object is taken")
	}
}

func TestTheFlagOfAPartOfThePlace(t *testing.T) {
	at := func(path string) (flags []string) {
		for _, field := range tidbStorageFields("spec", "", backup.RoleBackup) {
			if field.sets(path) {
				flags = append(flags, field.Flag)
			}
		}
		return flags
	}
	for path, want := range map[string]string{
		"spec.s3.bucket": "bucket", "spec.azblob.container": "bucket", "spec.gcs.prefix": "bucket", "spec.s3.endpoint": "endpoint",
		"spec.gcs.secretName": "secret", "spec.gcs.projectId": "project", "spec.s3.acl": "", "spec.s3": "", "prefix": "",
	} {
		if got := strings.Join(at(path), " "); got != want {
			t.Errorf("%s is set by %q, want %q", path, got, want)
		}
	}
}
