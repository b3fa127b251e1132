package diagnose

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// place is the location that a fault speaks of: the first that the object names.
func place(ev *backup.Evidence) backup.Location {
	if len(ev.Object.Locations) == 0 {
		return backup.Location{}
	}
	return ev.Object.Locations[0]
}

// placeName is the place for a sentence.
func placeName(loc backup.Location) string {
	if loc.Provider == "" {
		return "the backup's place"
	}
	return loc.URL()
}

// hostOf is the host and port of an endpoint, lower case.
func hostOf(endpoint string) string {
	if u, err := url.Parse(endpoint); err == nil && u.Host != "" {
		return strings.ToLower(u.Host)
	}
	return strings.ToLower(strings.TrimRight(endpoint, "/"))
}

// aboutStorage tells whether an error is about the object's storage. Errors of
// the network are so only where they name its host: a run also talks to its
// database and to the API server.
func aboutStorage(ev *backup.Evidence, fault *backup.StorageFault) bool {
	network := fault.Reason == backup.ReasonUnreachable || fault.Reason == backup.ReasonTimeout || fault.Reason == backup.ReasonTLS
	loc, said := place(ev), strings.ToLower(fault.Endpoint)
	switch {
	case fault.BucketMissing || !network:
		return true
	case said == "":
		return false
	case loc.Provider == "" || formerEndpoint(ev, said):
		return true
	case loc.Endpoint == "":
		return cloudHost(said)
	}
	return sameHost(said, hostOf(loc.Endpoint))
}

// cloudHost tells whether a host is the default endpoint of a public provider.
func cloudHost(host string) bool {
	bare, _, _ := strings.Cut(host, ":")
	return slices.ContainsFunc([]string{".amazonaws.com", ".amazonaws.com.cn", ".googleapis.com", ".core.windows.net", ".aliyuncs.com"},
		func(suffix string) bool { return strings.HasSuffix(bare, suffix) })
}

// formerEndpoint tells whether a work was given that host as its endpoint.
func formerEndpoint(ev *backup.Evidence, said string) bool {
	name := place(ev).EnvNames["endpoint"]
	return slices.ContainsFunc(ev.Object.Works, func(w backup.Work) bool {
		return w.Env[name] != "" && sameHost(said, hostOf(w.Env[name]))
	})
}

// endpointName is the endpoint that the fault is about, and whether the object
// has been changed to another one since.
func endpointName(v *voice, loc backup.Location) (name string, corrected bool) {
	said, spec := strings.ToLower(v.fault.Endpoint), hostOf(loc.Endpoint)
	switch {
	case said == "" && spec == "":
		return "the object storage", false
	case said == "" || spec != "" && sameHost(said, spec):
		return loc.Endpoint, false
	}
	return v.fault.Endpoint, spec != ""
}

// sameHost ignores the bucket in front of the host and a port that one side
// leaves out; an address is not held against a name that may resolve to it.
func sameHost(said, spec string) bool {
	saidHost, saidPort, _ := strings.Cut(said, ":")
	specHost, specPort, _ := strings.Cut(spec, ":")
	if saidPort != specPort && saidPort != "" && specPort != "" {
		return false
	}
	saidAddress, specAddress := net.ParseIP(saidHost) != nil, net.ParseIP(specHost) != nil
	return saidHost == specHost || strings.HasSuffix(saidHost, "."+specHost) || saidAddress && !specAddress
}
