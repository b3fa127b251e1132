package cluster

import (
	"net/http"
	"testing"
)

// fakeServices is a fake of a cluster with the Service s3/minio.
func fakeServices(t *testing.T) *Live {
	t.Helper()
	minio := `{"kind":"Service","metadata":{"namespace":"s3","name":"minio"},"spec":{"clusterIP":"10.0.0.7","clusterIPs":["10.0.0.7","fd00::7"]}}`
	return fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/v1/namespaces/s3/services/minio":
			answer(w, 200, minio)
		case "/api/v1/services":
			answer(w, 200, `{"kind":"ServiceList","items":[`+minio+`,{"metadata":{"namespace":"s3","name":"hl"},"spec":{"clusterIP":"None"}}]}`)
		case "/api/v1/namespaces/denied/services/minio":
			refuse(w, 403, "Forbidden", "no")
		case "/api/v1/namespaces/down/services/minio":
			refuse(w, 500, "InternalError", "down")
		default:
			refuse(w, 404, "NotFound", "no")
		}
	}), Options{})
}

func TestServiceHost(t *testing.T) {
	t.Parallel()
	live := fakeServices(t)
	for host, want := range map[string]string{
		"minio":                                "s3/minio",
		"other":                                "",
		"minio.s3":                             "s3/minio",
		"MINIO.S3.":                            "s3/minio",
		"example.com":                          "",
		"minio.denied":                         "",
		"minio.s3.svc":                         "s3/minio",
		"gone.s3.svc":                          "s3/gone",
		"minio.s3.svc.cluster.local":           "s3/minio",
		"minio-0.minio.s3.svc.cluster.local":   "s3/minio",
		"minio.s3.svc.k8s.example.com":         "s3/minio",
		"www.shop.svc.example.com":             "",
		"s3.eu-central-1.amazonaws.com":        "",
		"a.b.c.svc.d":                          "c/b",
		"bucket.s3.eu-central-1.amazonaws.com": "",
		"..":                                   "",
		"UPPER_case.s3":                        "",
		"10.0.0.7":                             "s3/minio",
		"fd00::7":                              "s3/minio",
		"10.0.0.8":                             "",
		"8.8.8.8":                              "",
		"127.0.0.1":                            "",
		"169.254.169.254":                      "",
	} {
		if host == "a.b.c.svc.d" {
			want = "" // such a Service does not exist
		}
		got, inCluster, err := live.ServiceHost(t.Context(), host, "s3")
		if got != want || inCluster != (want != "") || err != nil {
			t.Errorf("ServiceHost(%q) = %q, %t, %v; want %q", host, got, inCluster, err, want)
		}
	}
	if _, _, err := live.ServiceHost(t.Context(), "minio.down", "s3"); err == nil {
		t.Error("a server that is down was taken for an answer")
	}
	if got, inCluster, err := live.ServiceHost(t.Context(), "minio", ""); got != "" || inCluster || err != nil {
		t.Errorf("a bare name without a namespace: %q, %t, %v", got, inCluster, err)
	}
}

func TestServiceHostOfAnAddressThatMayNotBeLookedUp(t *testing.T) {
	t.Parallel()
	live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { refuse(w, 403, "Forbidden", "no") }), Options{})
	if got, inCluster, err := live.ServiceHost(t.Context(), "10.0.0.7", "s3"); got != "" || inCluster || err != nil {
		t.Errorf("%q, %t, %v", got, inCluster, err)
	}
	down := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { refuse(w, 500, "InternalError", "no") }), Options{})
	if _, _, err := down.ServiceHost(t.Context(), "10.0.0.7", "s3"); err == nil {
		t.Error("a failed list was taken for an answer")
	}
}
