package collect_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

// lookAt looks at the location of the recorded Velero, after what was recorded was changed.
func lookAt(t *testing.T, c *collect.Collector) *backup.LocationLook {
	t.Helper()
	hit, err := c.Find(context.Background(), collect.Target{Type: "location", Name: "default"}, collect.Scope{Namespace: "default"})
	if err != nil {
		t.Fatal(err)
	}
	ev, err := c.Evidence(context.Background(), hit, collect.Depth{})
	if err != nil {
		t.Fatal(err)
	}
	c.Location(context.Background(), &ev)
	return ev.Location
}

// bsl is the recorded BackupStorageLocation.
func bsl(r *recorded) map[string]any { return r.objects["backupstoragelocations.velero.io"][0] }

func TestLocation(t *testing.T) {
	source := veleroWithKeys(t)
	bsl(source)["status"] = map[string]any{"phase": "Unavailable", "message": "no", "lastValidationTime": "2026-11-21T08:00:00Z"}
	spec := bsl(source)["spec"].(map[string]any)
	spec["default"], spec["accessMode"], spec["validationFrequency"] = true, "ReadOnly", "5m0s"
	look := lookAt(t, withStorage(t, source, bucketOf(t, "b", nightlyFiles(t))))

	root := look.Root
	if root.Listed != backup.Yes || !slices.Equal(root.Folders, []string{"backups/", "restores/"}) || !root.Complete || root.Verdict.Identity != "Secret velero/cloud-credentials" || root.Verdict.Vantage != "direct" {
		t.Errorf("root %+v", root)
	}
	if s := look.Secret; s.Lookup != backup.Found || !slices.Equal(s.Keys, []string{"cloud"}) || s.Unusable != "" || s.Flaws != nil || s.Labelled != backup.Unknown {
		t.Errorf("secret %+v", s)
	}
	if s := look.Server; s.Message != "no" || s.Validated == nil || !s.ReadOnly || !s.Default || s.Every == nil || time.Duration(*s.Every) != 5*time.Minute || len(s.Deployments) != 1 || s.Deployments[0].Ready != 1 || s.Lookup != backup.Found {
		t.Errorf("server %+v", s)
	}
	if look.DefaultsLookup != backup.Found || len(look.Defaults) != 1 || look.Defaults[0].Name != "default" {
		t.Errorf("defaults %+v", look.Defaults)
	}
}

// Each thing that cannot be read says so, and none of them is taken for fine.
func TestLocationThatCannotBeSeen(t *testing.T) {
	nobody := velero(t)
	nobody.deny = []string{"deployments.apps"}
	look := lookAt(t, withStorage(t, nobody, bucketOf(t, "b", nil)))
	if look.Secret.Lookup != backup.Absent || look.Root.Listed != backup.No || look.Root.Verdict.Reason != backup.ReasonCredentials || look.Server.Lookup != backup.Denied {
		t.Errorf("without a Secret: %+v", look)
	}

	damaged := veleroWithKeys(t)
	damaged.secrets["velero/cloud-credentials"]["cloud"] = []byte("[default]\naws_access_key_id=A\n")
	delete(damaged.objects, "deployments.apps")
	look = lookAt(t, withStorage(t, damaged, bucketOf(t, "b", nil)))
	if !strings.Contains(look.Secret.Unusable, "aws_secret_access_key") || look.Server.Lookup != backup.Absent {
		t.Errorf("with a damaged Secret: %+v", look)
	}

	refused := lookAt(t, withStorage(t, veleroWithKeys(t), bucketOf(t, "other", nil)))
	if refused.Root.Listed != backup.No || refused.Root.Verdict.Class != backup.VerdictBucketMissing || refused.Root.Verdict.Identity != "Secret velero/cloud-credentials" || refused.Root.Verdict.Vantage != "direct" {
		t.Errorf("without a bucket: %+v", refused.Root)
	}
}

// With --storage=never no Secret is read and nothing is dialled.
func TestLocationWithoutStorage(t *testing.T) {
	source := veleroWithKeys(t)
	look := lookAt(t, collector(t, source))
	if look.Root.Listed != backup.Unknown || look.Root.Verdict.Reason != backup.ReasonNotLooked || look.Secret.Lookup != backup.NotAsked {
		t.Errorf("%+v", look)
	}
	if slices.ContainsFunc(source.asked, func(call string) bool { return strings.HasPrefix(call, "secret ") }) {
		t.Error("a Secret was read")
	}
}

// e-backup wants a label and a type, of which only metadata are read.
func TestLocationOfEBackup(t *testing.T) {
	source := veleroWithKeys(t)
	source.secrets["velero/cloud-credentials"]["cloud"] = []byte("HUAWEI_CLOUD_ACCESS_KEY_ID=A\nHUAWEI_CLOUD_SECRET_ACCESS_KEY=B\n")
	source.objects["secrets"] = []map[string]any{{"metadata": map[string]any{"name": "cloud-credentials", "namespace": "velero", "labels": map[string]any{"secret.everest.io/backup": "true"}}}}
	source.objects["customresourcedefinitions.apiextensions.k8s.io"] = []map[string]any{eBackupDefinition()}
	source.deny = nil
	look := lookAt(t, withStorage(t, source, bucketOf(t, "b", nil)))
	if look.Secret.Ref.Format != "obs" || look.Secret.Labelled != backup.Yes || look.Secret.Typed == backup.Unknown {
		t.Errorf("%+v", look.Secret)
	}
	source.deny = []string{"secrets"}
	if look := lookAt(t, withStorage(t, source, bucketOf(t, "b", nil))); look.Secret.Labelled != backup.Unknown || look.Secret.Typed != backup.Unknown {
		t.Errorf("%+v", look.Secret)
	}
}

// eBackupDefinition is the definition of Backups by whose field e-backup is known.
func eBackupDefinition() map[string]any {
	field := func(name string, inner map[string]any) map[string]any {
		return map[string]any{"properties": map[string]any{name: inner}}
	}
	return map[string]any{
		"metadata": map[string]any{"name": "backups.velero.io"},
		"spec": map[string]any{"versions": []any{map[string]any{
			"name": "v1", "schema": map[string]any{"openAPIV3Schema": field("spec", field("runMode", map[string]any{"type": "string"}))},
		}}},
	}
}
