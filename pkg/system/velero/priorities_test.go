package velero

import (
	"strings"
	"testing"
)

func TestPrioritiesOfEachVersion(t *testing.T) {
	for minor, want := range map[int64]string{
		3: "", 4: "replicasets.apps", 8: "clusters.cluster.x-k8s.io", 9: "", 10: "clusterbootstraps.run.tanzu.vmware.com", 12: "datauploads.velero.io",
		16: "apps.kappctrl.k14s.io", 17: "clusterroles", 18: "priorityclasses", 19: "",
	} {
		order, known := Priorities([]string{"server"}, minor)
		if known != (want != "") || known && !strings.Contains(order.Value(), want) || order.Argument >= 0 || order.Flag != "" {
			t.Errorf("1.%d: %+v, known %v, want %s in it", minor, order, known, want)
		}
	}
	if order, _ := Priorities(nil, 18); order.Compare("serviceaccounts", "pods") >= 0 || order.Compare("pods", "deployments.apps") >= 0 {
		t.Errorf("1.18 restores by %s", order.Value())
	}
}

func TestPrioritiesOfAFlag(t *testing.T) {
	const low = ",-,clusterbootstraps.run.tanzu.vmware.com,clusters.cluster.x-k8s.io,clusterresourcesets.addons.cluster.x-k8s.io"
	for flag, want := range map[string]string{
		"a,b": "a,b" + low, "a,b,-": "a,b" + low, "a,-,z": "a,-,z",
		"-": "", "-,z": "", "": "", // the first part is the default
	} {
		for _, args := range [][]string{{"server", PrioritiesFlag + "=" + flag}, {"server", PrioritiesFlag, flag}} {
			order, known := Priorities(args, 14)
			if want != "" && order.Value() != want || !known || order.Flag != flag {
				t.Errorf("%v: %s, want %s", args, order.Value(), want)
			}
			if got := args[order.Argument]; order.Apart != (len(args) == 3) || !strings.HasSuffix(got, flag) {
				t.Errorf("%v: the value is said to be at %d, apart %v", args, order.Argument, order.Apart)
			}
			if want == "" && (order.First[0] != "customresourcedefinitions" || flag == "-,z" && order.Last[0] != "z") {
				t.Errorf("%v: %s", args, order.Value())
			}
		}
	}
	if _, known := Priorities([]string{PrioritiesFlag + "=a,b"}, 0); known {
		t.Error("what comes last is not known without the version")
	}
	if order, known := Priorities([]string{PrioritiesFlag + "=a,-,b"}, 0); !known || order.Value() != "a,-,b" {
		t.Errorf("a whole flag needs no version: %v %s", known, order.Value())
	}
	if order, _ := Priorities([]string{PrioritiesFlag}, 18); order.Flag != "" {
		t.Errorf("a flag without its value: %+v", order)
	}
}
