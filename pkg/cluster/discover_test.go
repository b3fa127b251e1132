package cluster

import (
	"net/http"
	"strings"
	"testing"
)

// legacyDiscovery is a fake of a server before 1.26, on which one group fails.
var legacyDiscovery = answers{
	"/api":    `{"kind":"APIVersions","versions":["v1"]}`,
	"/api/v1": `{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods","kind":"Pod","namespaced":true,"verbs":["get","list"],"shortNames":["po"]},{"name":"pods/log","kind":"Pod","namespaced":true}]}`,
	"/apis": `{"kind":"APIGroupList","groups":[
		{"name":"pingcap.com","versions":[{"groupVersion":"pingcap.com/v1alpha1","version":"v1alpha1"},{"groupVersion":"pingcap.com/v1","version":"v1"}],"preferredVersion":{"groupVersion":"pingcap.com/v1","version":"v1"}},
		{"name":"metrics.k8s.io","versions":[{"groupVersion":"metrics.k8s.io/v1beta1","version":"v1beta1"}],"preferredVersion":{"groupVersion":"metrics.k8s.io/v1beta1","version":"v1beta1"}}]}`,
	"/apis/pingcap.com/v1alpha1": `{"kind":"APIResourceList","groupVersion":"pingcap.com/v1alpha1","resources":[{"name":"backups","singularName":"backup","kind":"Backup","namespaced":true}]}`,
	"/apis/pingcap.com/v1":       `{"kind":"APIResourceList","groupVersion":"pingcap.com/v1","resources":[{"name":"backups","singularName":"backup","kind":"Backup","namespaced":true}]}`,
}

func TestDiscover(t *testing.T) {
	t.Parallel()
	live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/apis/metrics.k8s.io") {
			refuse(w, 503, "ServiceUnavailable", "the metrics server is down")
			return
		}
		legacyDiscovery.ServeHTTP(w, r)
	}), Options{})
	served, gaps, err := live.Discover(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range served {
		line := s.Version + " " + s.Ref("", "").GroupResource()
		if s.Preferred {
			line += " preferred"
		}
		got = append(got, line)
	}
	want := "v1 pods preferred\nv1 backups.pingcap.com preferred\nv1alpha1 backups.pingcap.com"
	if strings.Join(got, "\n") != want {
		t.Errorf("served:\n%s\nwant:\n%s", strings.Join(got, "\n"), want)
	}
	if len(gaps) != 1 || gaps[0].What != "resources of metrics.k8s.io/v1beta1" || gaps[0].Why == "" {
		t.Errorf("gaps %+v", gaps)
	}
}

// aggregated is a fake of a server since 1.26: all resources in two answers, with
// a group whose own server does not answer.
func aggregated(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
	text := `{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[]}`
	if r.URL.Path == "/apis" {
		text = `{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[
			{"metadata":{"name":"pingcap.com"},"versions":[{"version":"v1alpha1","freshness":"Current","resources":[
				{"resource":"backups","responseKind":{"group":"pingcap.com","version":"v1alpha1","kind":"Backup"},"scope":"Namespaced","singularResource":"backup","verbs":["get"],"shortNames":["bk"],
				 "subresources":[{"subresource":"status","responseKind":{"group":"pingcap.com","version":"v1alpha1","kind":"Backup"},"verbs":["get"]}]}]}]},
			{"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":"Stale"}]}]}`
	}
	_, _ = w.Write([]byte(text))
}

func TestDiscoverAggregated(t *testing.T) {
	t.Parallel()
	live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api" && r.URL.Path != "/apis" {
			t.Errorf("%s was asked for, although two answers hold it all", r.URL.Path)
		}
		aggregated(w, r)
	}), Options{})
	served, gaps, err := live.Discover(t.Context())
	if err != nil || len(served) != 1 || len(gaps) != 1 {
		t.Fatalf("%+v, gaps %+v, %v", served, gaps, err)
	}
	if s := served[0]; s.Kind != "Backup" || !s.Namespaced || !s.Preferred || s.Singular != "backup" || s.ShortNames[0] != "bk" {
		t.Errorf("%+v", s)
	}
}
