//go:build e2e

package e2e

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// api: `api TROUBLE VARIABLE [REGEXP]` puts a kubeconfig into $VARIABLE, like the
// script's own, for a server that passes on to the lab's API server, but for the
// requests whose path and query match:
//
//	answer=CODE     answers with an error of this code
//	busy=N          answers N times with 429 and Retry-After, and from then on
//	                passes on; who comes back too early gets a 500
//	slow=DURATION   waits that long before it passes on
//	cut             passes on half of the answer, then closes the connection
//	kill            closes the connection, and then every other one too
func (l *lab) api(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: api TROUBLE VARIABLE [REGEXP]")
	}
	t := &trouble{matches: regexp.MustCompile("")}
	t.kind, t.value, _ = strings.Cut(args[0], "=")
	var err error
	if len(args) == 3 {
		t.matches, err = regexp.Compile(args[2])
		ts.Check(err)
	}
	config, err := clientcmd.BuildConfigFromFlags("", l.kubeconfig)
	ts.Check(err)
	tls, err := rest.TLSConfigFor(rest.AnonymousClientConfig(config)) // the token of who asks goes through
	ts.Check(err)
	target, err := url.Parse(config.Host)
	ts.Check(err)
	t.pass = httputil.NewSingleHostReverseProxy(target)
	t.pass.Transport = &http.Transport{TLSClientConfig: tls}
	t.pass.ModifyResponse = t.cut
	server := httptest.NewUnstartedServer(t)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // clients that give up are what is tested
	server.StartTLS()
	ts.Defer(server.CloseClientConnections)
	file := ts.MkAbs("." + args[1] + ".kubeconfig")
	ts.Check(lead(ts.Getenv("KUBECONFIG"), file, server))
	ts.Setenv(args[1], file)
}

// lead writes a kubeconfig that leads to another server.
func lead(from, to string, server *httptest.Server) error {
	config, err := clientcmd.LoadFromFile(from)
	if err != nil {
		return err
	}
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	for _, cluster := range config.Clusters {
		cluster.Server, cluster.CertificateAuthorityData = server.URL, authority
	}
	return clientcmd.WriteToFile(*config, to)
}

// trouble is an API server that is in trouble.
type trouble struct {
	kind, value string
	matches     *regexp.Regexp
	pass        *httputil.ReverseProxy

	mu    sync.Mutex
	dead  bool
	asked int
	last  time.Time
}

// ServeHTTP makes the trouble, or passes the request on.
func (t *trouble) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	dead := t.dead
	t.mu.Unlock()
	if dead {
		panic(http.ErrAbortHandler)
	}
	if t.matches.MatchString(r.URL.RequestURI()) {
		switch t.kind {
		case "answer":
			code, _ := strconv.Atoi(t.value)
			refuse(w, code)
			return
		case "busy":
			if t.busy(w) {
				return
			}
		case "slow":
			wait, _ := time.ParseDuration(t.value)
			select {
			case <-time.After(wait):
			case <-r.Context().Done():
				return
			}
		case "kill":
			t.mu.Lock()
			t.dead = true
			t.mu.Unlock()
			panic(http.ErrAbortHandler)
		}
	}
	t.pass.ServeHTTP(w, r)
}

// busy answers the first requests with 429, and holds the client to its wait.
func (t *trouble) busy(w http.ResponseWriter) bool {
	times, _ := strconv.Atoi(t.value)
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.last.IsZero() && time.Since(t.last) < 900*time.Millisecond && t.asked <= times {
		refuse(w, http.StatusInternalServerError)
		return true
	}
	t.asked, t.last = t.asked+1, time.Now()
	if t.asked > times {
		return false
	}
	w.Header().Set("Retry-After", "1")
	refuse(w, http.StatusTooManyRequests)
	return true
}

// refuse answers with a Status, as the API server does.
func refuse(w http.ResponseWriter, code int) {
	reasons := map[int]string{401: "Unauthorized", 429: "TooManyRequests", 500: "InternalError", 503: "ServiceUnavailable"}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_, _ = fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","code":%d,"reason":%q,"message":"the test says %s"}`, code, reasons[code], reasons[code])
}

// cut passes on half of the answer. That its length says more makes the server
// close the connection.
func (t *trouble) cut(response *http.Response) error {
	if t.kind != "cut" || !t.matches.MatchString(response.Request.URL.RequestURI()) {
		return nil
	}
	whole, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	response.Body = io.NopCloser(io.MultiReader(bytes.NewReader(whole[:len(whole)/2]), broken{}))
	response.Header.Set("Content-Length", strconv.Itoa(len(whole)))
	return nil
}

// broken is a connection that ends.
type broken struct{}

// Read fails.
func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
