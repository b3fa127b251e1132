package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"k8s.io/streaming/pkg/httpstream"
	"k8s.io/streaming/pkg/httpstream/spdy"
)

// fakeForward is a fake of an API server of before 1.30: it refuses WebSockets
// and forwards over SPDY. The pod minio-0 answers in upper case, minio-1 has
// nothing that listens.
func fakeForward(t *testing.T, endpoints string) *Live {
	t.Helper()
	objects := answers{
		"/api/v1/namespaces/s3/services/minio":                   `{"kind":"Service","metadata":{"namespace":"s3","name":"minio"},"spec":{"ports":[{"port":80}]}}`,
		"/apis/discovery.k8s.io/v1/namespaces/s3/endpointslices": `{"kind":"EndpointSliceList","items":[{"ports":[{"name":"","port":9000}],"endpoints":[` + endpoints + `]}]}`,
	}
	return fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		pod, isForward := strings.CutPrefix(r.URL.Path, "/api/v1/namespaces/s3/pods/")
		switch pod, _, _ := strings.Cut(pod, "/"); {
		case !isForward:
			objects.ServeHTTP(w, r)
		case pod == "denied":
			refuse(w, 403, "Forbidden", `pods "denied" is forbidden: User "sre" cannot create resource "pods/portforward" in API group "" in the namespace "s3"`)
		case r.Header.Get("Upgrade") == "websocket":
			http.Error(w, "unable to upgrade", http.StatusBadRequest)
		case pod == "silent":
			time.Sleep(2 * time.Second) // the client's library does not close the connection earlier
		default:
			servePod(w, r, pod)
		}
	}), Options{Timeout: time.Second})
}

func servePod(w http.ResponseWriter, r *http.Request, pod string) {
	if _, err := httpstream.Handshake(r, w, []string{"portforward.k8s.io"}); err != nil {
		return
	}
	arrived := make(chan httpstream.Stream, 2)
	conn := spdy.NewResponseUpgrader().UpgradeResponse(w, r, func(stream httpstream.Stream, _ <-chan struct{}) error {
		arrived <- stream
		return nil
	})
	if conn == nil {
		return
	}
	defer conn.Close()
	problems, data := <-arrived, <-arrived
	if pod == "minio-1" {
		fmt.Fprintf(problems, "dial %s: connection refused", data.Headers().Get("port"))
		problems.Close()
		data.Close()
		<-conn.CloseChan()
		return
	}
	buffer := make([]byte, 64)
	for {
		n, err := data.Read(buffer)
		if err != nil {
			return
		}
		_, _ = data.Write([]byte(strings.ToUpper(string(buffer[:n]))))
	}
}

func endpoint(pod string) string { return fmt.Sprintf(`{"targetRef":{"kind":"Pod","name":%q}}`, pod) }

func dial(t *testing.T, pod string) (net.Conn, string) {
	t.Helper()
	live := fakeForward(t, endpoint(pod))
	conn, vantage, err := live.DialService(t.Context(), "s3/minio", "80")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn, vantage
}

func TestDialService(t *testing.T) {
	t.Parallel()
	conn, vantage := dial(t, "minio-0")
	if vantage != "port-forward to pod s3/minio-0:9000" || conn.RemoteAddr().String() != "s3/minio-0:9000" {
		t.Errorf("vantage %q, address %s", vantage, conn.RemoteAddr())
	}
	for _, word := range []string{"hello", "again"} {
		if _, err := conn.Write([]byte(word)); err != nil {
			t.Fatal(err)
		}
		read := make([]byte, len(word))
		if _, err := io.ReadFull(conn, read); err != nil || string(read) != strings.ToUpper(word) {
			t.Fatalf("read %q, %v", read, err)
		}
	}
	if err := conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a read after the deadline says %v", err)
	}
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
	if _, err := conn.Write([]byte("x")); err == nil {
		t.Error("a closed connection takes bytes")
	}
}

func TestDialServiceSaysWhyThePodDidNotAnswer(t *testing.T) {
	t.Parallel()
	conn, _ := dial(t, "minio-1")
	_, err := io.ReadAll(conn)
	if err == nil || !strings.Contains(err.Error(), "port-forward to pod s3/minio-1:9000: dial 9000: connection refused") {
		t.Errorf("got %v", err)
	}
}

func TestDialServiceErrors(t *testing.T) {
	t.Parallel()
	live := fakeForward(t, endpoint("denied"))
	_, _, err := live.DialService(t.Context(), "s3/minio", "80")
	var typed *Error
	if !IsDenied(err) || !errors.As(err, &typed) || !strings.HasPrefix(typed.Rule, "create pods/portforward in namespace s3: {apiGroups") {
		t.Errorf("denied: %v", err)
	}
	live = fakeForward(t, endpoint("silent"))
	if _, _, err := live.DialService(t.Context(), "s3/minio", "80"); !IsUnreachable(err) {
		t.Errorf("silent: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := live.DialService(ctx, "s3/minio", "80"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
