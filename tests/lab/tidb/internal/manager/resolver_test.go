package manager

import (
	"errors"
	"net"
	"strings"
	"syscall"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
)

func TestDial(t *testing.T) {
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	resolver := NewResolver(fake.NewSimpleClientset(&corev1.Service{ObjectMeta: metav1.ObjectMeta{
		Name: "minio", Namespace: "s3", Annotations: map[string]string{addressAnnotation: server.Addr().String()},
	}}))
	for _, test := range []struct {
		address string
		refused bool
	}{
		{"minio.s3.svc:9000", false},
		{"minio.s3.svc.cluster.local:9000", false},
		{server.Addr().String(), false},
		{"dead.lab.svc:9999", true},
		{"minio.other.svc:9000", true},
	} {
		t.Run(test.address, func(t *testing.T) {
			connection, err := resolver.dial(t.Context(), "tcp", test.address)
			if !test.refused {
				if err != nil {
					t.Fatal(err)
				}
				connection.Close()
				return
			}
			if !errors.Is(err, syscall.ECONNREFUSED) || !strings.HasSuffix(err.Error(), "connect: connection refused") {
				t.Errorf("error is %v, want a refused connection", err)
			}
		})
	}
}
