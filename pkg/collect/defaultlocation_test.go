package collect_test

import (
	"context"
	"testing"
)

func TestDefaultLocations(t *testing.T) {
	source := veleroWithKeys(t)
	c := collector(t, source)
	kind, err := c.KindOf(context.Background(), "velero.io", "backupstoragelocations")
	if err != nil || kind == nil {
		t.Fatal(err)
	}
	if none, err := c.DefaultLocations(context.Background(), kind, "velero"); err != nil || len(none) != 0 {
		t.Errorf("%v, %v", none, err)
	}
	bsl(source)["spec"].(map[string]any)["default"] = true
	if one, err := c.DefaultLocations(context.Background(), kind, "velero"); err != nil || len(one) != 1 || one[0].Name != "default" {
		t.Errorf("%v, %v", one, err)
	}
}
