package gateway

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
)

func TestGatewayLeadsToServices(t *testing.T) {
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.Host+r.URL.Path)
	}))
	defer behind.Close()
	service := func(name, address string) *corev1.Service {
		return &corev1.Service{ObjectMeta: metav1.ObjectMeta{
			Name: name, Namespace: "s3", Annotations: map[string]string{addressAnnotation: address},
		}}
	}
	g := New(fake.NewClientset(service("minio", strings.TrimPrefix(behind.URL, "http://")), service("dead", "")), "")
	front := httptest.NewServer(g.handler())
	defer front.Close()
	proxy, err := url.Parse(front.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxy)}}
	for target, want := range map[string]struct {
		code int
		body string
	}{
		"http://minio.s3.svc:9000/velero":               {http.StatusOK, "minio.s3.svc:9000/velero"},
		"http://minio.s3.svc.cluster.local:9000/velero": {http.StatusOK, "minio.s3.svc.cluster.local:9000/velero"},
		"http://dead.s3.svc:9000/":                      {code: http.StatusBadGateway},
		"http://missing.s3.svc:9000/":                   {code: http.StatusBadGateway},
		"http://example.com/":                           {code: http.StatusBadGateway},
	} {
		t.Run(target, func(t *testing.T) {
			response, err := client.Get(target)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != want.code || string(body) != want.body {
				t.Errorf("%d %q, want %d %q", response.StatusCode, body, want.code, want.body)
			}
		})
	}
}
