package storage

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestTLS(t *testing.T) {
	inner := newS3(t, time.Hour)
	server := httptest.NewUnstartedServer(inner.Config.Handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	bundle := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	cases := []struct {
		name     string
		endpoint string
		ca       string
		insecure bool
		want     backup.VerdictClass
		reason   backup.UnknownReason
	}{
		{"unknown authority", server.URL, "", false, backup.VerdictUnknown, backup.ReasonTLS},
		{"the location's bundle", server.URL, bundle, false, backup.VerdictEmpty, ""},
		{"no scheme is https", strings.TrimPrefix(server.URL, "https://"), bundle, false, backup.VerdictEmpty, ""},
		{"the location says insecure", server.URL, "", true, backup.VerdictEmpty, ""},
		{"https to a plain server", "https://" + strings.TrimPrefix(inner.URL, "http://"), "", false, backup.VerdictUnknown, backup.ReasonTLS},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			loc := testLocation(c.endpoint, "demo")
			loc.CABundle, loc.Insecure = c.ca, c.insecure
			if v := probeTest(t, loc); v.Class != c.want || v.Reason != c.reason {
				t.Errorf("got %s/%s (%s)", v.Class, v.Reason, v.Detail)
			}
		})
	}
}

func TestLoopbackIsRefused(t *testing.T) {
	server := newS3(t, 0)
	port := strings.TrimPrefix(server.URL, "http://127.0.0.1:")
	for _, endpoint := range []string{server.URL, "http://localhost:" + port, "http://[::ffff:127.0.0.1]:" + port} {
		place, err := Open(testLocation(endpoint, "demo"), testCredentials(), Options{Now: testNow})
		if err != nil {
			t.Fatal(err)
		}
		if v := place.Probe(t.Context()); v.Class != backup.VerdictUnknown || v.Reason != backup.ReasonForbidden {
			t.Errorf("%s: got %s/%s (%s)", endpoint, v.Class, v.Reason, v.Detail)
		}
	}
}

func TestGuard(t *testing.T) {
	cases := []struct {
		ip       string
		loopback bool
		refused  bool
	}{
		{"127.0.0.1", false, true}, {"127.8.9.10", false, true}, {"::1", false, true}, {"::ffff:127.0.0.1", false, true},
		{"127.0.0.1", true, false}, {"169.254.169.254", true, true}, {"fe80::1%eth0", false, true}, {"0.0.0.0", true, true},
		{"::", false, true}, {"224.0.0.1", false, true}, {"fd00:ec2::254", true, true}, {"100.100.100.200", false, true},
		{"168.63.129.16", false, true}, {"64:ff9b::7f00:1", false, true}, {"64:ff9b::a9fe:a9fe", false, true},
		{"10.0.0.1", false, false}, {"192.168.1.1", false, false}, {"52.95.110.1", false, false}, {"fd12::1", false, false},
	}
	for _, c := range cases {
		err := guard{c.loopback}.check(netip.MustParseAddr(c.ip))
		var refused *AddressRefusedError
		if errors.As(err, &refused) != c.refused {
			t.Errorf("%s, loopback allowed %v: %v", c.ip, c.loopback, err)
		}
	}
}

// proxyServer is a fake forward proxy for plain HTTP that sends all to one server.
func proxyServer(t *testing.T, to *s3Server) (server *httptest.Server, hosts *[]string) {
	hosts = &[]string{}
	return newFake(t, func(w http.ResponseWriter, r *http.Request) {
		*hosts = append(*hosts, r.URL.Host)
		to.Config.Handler.ServeHTTP(w, r)
	}), hosts
}

func TestProxy(t *testing.T) {
	proxy, hosts := proxyServer(t, newS3(t, time.Hour))
	via, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	via.User = url.UserPassword("me", "proxyPassword")
	place, err := Open(testLocation("http://minio.s3.svc:9000", "demo"), testCredentials(), Options{ProxyURL: via.String(), Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	v := place.Probe(t.Context())
	if v.Class != backup.VerdictEmpty || v.Vantage != "proxy "+proxy.URL {
		t.Errorf("got %s/%s (%s) from %q", v.Class, v.Reason, v.Detail, v.Vantage)
	}
	if len(*hosts) == 0 || (*hosts)[0] != "minio.s3.svc:9000" {
		t.Errorf("the proxy was asked for %q", *hosts)
	}
	for _, host := range []string{"localhost", "x.localhost.", "127.0.0.1", "169.254.169.254"} {
		place, err := Open(testLocation("http://"+host, "demo"), testCredentials(), Options{ProxyURL: proxy.URL})
		if err != nil {
			t.Fatal(err)
		}
		if v := place.Probe(t.Context()); v.Reason != backup.ReasonForbidden {
			t.Errorf("%s through the proxy: got %s/%s (%s)", host, v.Class, v.Reason, v.Detail)
		}
	}
}

// TestDial: the connection goes elsewhere, the host and so the signature stay.
func TestDial(t *testing.T) {
	inner := newS3(t, time.Hour)
	var host string
	server := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		host = r.Host
		inner.Config.Handler.ServeHTTP(w, r)
	})
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}
	opts := Options{Dial: dial, Vantage: "port-forward to pod s3/minio-0:9000", Now: testNow}
	place, err := Open(testLocation("http://minio.s3.svc:9000", "demo"), testCredentials(), opts)
	if err != nil {
		t.Fatal(err)
	}
	v := place.Probe(t.Context())
	if v.Class != backup.VerdictEmpty || v.Vantage != opts.Vantage || host != "minio.s3.svc:9000" {
		t.Errorf("got %s/%s from %q, host %q", v.Class, v.Reason, v.Vantage, host)
	}
}

// TestAmbientIsIgnored: nothing of the person's own environment is used.
func TestAmbientIsIgnored(t *testing.T) {
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIAAMBIENT", "AWS_SECRET_ACCESS_KEY": "ambient", "AWS_REGION": "eu-west-9", "AWS_PROFILE": "ambient",
		"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1", "HTTP_PROXY": "http://127.0.0.1:1",
	} {
		t.Setenv(name, value)
	}
	var authorization string
	server := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		authorization = r.Header.Get("Authorization")
		failing(403, nil, errorBody("AccessDenied", "x"))(w, r)
	})
	if v := probeTest(t, testLocation(server.URL, "demo")); v.Reason != backup.ReasonDenied {
		t.Errorf("got %s/%s (%s)", v.Class, v.Reason, v.Detail)
	}
	if !strings.Contains(authorization, "AKIATESTTESTTEST/") || !strings.Contains(authorization, "/us-east-1/s3/") {
		t.Errorf("signed as %q", authorization)
	}
}

func TestTallyRefusesBeyondItsLimit(t *testing.T) {
	server := newS3(t, 0)
	place := openTest(t, testLocation(server.URL, "demo"), Options{})
	ctx, requests := withTally(t.Context(), 1)
	p := &probe{Place: place, seen: newSighting(place.area, backup.Markers{}, testNow(), testCredentials()), requests: requests}
	if _, err := p.list(ctx, "demo/", 1); err != nil {
		t.Fatal(err)
	}
	if _, err := p.list(ctx, "demo/", 1); !errors.Is(err, errBudget) || requests.made.Load() != 1 {
		t.Errorf("second request: %v, counted %d", err, requests.made.Load())
	}
}
