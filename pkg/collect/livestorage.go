package collect

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/storage"
)

// StorageOptions are what a person says about storage on the command line.
type StorageOptions struct {
	Endpoint    string // replaces the object's endpoint
	Region      string // replaces the object's region
	Credentials string // env, profile:NAME or secret:NAMESPACE/NAME; empty is the object's own Secret
	Proxy       string // socks5://… or http://…
	// Certificates are trusted beside those of the system and of the object, in PEM.
	Certificates string
}

// LiveStorage looks into object storage from here, with the credentials of the
// Secret that the object names, and through the API server's port-forward where
// the endpoint is a Service of the cluster.
type LiveStorage struct {
	Cluster cluster.Reader
	Options StorageOptions
	Now     func() time.Time
	// Getenv, ReadFile and CredentialsFile are asked only for --storage-credentials=env|profile:NAME.
	Getenv          func(string) string
	ReadFile        func(name string) ([]byte, error)
	CredentialsFile func() ([]byte, error)
	// ProxyURL is the proxy of the environment for a URL (HTTPS_PROXY), or empty.
	ProxyURL func(target string) string
}

// Effective replaces endpoint, region and credentials where a flag says so.
func (s *LiveStorage) Effective(l backup.Location) backup.Location {
	l.Overridden = nil
	if s.Options.Endpoint != "" {
		l.Endpoint = s.Options.Endpoint
		l.Overridden = append(l.Overridden, "endpoint")
	}
	if s.Options.Region != "" {
		l.Region = s.Options.Region
		l.Overridden = append(l.Overridden, "region")
	}
	if s.Options.Credentials != "" {
		format, keys := l.Credentials.Format, l.Credentials.Keys
		l.Credentials = backup.CredentialsRef{From: "--storage-credentials=" + s.Options.Credentials}
		if secret, ok := strings.CutPrefix(s.Options.Credentials, "secret:"); ok {
			l.Credentials.Format, l.Credentials.Keys = format, keys
			l.Credentials.Namespace, l.Credentials.Secret, _ = strings.Cut(secret, "/")
		}
		l.Overridden = append(l.Overridden, "credentials")
	}
	return l
}

// Probe opens the place and looks whether it is empty.
func (s *LiveStorage) Probe(ctx context.Context, l backup.Location, namespace string) backup.StorageVerdict {
	place, way, err := s.open(ctx, l, namespace)
	if err != nil {
		return storage.Unseen(l, way.credentials, way.options, err)
	}
	defer place.Close()
	return place.Probe(ctx)
}

// Contents counts the place.
func (s *LiveStorage) Contents(ctx context.Context, l backup.Location, namespace string) backup.Contents {
	place, _, err := s.open(ctx, l, namespace)
	if err != nil {
		return backup.Contents{Error: shortError(err)}
	}
	defer place.Close()
	return place.Summarize(ctx, contentGroups)
}

// Open opens the place for reading.
func (s *LiveStorage) Open(ctx context.Context, l backup.Location, namespace string) (*storage.Place, error) {
	place, _, err := s.open(ctx, l, namespace)
	return place, err
}

// Fetch reads the file behind a signed URL.
func (s *LiveStorage) Fetch(ctx context.Context, signed string, l backup.Location, namespace string) (*storage.Signed, error) {
	server := storage.SignedServer(signed)
	options := storage.Options{Now: s.Now, Certificates: s.Options.Certificates, TypedEndpoint: server != "" && server == strings.TrimSuffix(s.Options.Endpoint, "/")}
	if err := s.route(ctx, server, namespace, &options); err != nil {
		return nil, err
	}
	return storage.OpenSigned(ctx, signed, l, options)
}

// contentGroups is how many groups of objects are told apart in a place.
const contentGroups = 12

// way is how a place is gone to, and as whom.
type way struct {
	options     storage.Options
	credentials storage.Credentials
}

func (s *LiveStorage) open(ctx context.Context, l backup.Location, namespace string) (*storage.Place, way, error) {
	w := way{options: storage.Options{Now: s.Now, TypedEndpoint: s.Options.Endpoint != "", Certificates: s.Options.Certificates}}
	if inObjectStore(l) {
		var err error
		if w.credentials, err = s.credentials(ctx, l); err != nil {
			return nil, w, err
		}
		if err := s.route(ctx, storage.Address(l, w.credentials), namespace, &w.options); err != nil {
			return nil, w, err
		}
	}
	place, err := storage.Open(l, w.credentials, w.options)
	return place, w, err
}

func inObjectStore(l backup.Location) bool {
	return l.Provider == backup.ProviderS3 || l.Provider == backup.ProviderGCS || l.Provider == backup.ProviderAzure
}

// route decides the way to a server: the API server's port-forward for a
// Service of the cluster, else a proxy where one is named, else directly.
func (s *LiveStorage) route(ctx context.Context, server, namespace string, options *storage.Options) error {
	host := hostOf(server)
	if dialer, ok := s.Cluster.(cluster.Dialer); ok && host != "" {
		service, inCluster, err := dialer.ServiceHost(ctx, host, namespace)
		if err != nil {
			return fmt.Errorf("look whether %s is a Service of the cluster: %w", host, err)
		}
		if inCluster {
			options.Vantage = "port-forward to Service " + service
			options.Dial = func(ctx context.Context, _, address string) (net.Conn, error) {
				_, port, err := net.SplitHostPort(address)
				if err != nil {
					return nil, err
				}
				connection, _, err := dialer.DialService(ctx, service, port)
				if err != nil {
					return nil, &storage.Fault{Reason: backup.ReasonUnreachable, Text: unreachable(service, err)}
				}
				return connection, nil
			}
			return nil
		}
	}
	options.ProxyURL = s.Options.Proxy
	if options.ProxyURL == "" && s.ProxyURL != nil {
		options.ProxyURL = s.ProxyURL(server)
	}
	return nil
}

// unreachable says why the port-forward to a Service failed.
func unreachable(service string, err error) string {
	switch {
	case cluster.IsAbsent(err):
		return "the endpoint names Service " + service + ", which does not exist"
	case missingRule(err) != "":
		return "no way to Service " + service + ": you lack the right to " + missingRule(err)
	}
	return "no way to Service " + service + ": " + shortError(err)
}

func hostOf(server string) string {
	u, err := url.Parse(server)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func (s *LiveStorage) credentials(ctx context.Context, l backup.Location) (storage.Credentials, error) {
	ref := l.Credentials
	switch mode := s.Options.Credentials; {
	case mode == "env":
		return storage.EnvCredentials(l.Provider, s.Getenv, s.ReadFile)
	case strings.HasPrefix(mode, "profile:"):
		return storage.ProfileCredentials(s.CredentialsFile, strings.TrimPrefix(mode, "profile:"))
	case ref.Unusable != "" || ref.Secret == "":
		return storage.ParseCredentials(ref, nil)
	}
	reader, ok := s.Cluster.(cluster.SecretReader)
	if !ok {
		return storage.Credentials{}, errors.New("this source holds no Secrets")
	}
	data, err := reader.Secret(ctx, ref.Namespace, ref.Secret)
	if err != nil {
		problem := shortError(err)
		if rule := missingRule(err); rule != "" {
			problem = "you lack the right to " + rule
		}
		return storage.Credentials{}, &storage.CredentialsError{Source: ref.String(), Problem: problem}
	}
	return storage.ParseCredentials(ref, data)
}
