package storage

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// defaultRegion signs requests to servers that have no regions, and is where
// Amazon S3 answers for a bucket whose region is not known.
const defaultRegion = "us-east-1"

var regionName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,62}$`)

// cleanEndpoint is the endpoint as a URL; without a scheme it is https. The
// empty endpoint, Amazon's own, stays empty.
func cleanEndpoint(endpoint string) (string, error) {
	if endpoint == "" {
		return "", nil
	}
	if !strings.Contains(endpoint, "://") {
		endpoint = "https://" + endpoint
	}
	u, err := url.Parse(endpoint)
	switch {
	case err != nil:
		// The parser's error quotes the text, which may hold a password.
		return "", &Fault{Reason: backup.ReasonOther, Text: "the endpoint is not a URL"}
	case u.User != nil:
		return "", &Fault{Reason: backup.ReasonOther, Text: "the endpoint holds a user name or password"}
	case u.Scheme != "http" && u.Scheme != "https":
		return "", &Fault{Reason: backup.ReasonUnsupported, Text: "the endpoint has the scheme " + u.Scheme + ", not http or https"}
	case u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "":
		return "", &Fault{Reason: backup.ReasonOther, Text: "the endpoint is not the address of a server"}
	}
	return strings.TrimRight(u.String(), "/"), nil
}

// cleanRegion keeps text that is no region out of the host names that are made from it.
func cleanRegion(region string) (string, error) {
	if region == "" {
		return defaultRegion, nil
	}
	if !regionName.MatchString(region) {
		return "", &Fault{Reason: backup.ReasonOther, Text: "the region is not a name"}
	}
	return region, nil
}

func parseProxy(proxy string) (*url.URL, error) {
	u, err := url.Parse(proxy)
	if err != nil || u.Host == "" {
		return nil, &Fault{Reason: backup.ReasonOther, Text: "the storage proxy is not a URL"}
	}
	switch u.Scheme {
	case "socks5", "socks5h", "http", "https":
		return u, nil
	}
	return nil, &Fault{Reason: backup.ReasonUnsupported, Text: "the storage proxy has the scheme " + u.Scheme + ", not socks5, http or https"}
}

// withoutLogin drops what stands before the host, with or without a scheme.
func withoutLogin(endpoint string) string {
	scheme := ""
	if end := strings.Index(endpoint, "://"); end >= 0 {
		scheme, endpoint = endpoint[:end+3], endpoint[end+3:]
	}
	return scheme + endpoint[strings.LastIndex(endpoint, "@")+1:]
}

// proxyName is the proxy as it may be shown: scheme and host.
func proxyName(proxy string) string {
	u, err := url.Parse(proxy)
	if err != nil || u.Host == "" {
		return "proxy"
	}
	return "proxy " + u.Scheme + "://" + u.Host
}

// ownHost tells whether a URL is one of the provider's own hosts, reached by TLS.
func ownHost(address string, domains ...string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" {
		return false
	}
	host := strings.ToLower(u.Hostname())
	for _, domain := range domains {
		if strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return false
}
