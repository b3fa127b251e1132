package cli

import (
	"crypto/x509"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

// StorageFlags say whether and how storage is contacted.
type StorageFlags struct {
	Mode        string // auto, always or never
	Endpoint    string
	Region      string
	Credentials string
	Proxy       string
	CA          string // a file
	Bucket      string // instead of a cluster; only where AddBucket was called
	ViaServer   bool   // only where AddViaServer was called
}

// AddFlags adds the flags to a verb that looks into storage.
func (f *StorageFlags) AddFlags(flags *pflag.FlagSet) {
	flags.StringVar(&f.Mode, "storage", "auto", "Whether to contact storage: auto (for objects that are named or selected), always, or never, which reads the values of no Secret and dials nothing.")
	f.AddWay(flags)
}

// AddWay adds the flags that say how storage is contacted, not whether.
func (f *StorageFlags) AddWay(flags *pflag.FlagSet) {
	flags.StringVar(&f.Endpoint, "storage-endpoint", "", "Look at this endpoint instead of the one that the object names.")
	flags.StringVar(&f.Region, "storage-region", "", "Use this region instead of the one that the object names.")
	flags.StringVar(&f.Credentials, "storage-credentials", "", "Where the credentials come from instead of the object's own Secret: env, profile:NAME or secret:NAMESPACE/NAME.")
	flags.StringVar(&f.CA, "storage-ca", "", "Trust the certificates in this PEM file too, beside the system's and those that the object names.")
	flags.StringVar(&f.Proxy, "storage-proxy", "", "Reach storage through this proxy: socks5://HOST:PORT or http://HOST:PORT.")
}

// Options are what the collector gets; nil means that storage is never contacted.
func (f *StorageFlags) Options() (*collect.StorageOptions, error) {
	if f.Mode == "" { // a verb without --storage
		f.Mode = "auto"
	}
	if !slices.Contains([]string{"auto", "always", "never"}, f.Mode) {
		return nil, &UsageError{Text: fmt.Sprintf("--storage=%s is not one of auto, always, never", f.Mode)}
	}
	if err := f.validate(); err != nil {
		return nil, err
	}
	if f.Mode == "never" {
		switch {
		case f.ViaServer:
			return nil, &UsageError{Text: "--storage=never contacts nothing, and --via-server reads files of the storage"}
		case f.named():
			return nil, &UsageError{Text: "--storage=never contacts nothing; leave the other --storage-… flags away"}
		}
		return nil, nil
	}
	certificates, err := f.certificates()
	if err != nil {
		return nil, err
	}
	return &collect.StorageOptions{Endpoint: f.Endpoint, Region: f.Region, Credentials: f.Credentials, Proxy: f.Proxy, Certificates: certificates}, nil
}

// certificates are those of --storage-ca, in PEM.
func (f *StorageFlags) certificates() (string, error) {
	if f.CA == "" {
		return "", nil
	}
	content, err := os.ReadFile(f.CA)
	if err != nil {
		return "", fmt.Errorf("read the file of --storage-ca: %w", err)
	}
	if !x509.NewCertPool().AppendCertsFromPEM(content) {
		return "", &UsageError{Text: fmt.Sprintf("--storage-ca=%s holds no certificate in PEM (-----BEGIN CERTIFICATE-----)", f.CA)}
	}
	return string(content), nil
}

// ScanOptions are those of a look over objects that nobody named: it contacts
// storage only where that is asked for by --storage=always.
func (f *StorageFlags) ScanOptions() (*collect.StorageOptions, error) {
	options, err := f.Options()
	if err != nil || f.Mode != "auto" {
		return options, err
	}
	if f.named() {
		return nil, &UsageError{Text: "without a target storage is not contacted; add --storage=always"}
	}
	return nil, nil
}

// named tells whether a flag says how to contact storage.
func (f *StorageFlags) named() bool { return f.Endpoint+f.Region+f.Credentials+f.Proxy+f.CA != "" }

func (f *StorageFlags) validate() error {
	kind, rest, _ := strings.Cut(f.Credentials, ":")
	namespace, name, _ := strings.Cut(rest, "/")
	switch {
	case f.Credentials == "" || f.Credentials == "env" || kind == "profile" && rest != "":
	case kind == "secret" && namespace != "" && name != "":
	default:
		return &UsageError{Text: fmt.Sprintf("--storage-credentials=%s is not env, profile:NAME or secret:NAMESPACE/NAME", f.Credentials)}
	}
	if f.Endpoint != "" && !strings.HasPrefix(f.Endpoint, "http://") && !strings.HasPrefix(f.Endpoint, "https://") {
		return &UsageError{Text: fmt.Sprintf("--storage-endpoint=%s: write the scheme too, as http://HOST:PORT or https://HOST", f.Endpoint)}
	}
	if f.Proxy != "" && !strings.HasPrefix(f.Proxy, "socks5://") && !strings.HasPrefix(f.Proxy, "http://") && !strings.HasPrefix(f.Proxy, "https://") {
		return &UsageError{Text: fmt.Sprintf("--storage-proxy=%s is not socks5://HOST:PORT or http://HOST:PORT", f.Proxy)}
	}
	return nil
}

// OnlyWithBucket refuses flags that say how storage is contacted, for a verb
// that contacts it for --bucket alone.
func (f *StorageFlags) OnlyWithBucket() error {
	if f.Bucket == "" && f.named() {
		return &UsageError{Text: "the --storage-… flags say how the bucket of --bucket is read; add it, or leave them away"}
	}
	return nil
}
