package collect_test

import (
	"context"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestTheZoneIsThatOfTheServersDeployment(t *testing.T) {
	withTZ := func(value string) func(*recorded) {
		return func(r *recorded) {
			containers := r.objects["deployments.apps"][0]["spec"].(map[string]any)["template"].(map[string]any)["spec"].(map[string]any)["containers"].([]any)
			containers[0].(map[string]any)["env"] = []any{map[string]any{"name": "OTHER", "value": "x"}, map[string]any{"name": "TZ", "value": value}}
		}
	}
	for name, tc := range map[string]struct {
		change     func(*recorded)
		zone, from string
	}{
		"nothing set":  {func(*recorded) {}, "UTC", "Deployment velero/velero sets no TZ"},
		"TZ":           {withTZ("Asia/Shanghai"), "Asia/Shanghai", "TZ of Deployment velero/velero"},
		"unknown zone": {withTZ("Mars/Olympus"), "UTC", "assumed: the TZ of Deployment velero/velero is no zone that is known here"},
		"no server":    {func(r *recorded) { delete(r.objects, "deployments.apps") }, "UTC", "assumed: no Deployment component=velero was found"},
		"no right":     {func(r *recorded) { r.deny = []string{"deployments.apps"} }, "UTC", "assumed: the Deployment of the server could not be read"},
	} {
		r := velero(t)
		tc.change(r)
		c := collector(t, r)
		kind, err := c.KindNamed(context.Background(), "velero.io/v1", "Backup")
		if err != nil {
			t.Fatal(err)
		}
		if zone, from := c.Zone(context.Background(), kind, "velero"); zone.String() != tc.zone || from != tc.from {
			t.Errorf("%s: %s (%s), want %s (%s)", name, zone, from, tc.zone, tc.from)
		}
	}
}

func TestTheKindThatAManifestNames(t *testing.T) {
	c := collector(t, velero(t))
	kind, err := c.KindNamed(context.Background(), "velero.io/v1", "Restore")
	if err != nil || kind.Role != backup.RoleRestore {
		t.Errorf("%v, %v", kind, err)
	}
	for _, tc := range [][2]string{{"velero.io/v1", "Schedule"}, {"velero.io/v2", "Restore"}, {"", ""}} {
		if _, err := c.KindNamed(context.Background(), tc[0], tc[1]); err == nil {
			t.Errorf("%s %s is served", tc[0], tc[1])
		}
	}
}
