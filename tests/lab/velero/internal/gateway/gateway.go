// Package gateway is an HTTP proxy that leads programs beside the cluster to its Services, as a pod would reach them.
package gateway

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// addressAnnotation on a Service says where a program beside the cluster dials for it: host and port of a real server.
const addressAnnotation = "lab.kubectl-backup.dev/address"

const dialLimit = 5 * time.Second

// Gateway forwards plain HTTP. It keeps the Host of a request, so that a signature over it holds.
type Gateway struct {
	kube    kubernetes.Interface
	address string
}

// New returns a proxy that listens on an address once it runs.
func New(kube kubernetes.Interface, address string) *Gateway {
	return &Gateway{kube: kube, address: address}
}

// URL is what a program gets as HTTP_PROXY.
func (g *Gateway) URL() string { return "http://" + g.address }

// Run serves until the context ends. It calls ready once it listens.
func (g *Gateway) Run(ctx context.Context, ready func()) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", g.address)
	if err != nil {
		return fmt.Errorf("listen for the gateway: %w", err)
	}
	server := &http.Server{Handler: g.handler(), ReadHeaderTimeout: time.Minute}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	ready()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the gateway: %w", err)
	}
	return nil
}

func (g *Gateway) handler() http.Handler {
	return &httputil.ReverseProxy{
		Rewrite:   func(*httputil.ProxyRequest) {},
		Transport: &http.Transport{DialContext: g.dial, DisableCompression: true, IdleConnTimeout: 5 * time.Second},
	}
}

func (g *Gateway) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	service, namespace, ok := serviceName(host)
	if !ok {
		return nil, fmt.Errorf("%s is not a Service of the cluster", host)
	}
	found, err := g.kube.CoreV1().Services(namespace).Get(ctx, service, metav1.GetOptions{})
	if err != nil {
		return nil, fmt.Errorf("look up %s: no such host: %w", host, err)
	}
	target := found.Annotations[addressAnnotation]
	if target == "" {
		return nil, fmt.Errorf("dial %s: connection refused", address)
	}
	return (&net.Dialer{Timeout: dialLimit}).DialContext(ctx, network, target)
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
