package manager

import (
	"context"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// addressAnnotation on a Service says where the lab's programs dial for it: host and port of a real server.
const addressAnnotation = "lab.kubectl-backup.dev/address"

// Resolver dials the Services of the cluster as a pod would: a Service with a known address leads to a real server,
// any other name of a Service refuses the connection.
type Resolver struct {
	kube kubernetes.Interface
}

// NewResolver returns a resolver for the Services of a cluster.
func NewResolver(kube kubernetes.Interface) *Resolver {
	return &Resolver{kube: kube}
}

// HTTPClient returns a client for one program.
func (r *Resolver) HTTPClient() *http.Client {
	return &http.Client{Transport: &http.Transport{
		DialContext:         r.dial,
		MaxIdleConnsPerHost: 10,
		IdleConnTimeout:     10 * time.Second,
	}}
}

func (r *Resolver) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	target := address
	if service, namespace, ok := serviceName(host); ok {
		if target = r.address(ctx, service, namespace); target == "" {
			return nil, refused(network, port)
		}
	}
	return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, network, target)
}

// serviceName splits NAME.NAMESPACE.svc with or without the cluster's domain.
func serviceName(host string) (service, namespace string, ok bool) {
	host = strings.TrimSuffix(strings.TrimSuffix(host, "."), ".cluster.local")
	parts := strings.Split(host, ".")
	if len(parts) != 3 || parts[2] != "svc" {
		return "", "", false
	}
	return parts[0], parts[1], true
}

// address is where a Service really leads, empty when it does not exist or has nothing behind it.
func (r *Resolver) address(ctx context.Context, service, namespace string) string {
	found, err := r.kube.CoreV1().Services(namespace).Get(ctx, service, metav1.GetOptions{})
	if err != nil {
		return ""
	}
	return found.Annotations[addressAnnotation]
}

// refused is the error of a connection to a port of loopback on which nobody listens.
func refused(network, port string) error {
	number, err := strconv.Atoi(port)
	if err != nil {
		number = 0
	}
	return &net.OpError{
		Op: "dial", Net: network,
		Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: number},
		Err:  os.NewSyscallError("connect", syscall.ECONNREFUSED),
	}
}
