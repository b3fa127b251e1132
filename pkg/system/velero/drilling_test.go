package velero

import (
	"errors"
	"slices"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func shopTarball(t *testing.T) Bucket {
	t.Helper()
	return tarred(t, map[string]string{
		"namespaces/cluster/shop":                              `{"metadata":{"name":"shop","labels":{"pod-security.kubernetes.io/enforce":"baseline","team":"a"}}}`,
		"persistentvolumes/cluster/pv-1":                       `{"metadata":{"name":"pv-1"},"spec":{"persistentVolumeReclaimPolicy":"Retain"}}`,
		"persistentvolumeclaims/namespaces/shop/db":            `{"metadata":{},"spec":{"storageClassName":"fast","volumeName":"pv-1","resources":{"requests":{"storage":"1Gi"}}},"status":{"phase":"Bound","capacity":{"storage":"2Gi"}}}`,
		"persistentvolumeclaims/namespaces/shop/new":           `{"metadata":{},"spec":{"resources":{"requests":{"storage":"1Gi"}}},"status":{"phase":"Pending"}}`,
		"deployments.apps/namespaces/shop/web":                 `{"metadata":{},"spec":{"replicas":2},"status":{"readyReplicas":1}}`,
		"daemonsets.apps/namespaces/shop/agent":                `{"metadata":{},"spec":{},"status":{"desiredNumberScheduled":3,"numberReady":3}}`,
		"pods/namespaces/shop/web-1":                           `{"metadata":{"ownerReferences":[{"kind":"ReplicaSet"}]},"status":{"phase":"Running"}}`,
		"pods/namespaces/shop/once":                            `{"metadata":{},"status":{"phase":"Succeeded"}}`,
		"jobs.batch/namespaces/shop/once":                      `{"metadata":{},"status":{"completionTime":"2026-11-21T08:00:00Z"}}`,
		"cronjobs.batch/namespaces/shop/a":                     `{"metadata":{},"spec":{}}`,
		"cronjobs.batch/namespaces/shop/b":                     `{"metadata":{},"spec":{"suspend":true}}`,
		"services/namespaces/shop/inner":                       `{"metadata":{},"spec":{"type":"ClusterIP","ports":[{"port":80}]}}`,
		"services/namespaces/shop/outer":                       `{"metadata":{},"spec":{"type":"LoadBalancer","ports":[{"port":80},{"port":443}]}}`,
		"services/namespaces/shop/addressed":                   `{"metadata":{},"spec":{"externalIPs":["192.0.2.1"]}}`,
		"secrets/namespaces/shop/token":                        `{"metadata":{},"type":"kubernetes.io/service-account-token"}`,
		"secrets/namespaces/shop/key":                          `{"metadata":{},"type":"Opaque"}`,
		"endpoints/namespaces/shop/outer":                      `{"metadata":{}}`,
		"widgets.example.com/namespaces/shop/blue":             `{"metadata":{},"type":7,"spec":{"replicas":"many","ports":"none"},"status":[]}`,
		"widgets.example.com/v1/namespaces/shop/blue":          `{}`,
		"configmaps/namespaces/other/settings":                 `{"metadata":{}}`,
		"clusterroles.rbac.authorization.k8s.io/cluster/admin": `{"metadata":{}}`,
	}).bucket(t)
}

func TestWhatADrillComparesIsReadFromTheTarball(t *testing.T) {
	t.Parallel()
	got, err := ReadDrilling(t.Context(), shopTarball(t), "b.tar.gz", Limits{}, []string{"shop"})
	if err != nil || !slices.Equal(got.All, []string{"other", "shop"}) {
		t.Fatalf("%+v, %v", got, err)
	}
	var made, ended []string
	for _, object := range got.Objects {
		if object.Made {
			made = append(made, object.Resource+"/"+object.Name)
		}
		if object.Ended {
			ended = append(ended, object.Resource+"/"+object.Name)
		}
		if object.Namespace != "shop" {
			t.Errorf("%+v is not of the chosen namespace", object)
		}
	}
	slices.Sort(made)
	if want := []string{"endpoints/outer", "pods/web-1", "secrets/token"}; !slices.Equal(made, want) {
		t.Errorf("made by controllers: %v, want %v", made, want)
	}
	slices.Sort(ended)
	if want := []string{"jobs.batch/once", "pods/once"}; !slices.Equal(ended, want) {
		t.Errorf("ended: %v, want %v", ended, want)
	}
	if n := len(got.Objects); n != 16 || got.Pods != 2 || got.CronJobs != 1 || got.Security["shop"]["pod-security.kubernetes.io/enforce"] != "baseline" || len(got.Security["shop"]) != 1 {
		t.Errorf("%d objects: %+v", n, got)
	}
	byName := func(a, b backup.DrillService) int { return len(a.Name) - len(b.Name) }
	slices.SortFunc(got.Services, byName)
	want := []backup.DrillService{{Namespace: "shop", Name: "outer", Type: "LoadBalancer", Ports: 2}, {Namespace: "shop", Name: "addressed", External: true}}
	if !slices.Equal(got.Services, want) {
		t.Errorf("services %+v", got.Services)
	}
}

func TestClaimsAndWorkloadsOfADrillAreThoseOfTheBackup(t *testing.T) {
	t.Parallel()
	got, err := ReadDrilling(t.Context(), shopTarball(t), "b.tar.gz", Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	claims := []backup.DrillClaim{
		{Namespace: "shop", Name: "db", Class: "fast", Bytes: 2 << 30, Phase: "Bound", PV: "pv-1", Policy: "Retain"},
		{Namespace: "shop", Name: "new", Bytes: 1 << 30, Phase: "Pending"},
	}
	if !slices.Equal(got.Claims, claims) {
		t.Errorf("claims %+v", got.Claims)
	}
	workloads := []backup.DrillWorkload{
		{Resource: "daemonsets.apps", Namespace: "shop", Name: "agent", Wanted: 3, Ready: 3},
		{Resource: "deployments.apps", Namespace: "shop", Name: "web", Wanted: 2, Ready: 1},
	}
	if !slices.Equal(got.Workloads, workloads) {
		t.Errorf("workloads %+v", got.Workloads)
	}
}

func TestATarballThatIsNoGoodIsNotDrilled(t *testing.T) {
	t.Parallel()
	bucket := tarred(t, map[string]string{"pods/namespaces/shop/web": `{"metadata":`}).bucket(t)
	_, err := ReadDrilling(t.Context(), bucket, "b.tar.gz", Limits{}, nil)
	if damage := (*DamageError)(nil); !errors.As(err, &damage) {
		t.Errorf("%v is no damage", err)
	}
}
