package cluster

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestReadyPods(t *testing.T) {
	t.Parallel()
	const pod = `"targetRef":{"kind":"Pod","name":"minio-%d"}`
	pod0, pod1 := fmt.Sprintf(pod, 0), fmt.Sprintf(pod, 1)
	service := func(spec string) string {
		return `{"kind":"Service","metadata":{"namespace":"s3","name":"minio"},"spec":` + spec + `}`
	}
	api := service(`{"clusterIP":"10.0.0.7","ports":[{"name":"api","port":80,"targetPort":"s3"},{"name":"web","port":81}]}`)
	headless := service(`{"clusterIP":"None","ports":[{"name":"api","port":9000}]}`)
	slices := func(endpoints string) string {
		return `{"kind":"EndpointSliceList","items":[{"ports":[{"name":"web","port":9001},{"name":"api","port":9000}],"endpoints":[` + endpoints + `]}]}`
	}
	for name, c := range map[string]struct {
		service, slices, endpoints, port string
		want                             string // the pods, or words of the error
	}{
		"by number":              {service: api, port: "80", slices: slices(`{` + pod1 + `},{"conditions":{"ready":true},` + pod0 + `}`), want: "s3/minio-0:9000 s3/minio-1:9000"},
		"by name":                {service: api, port: "web", slices: slices(`{` + pod0 + `}`), want: "s3/minio-0:9001"},
		"ready ones only":        {service: api, port: "80", slices: slices(`{"conditions":{"ready":false},` + pod0 + `},{` + pod1 + `}`), want: "s3/minio-1:9000"},
		"none ready":             {service: api, port: "80", slices: slices(`{"conditions":{"ready":false},` + pod0 + `}`), want: "no ready pod: 1 not ready"},
		"none at all":            {service: api, port: "80", slices: slices(``), want: "has no pods"},
		"other port":             {service: api, port: "82", want: "has no port 82"},
		"headless":               {service: headless, port: "9000", slices: slices(`{` + pod0 + `}`), want: "s3/minio-0:9000"},
		"headless, not declared": {service: headless, port: "9443", slices: slices(`{` + pod0 + `}`), want: "s3/minio-0:9443"},
		"outside":                {service: api, port: "80", slices: slices(`{"addresses":["192.0.2.1"]}`), want: "leads to 192.0.2.1:9000, which is not a pod"},
		"external name":          {service: service(`{"type":"ExternalName","externalName":"s3.example.com"}`), port: "80", want: "stands for the host s3.example.com"},
		"old server": {service: api, port: "80", endpoints: `{"kind":"Endpoints","subsets":[{"addresses":[{"ip":"10.1.0.1",` + pod0 + `}],
			"notReadyAddresses":[{"ip":"10.1.0.2",` + pod1 + `}],"ports":[{"name":"api","port":9000}]}]}`, want: "s3/minio-0:9000"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			served := answers{"/api/v1/namespaces/s3/services/minio": c.service}
			if c.slices != "" {
				served["/apis/discovery.k8s.io/v1/namespaces/s3/endpointslices"] = c.slices
			}
			if c.endpoints != "" {
				served["/api/v1/namespaces/s3/endpoints/minio"] = c.endpoints
			}
			live := fakeCluster(t, served, Options{})
			pods, err := live.readyPods(t.Context(), "s3", "minio", c.port)
			got := strings.Trim(fmt.Sprint(pods), "[]")
			if err != nil {
				got = err.Error()
			}
			if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestReadyPodsDenied(t *testing.T) {
	t.Parallel()
	live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { refuse(w, 403, "Forbidden", "no") }), Options{})
	if _, _, err := live.DialService(t.Context(), "s3/minio", "80"); !IsDenied(err) {
		t.Errorf("got %v", err)
	}
	if _, _, err := live.DialService(t.Context(), "minio", "80"); err == nil {
		t.Error("a Service without a namespace was dialled")
	}
}
