package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/transport/spdy"
	"k8s.io/klog/v2"
	"k8s.io/streaming/pkg/httpstream"
)

// forwardTries is how many ready pods of a Service are tried.
const forwardTries = 3

// DialService connects to a ready pod of a Service through the API server.
func (l *Live) DialService(ctx context.Context, service, port string) (net.Conn, string, error) {
	namespace, name, ok := strings.Cut(service, "/")
	if !ok {
		return nil, "", fmt.Errorf("service %q is not namespace/name", service)
	}
	pods, err := l.readyPods(ctx, namespace, name, port)
	if err != nil {
		return nil, "", fmt.Errorf("dial service %s:%s: %w", service, port, err)
	}
	var errs []error
	for _, pod := range pods[:min(len(pods), forwardTries)] {
		conn, err := l.dialPod(ctx, pod)
		if err == nil {
			return conn, "port-forward to pod " + pod.String(), nil
		}
		errs = append(errs, err)
		if ctx.Err() != nil || IsDenied(err) {
			break
		}
	}
	return nil, "", errors.Join(errs...)
}

func (l *Live) dialPod(ctx context.Context, pod podPort) (net.Conn, error) {
	c := callFor("create", servedPods, pod.namespace, pod.pod)
	c.Subresource = "portforward"
	path, err := c.Path()
	if err != nil {
		return nil, c.Failed(err)
	}
	target := l.client.Post().AbsPath(path...).URL()
	ctx, cancel := context.WithTimeout(ctx, l.options.Timeout)
	defer cancel()
	streams, err := within(ctx, func() (httpstream.Connection, error) { return l.openStreams(target) })
	if err != nil {
		return nil, c.Failed(err)
	}
	conn, err := forward(streams, pod)
	if err != nil {
		return nil, c.Failed(errors.Join(err, streams.Close()))
	}
	return conn, nil
}

// openStreams upgrades to streams over a WebSocket, and over SPDY on servers
// (before 1.30) and proxies that do not take one, or to an identity that may
// only create. The WebSocket's own logger is silent: at -v=8 it would write the
// bytes that pass.
func (l *Live) openStreams(target *url.URL) (httpstream.Connection, error) {
	socket, err := portforward.NewSPDYOverWebsocketDialerForStreamingWithLogger(klog.Logger{}, target, l.config)
	if err != nil {
		return nil, err
	}
	streams, _, first := socket.Dial(portforward.PortForwardProtocolV1Name)
	if first == nil || !httpstream.IsUpgradeFailure(first) && !httpstream.IsHTTPSProxyError(first) {
		return streams, first
	}
	transport, upgrader, err := spdy.RoundTripperFor(l.config)
	if err != nil {
		return nil, err
	}
	dialer := spdy.NewDialerForStreaming(upgrader, &http.Client{Transport: transport}, http.MethodPost, target)
	streams, _, err = dialer.Dial(portforward.PortForwardProtocolV1Name)
	return streams, statusOf(first, err)
}

// statusOf gives the error of the second try the status that the server gave to
// the first: over SPDY only the words of a refusal arrive.
func statusOf(first, second error) error {
	var upgrade *httpstream.UpgradeFailureError
	if second == nil || IsUnreachable(second) || !errors.As(first, &upgrade) {
		return second
	}
	var status apierrors.APIStatus
	if !errors.As(upgrade.Cause, &status) {
		return second
	}
	return fmt.Errorf("%w; %w", second, upgrade.Cause)
}

// within ends waiting for the streams with the context, which the libraries that
// open them do not take. Streams that come too late are closed.
func within(ctx context.Context, open func() (httpstream.Connection, error)) (httpstream.Connection, error) {
	type result struct {
		streams httpstream.Connection
		err     error
	}
	done := make(chan result)
	go func() {
		streams, err := open()
		select {
		case done <- result{streams, err}:
		case <-ctx.Done():
			if err == nil {
				_ = streams.Close()
			}
		}
	}()
	select {
	case r := <-done:
		return r.streams, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
