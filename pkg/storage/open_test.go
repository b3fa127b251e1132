package storage

import (
	"errors"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestOpenRefuses(t *testing.T) {
	cases := []struct {
		name   string
		change func(*backup.Location, *Credentials, *Options)
		reason backup.UnknownReason
	}{
		{"path in a pod", func(l *backup.Location, _ *Credentials, _ *Options) { l.Provider = backup.ProviderPodPath }, backup.ReasonPodPath},
		{"cloud snapshots", func(l *backup.Location, _ *Credentials, _ *Options) { l.Provider = backup.ProviderSnapshots }, backup.ReasonSnapshots},
		{"another provider", func(l *backup.Location, _ *Credentials, _ *Options) { l.Provider = "ftp" }, backup.ReasonUnsupported},
		{"no bucket", func(l *backup.Location, _ *Credentials, _ *Options) { l.Bucket = "" }, backup.ReasonNoLocation},
		{"access point", func(l *backup.Location, _ *Credentials, _ *Options) {
			l.Bucket = "arn:aws:s3:eu-west-1:1:accesspoint/x"
		}, backup.ReasonUnsupported},
		{"directory bucket", func(l *backup.Location, _ *Credentials, _ *Options) { l.Bucket = "x--euw1-az1--x-s3" }, backup.ReasonUnsupported},
		{"no credentials", func(_ *backup.Location, c *Credentials, _ *Options) { *c = Credentials{} }, backup.ReasonCredentials},
		{"credentials of another kind", func(l *backup.Location, _ *Credentials, _ *Options) { l.Provider = backup.ProviderGCS }, backup.ReasonCredentials},
		{"dots in the prefix", func(l *backup.Location, _ *Credentials, _ *Options) { l.Prefix = "a/../b" }, backup.ReasonOther},
		{"login in the endpoint", func(l *backup.Location, _ *Credentials, _ *Options) { l.Endpoint = "http://VALUE:VALUE@host" }, backup.ReasonOther},
		{"broken endpoint", func(l *backup.Location, _ *Credentials, _ *Options) { l.Endpoint = "http://VALUE:VALUE@[host" }, backup.ReasonOther},
		{"endpoint with a query", func(l *backup.Location, _ *Credentials, _ *Options) { l.Endpoint = "http://host?x=VALUE" }, backup.ReasonOther},
		{"endpoint of another kind", func(l *backup.Location, _ *Credentials, _ *Options) { l.Endpoint = "file:///etc" }, backup.ReasonUnsupported},
		{"region that is a host", func(l *backup.Location, _ *Credentials, _ *Options) { l.Region = "x.evil.example/#" }, backup.ReasonOther},
		{"empty bundle", func(l *backup.Location, _ *Credentials, _ *Options) { l.CABundle = "no certificate" }, backup.ReasonTLS},
		{"broken proxy", func(_ *backup.Location, _ *Credentials, o *Options) { o.ProxyURL = "VALUE" }, backup.ReasonOther},
		{"proxy of another kind", func(_ *backup.Location, _ *Credentials, o *Options) { o.ProxyURL = "ftp://me:VALUE@host" }, backup.ReasonUnsupported},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			loc, creds, opts := testLocation("http://minio.example:9000", "demo"), testCredentials(), Options{Now: testNow}
			c.change(&loc, &creds, &opts)
			_, err := Open(loc, creds, opts)
			var fault *Fault
			if !errors.As(err, &fault) || fault.Reason != c.reason {
				t.Fatalf("got %v, want reason %s", err, c.reason)
			}
			v := Unseen(loc, creds, opts, err)
			if v.Class != backup.VerdictUnknown || v.Reason != c.reason || v.Requests != 0 || !v.At.Equal(testNow()) {
				t.Errorf("verdict %+v", v)
			}
			if strings.Contains(v.Detail+v.Vantage, "VALUE") || strings.Contains(v.Location.Endpoint, "VALUE:") {
				t.Errorf("a password is shown: %q, %q, %q", v.Detail, v.Vantage, v.Location.Endpoint)
			}
		})
	}
}

func TestUnseenForCredentials(t *testing.T) {
	loc := testLocation("http://minio.example", "demo")
	_, err := ParseCredentials(loc.Credentials, nil)
	if v := Unseen(loc, Credentials{}, Options{Now: testNow}, err); v.Reason != backup.ReasonCredentials || !strings.Contains(v.Detail, "names no Secret") {
		t.Errorf("got %s (%s)", v.Reason, v.Detail)
	}
}

// TestEndpointOfAmazon: without an endpoint the region alone makes the host.
func TestEndpointOfAmazon(t *testing.T) {
	loc := testLocation("", "demo")
	loc.Region = "eu-west-1"
	place, err := Open(loc, testCredentials(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if place.store.address != "https://s3.eu-west-1.amazonaws.com" || place.opts.Vantage != "direct" || place.opts.ProbeTimeout != defaultTimeout {
		t.Errorf("address %q, options %+v", place.store.address, place.opts)
	}
}

func TestWithoutLogin(t *testing.T) {
	for in, want := range map[string]string{
		"http://a:b@host/x": "http://host/x", "a:b@c@host": "host", "host:9000": "host:9000", "": "", "https://host": "https://host",
	} {
		if got := withoutLogin(in); got != want {
			t.Errorf("withoutLogin(%q) is %q, want %q", in, got, want)
		}
	}
}
