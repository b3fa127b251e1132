package compose

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func locationOf(t *testing.T, system string, flags map[string]string) map[string]any {
	t.Helper()
	object := New(backup.Served{Group: "velero.io", Version: "v1", Kind: "BackupStorageLocation", Namespaced: true}, "velero", "offsite")
	for name, value := range flags {
		field, known := Find(name, system, backup.RoleLocation)
		if !known {
			t.Fatalf("%s has no --%s", system, name)
		}
		if err := field.Apply(object, []string{value}); err != nil {
			t.Fatal(err)
		}
	}
	return object
}

func TestFinishLocation(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, system string
		flags        map[string]string
		want         string // of the faults
	}{
		{"sound", Velero, map[string]string{"provider": "aws", "bucket": "b"}, ""},
		{"a folder in the bucket", Velero, map[string]string{"bucket": "b/c"}, `spec.objectStorage.bucket: "b/c" is no name of a bucket; a folder in it goes into --prefix`},
		{"a prefix where nobody reads it", Velero, map[string]string{"bucket": "b", "config": "prefix=x"}, "spec.config.prefix: is not read by the server; use --prefix"},
		{"e-backup by itself", EBackup, map[string]string{"bucket": "b", "config": "endpoint=obs.x.example"}, ""},
		{"e-backup elsewhere", EBackup, map[string]string{"provider": "aws", "bucket": "b", "config": "endpoint=x"}, "spec.provider: is aws, and e-backup takes huawei alone"},
		{"e-backup without an endpoint", EBackup, map[string]string{"provider": "obs", "bucket": "b"}, "spec.config.endpoint: is missing; set it as in --config endpoint=obs.REGION.myhuaweicloud.com"},
	} {
		object := locationOf(t, c.system, c.flags)
		var got []string
		for _, fault := range FinishLocation(object, c.system) {
			got = append(got, fault.Error())
		}
		if text := strings.Join(got, "\n"); text != c.want {
			t.Errorf("%s: %s", c.name, text)
		}
		if c.system == EBackup && c.flags["provider"] != "aws" && Get(object, "spec.provider") != "huawei" {
			t.Errorf("%s: provider %v", c.name, Get(object, "spec.provider"))
		}
	}
}

func TestCredentialOf(t *testing.T) {
	t.Parallel()
	if name, key := CredentialOf(locationOf(t, Velero, nil)); name != "offsite" || key != "cloud" {
		t.Error(name, key)
	}
	if name, key := CredentialOf(locationOf(t, Velero, map[string]string{"credential": "own=file"})); name != "own" || key != "file" {
		t.Error(name, key)
	}
	field, _ := Find("credential", Velero, backup.RoleLocation)
	for _, wrong := range []string{"own", "=file", "own="} {
		if err := field.Apply(map[string]any{}, []string{wrong}); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
	mode, _ := Find("access-mode", Velero, backup.RoleLocation)
	if err := mode.Apply(map[string]any{}, []string{"Both"}); err == nil {
		t.Error("a mode that is none was taken")
	}
}

func TestSecret(t *testing.T) {
	t.Parallel()
	for system, want := range map[string]string{
		Velero:  `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"n"},"type":"Opaque"}`,
		EBackup: `{"apiVersion":"v1","kind":"Secret","metadata":{"labels":{"secret.everest.io/backup":"true"},"name":"s","namespace":"n"},"type":"cfe/secure-opaque"}`,
	} {
		if got, err := json.Marshal(Secret(system, "n", "s")); err != nil || string(got) != want {
			t.Errorf("%s: %s, %v", system, got, err)
		}
	}
}

func TestOnlyForBuckets(t *testing.T) {
	t.Parallel()
	if !OnlyForBuckets("bucket") || OnlyForBuckets("provider") {
		t.Error("snapshots are in no bucket, and have a provider")
	}
}

// The steps are bound to the object and the field, for the server writes the status each minute.
func TestDefault(t *testing.T) {
	t.Parallel()
	ref := backup.Ref{Group: "velero.io", Resource: "backupstoragelocations", Kind: "BackupStorageLocation", Namespace: "velero", Name: "a", UID: "u"}
	for is, want := range map[bool]string{
		true:  `[{"op":"test","path":"/metadata/uid","value":"u"},{"op":"add","path":"/spec/default","value":true}]`,
		false: `[{"op":"test","path":"/metadata/uid","value":"u"},{"op":"test","path":"/spec/default","value":true},{"op":"add","path":"/spec/default","value":false}]`,
	} {
		step := Default(ref, is)
		if got, err := json.Marshal(step.Patch); err != nil || string(got) != want {
			t.Errorf("%v: %s, %v", is, got, err)
		}
		if !strings.Contains(step.Does, "the default") {
			t.Error(step.Does)
		}
	}
}
