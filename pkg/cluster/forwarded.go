package cluster

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"k8s.io/streaming/pkg/httpstream"
)

// The headers of the port-forward protocol (k8s.io/api@v0.37.2 core/v1
// StreamType, PortHeader, PortForwardRequestIDHeader). One connection carries
// one request here, so its number is always the same.
const (
	headerStreamType = "streamType"
	headerPort       = "port"
	headerRequestID  = "requestID"
)

// lastWords is how long the server may take to say why it ended a connection.
const lastWords = time.Second

// forwarded is a connection to a port of a pod. Deadlines hold, because the near
// end of a pipe is what the caller reads and writes.
type forwarded struct {
	net.Conn
	remote podAddr

	mu  sync.Mutex
	err error
}

// podAddr is where a forwarded connection ends.
type podAddr string

func (podAddr) Network() string  { return "port-forward" }
func (a podAddr) String() string { return string(a) }

// RemoteAddr names the pod and its port.
func (f *forwarded) RemoteAddr() net.Addr { return f.remote }

// Read returns the server's words, such as that nothing listens on the port,
// where it ended the connection with an error.
func (f *forwarded) Read(p []byte) (int, error) {
	n, err := f.Conn.Read(p)
	return n, f.why(err)
}

// Write returns the server's words where it ended the connection with an error.
func (f *forwarded) Write(p []byte) (int, error) {
	n, err := f.Conn.Write(p)
	return n, f.why(err)
}

func (f *forwarded) why(err error) error {
	if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrClosedPipe) {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return f.err
	}
	return err
}

// forward opens the two streams of the protocol and joins the data stream with a pipe.
func forward(streams httpstream.Connection, pod podPort) (net.Conn, error) {
	headers := http.Header{}
	headers.Set(headerPort, strconv.FormatInt(pod.port, 10))
	headers.Set(headerRequestID, "0")
	headers.Set(headerStreamType, "error")
	problems, err := streams.CreateStream(headers)
	if err != nil {
		return nil, fmt.Errorf("open the error stream: %w", err)
	}
	if err := problems.Close(); err != nil { // our side never writes to it
		return nil, fmt.Errorf("close our side of the error stream: %w", err)
	}
	headers.Set(headerStreamType, "data")
	data, err := streams.CreateStream(headers)
	if err != nil {
		return nil, fmt.Errorf("open the data stream: %w", err)
	}
	near, far := net.Pipe()
	out := &forwarded{Conn: near, remote: podAddr(pod.String())}
	go out.send(streams, data, far)
	go out.receive(streams, data, problems, far)
	return out, nil
}

// send copies what the caller writes until it closes the connection.
func (f *forwarded) send(streams httpstream.Connection, data httpstream.Stream, far net.Conn) {
	_, _ = io.Copy(data, far)
	_ = data.Reset()
	_ = streams.Close()
}

// receive copies what the pod sends, and keeps the server's words at the end.
func (f *forwarded) receive(streams httpstream.Connection, data, problems httpstream.Stream, far net.Conn) {
	said := make(chan struct{})
	go func() {
		defer close(said)
		message, _ := io.ReadAll(problems)
		if len(message) == 0 {
			return
		}
		f.mu.Lock()
		f.err = fmt.Errorf("port-forward to pod %s: %s", f.remote, message)
		f.mu.Unlock()
		_ = far.Close() // the server may leave the data stream open
	}()
	_, _ = io.Copy(far, data)
	select {
	case <-said:
	case <-time.After(lastWords):
	}
	_ = far.Close()
	_ = streams.Close()
}
