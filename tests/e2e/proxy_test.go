//go:build e2e

package e2e

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// proxy: `proxy socks5|http VARIABLE LOG` starts a proxy on loopback for the
// time of the script and puts its URL into $VARIABLE. It is a test proxy: it
// serves anybody, asks for no password, and writes each target into LOG.
func proxy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: proxy socks5|http VARIABLE LOG")
	}
	serve, ok := map[string]func(net.Conn, *targets) error{"socks5": serveSOCKS5, "http": serveHTTP}[args[0]]
	if !ok {
		ts.Fatalf("no proxy speaks %q", args[0])
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { _ = listener.Close() }) // nobody waits for it any more
	log := &targets{file: ts.MkAbs(args[2])}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = client.Close() }() // the script judges what came through, not how it ended
				_ = serve(client, log)
			}()
		}
	}()
	ts.Setenv(args[1], args[0]+"://"+listener.Addr().String())
}

// targets is the log of the hosts that were asked for, a line each.
type targets struct {
	mu   sync.Mutex
	file string
}

func (t *targets) add(line string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	file, err := os.OpenFile(t.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(file, line)
	return errors.Join(err, file.Close())
}

// serveHTTP connects a tunnel (CONNECT), or passes one plain request on.
func serveHTTP(client net.Conn, log *targets) error {
	buffered := bufio.NewReader(client)
	request, err := http.ReadRequest(buffered)
	if err != nil {
		return err
	}
	if err := log.add(request.Method + " " + request.Host); err != nil {
		return err
	}
	if request.Method == http.MethodConnect {
		if _, err := fmt.Fprint(client, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
			return err
		}
		return tunnel(client, buffered, request.Host)
	}
	request.RequestURI, request.Close = "", true
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return err
	}
	response.Close = true
	return errors.Join(response.Write(client), response.Body.Close())
}

// serveSOCKS5 is RFC 1928 without authentication: CONNECT to an IPv4 address or a name.
func serveSOCKS5(client net.Conn, log *targets) error {
	head := make([]byte, 2)
	if _, err := io.ReadFull(client, head); err != nil {
		return err
	}
	if _, err := io.CopyN(io.Discard, client, int64(head[1])); err != nil {
		return err
	}
	if _, err := client.Write([]byte{5, 0}); err != nil {
		return err
	}
	request := make([]byte, 4)
	if _, err := io.ReadFull(client, request); err != nil {
		return err
	}
	length := []byte{net.IPv4len}
	if request[3] == 3 { // a name, after its length
		if _, err := io.ReadFull(client, length); err != nil {
			return err
		}
	}
	address := make([]byte, int(length[0])+2)
	if _, err := io.ReadFull(client, address); err != nil {
		return err
	}
	host, port := string(address[:length[0]]), binary.BigEndian.Uint16(address[length[0]:])
	if request[3] == 1 {
		host = net.IP(address[:length[0]]).String()
	}
	target := net.JoinHostPort(host, strconv.Itoa(int(port)))
	if err := log.add("CONNECT " + target); err != nil {
		return err
	}
	if _, err := client.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0}); err != nil {
		return err
	}
	return tunnel(client, client, target)
}

// tunnel copies both ways until the client has no more to say or to read.
func tunnel(client net.Conn, from io.Reader, target string) error {
	server, err := net.Dial("tcp", target)
	if err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(server, from) // an error ends the tunnel, as does its end
		_ = server.Close()
	}()
	_, err = io.Copy(client, server)
	return err
}
