package storage

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// defaultTimeout is for one request.
const defaultTimeout = 5 * time.Second

// Options say how to reach a place. The zero value goes there directly.
type Options struct {
	// Dial replaces the network, such as by a port-forward. What it reaches is
	// its own affair: the address is not judged and ProxyURL is not used.
	Dial Dial
	// Vantage names the way for the output; empty is "direct" or the proxy.
	Vantage string
	// ProxyURL is a socks5, http or https proxy. The environment is never asked.
	ProxyURL string
	// TypedEndpoint says that the person typed the endpoint. It may then be on
	// this machine, and what anybody could use who sees it is sent to it: tokens
	// and shared access signatures otherwise go to the provider's own hosts alone.
	TypedEndpoint bool
	// Certificates are those that the person trusts beside the system's, in PEM. They
	// count for every server, also for those that give out tokens; the object's own
	// only for its endpoint.
	Certificates string
	// TokenURL replaces the address where Google's service accounts get their
	// tokens. It never comes from an object or a key file.
	TokenURL string
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// ProbeTimeout is the deadline of one request; zero is five seconds.
	ProbeTimeout time.Duration
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.ProbeTimeout <= 0 {
		o.ProbeTimeout = defaultTimeout
	}
	if o.Vantage == "" {
		o.Vantage = "direct"
		if o.ProxyURL != "" && o.Dial == nil {
			o.Vantage = proxyName(o.ProxyURL)
		}
	}
	return o
}

// Place is a location in an object store, open for reading.
type Place struct {
	area
	loc   backup.Location
	creds Credentials
	opts  Options
	store *store
	// borrowed tells that the connections are those of another place.
	borrowed bool
}

// Open prepares to read a location; it sends nothing yet. A location that
// cannot be looked at from here is a *Fault or a *CredentialsError, which
// Unseen turns into a verdict.
func Open(loc backup.Location, creds Credentials, opts Options) (*Place, error) {
	opts = opts.withDefaults()
	if err := checkReadable(loc, creds); err != nil {
		return nil, err
	}
	prefix, err := CleanPrefix(loc.Prefix)
	if err != nil {
		return nil, &Fault{Reason: backup.ReasonOther, Text: oneLine(err.Error())}
	}
	s, err := openStore(loc, creds, opts)
	if err != nil {
		return nil, err
	}
	return &Place{area: area{prefix: prefix, object: loc.Object && prefix != ""}, loc: loc, creds: creds, opts: opts, store: s}, nil
}

// At is another place in the same bucket, over the same connections and with the
// same credentials, which stay open when it is closed.
func (p *Place) At(loc backup.Location) (*Place, error) {
	prefix, err := CleanPrefix(loc.Prefix)
	if err != nil {
		return nil, &Fault{Reason: backup.ReasonOther, Text: oneLine(err.Error())}
	}
	other := *p
	other.area, other.loc, other.borrowed = area{prefix: prefix, object: loc.Object && prefix != ""}, loc, true
	return &other, nil
}

// checkReadable refuses what no request could show.
func checkReadable(loc backup.Location, creds Credentials) error {
	switch loc.Provider {
	case backup.ProviderS3, backup.ProviderGCS, backup.ProviderAzure:
	case backup.ProviderPodPath:
		return &Fault{Reason: backup.ReasonPodPath, Text: "the data is at a path inside a pod"}
	case backup.ProviderSnapshots:
		return &Fault{Reason: backup.ReasonSnapshots, Text: "the data is in snapshots of a cloud, which no listing shows"}
	default:
		return &Fault{Reason: backup.ReasonUnsupported, Text: fmt.Sprintf("provider %q cannot be opened", loc.Provider)}
	}
	switch {
	case loc.Bucket == "":
		return &Fault{Reason: backup.ReasonNoLocation, Text: "the object names no bucket"}
	case strings.ContainsAny(loc.Bucket, "/?#:\\"):
		return &Fault{Reason: backup.ReasonUnsupported, Text: fmt.Sprintf("bucket %q is not a plain bucket name", loc.Bucket)}
	case loc.Provider == backup.ProviderS3 && strings.HasSuffix(loc.Bucket, "--x-s3"):
		// Directory buckets list in no order (Amazon S3 user guide, "Directory
		// buckets"), so that the first key of a page proves nothing.
		return &Fault{Reason: backup.ReasonUnsupported, Text: "directory buckets cannot be probed"}
	case creds.Empty():
		return &Fault{Reason: backup.ReasonCredentials, Text: "no credentials for the location"}
	case creds.provider != loc.Provider:
		return &Fault{Reason: backup.ReasonCredentials, Text: "the credentials are for another kind of storage"}
	}
	return nil
}

// Address is the server that would be asked for a location, as a URL; empty
// where the location cannot be opened. It decides the way: a port-forward or a proxy.
func Address(loc backup.Location, creds Credentials) string {
	place, err := Open(loc, creds, Options{})
	if err != nil {
		return ""
	}
	return place.store.address
}

// Vantage is the way that requests take: "direct", a port-forward or a proxy.
func (p *Place) Vantage() string { return p.opts.Vantage }

// Identity names whose credentials sign the requests.
func (p *Place) Identity() string { return p.creds.Identity() }

// Close lets go of the connections.
func (p *Place) Close() error {
	if p.borrowed {
		return nil
	}
	return p.store.close()
}

// fault is newFault for this place.
func (p *Place) fault(err error) *Fault { return newFault(err, p.creds) }
