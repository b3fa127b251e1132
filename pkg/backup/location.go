package backup

import (
	"strings"
	"time"
)

// The providers of a Location that are not an object store.
const (
	ProviderS3        = "s3"
	ProviderGCS       = "gcs"
	ProviderAzure     = "azblob"
	ProviderPodPath   = "pod-path"        // a PVC, hostPath or `local`: a path inside a pod
	ProviderSnapshots = "cloud-snapshots" // the data is in snapshots of a cloud; no listing shows it
)

// Layout says whose objects lie under a prefix.
type Layout string

// Exclusive is this backup's alone; Shared is a repository or several backups.
const (
	LayoutExclusive Layout = "exclusive"
	LayoutShared    Layout = "shared"
)

// Location is a place in storage that an object names.
type Location struct {
	Provider  string `json:"provider"`
	Bucket    string `json:"bucket,omitempty"`
	Prefix    string `json:"prefix,omitempty"` // without leading and trailing slash; empty is the whole bucket
	Object    bool   `json:"object,omitempty"` // the place is the single object Prefix, not a folder
	Endpoint  string `json:"endpoint,omitempty"`
	Region    string `json:"region,omitempty"`
	PathStyle bool   `json:"pathStyle,omitempty"`
	// CABundle is a PEM bundle to trust beside the system's.
	CABundle string `json:"caBundle,omitempty"`
	Insecure bool   `json:"insecureSkipTLSVerify,omitempty"`
	Layout   Layout `json:"layout,omitempty"`
	// From is the field that it was read from: "spec.s3".
	From string `json:"from,omitempty"`
	// Recorded is the path that the run wrote into the object's status, as a
	// normalised URL; empty where nothing is recorded.
	Recorded    string         `json:"recorded,omitempty"`
	Credentials CredentialsRef `json:"credentials,omitzero"`
	Markers     Markers        `json:"markers,omitzero"`
	// Lag is for how long after its end a run may still write there.
	Lag Duration `json:"lag,omitempty"`
	// EditedAt is the latest time at which a manager that owns a storage field
	// of the spec wrote; EditedBy is that manager (from managedFields).
	EditedAt *time.Time `json:"editedAt,omitempty"`
	EditedBy string     `json:"editedBy,omitempty"`
	// EnvNames maps "endpoint" and "region" to the variables of a work's
	// container in which the run got them.
	EnvNames map[string]string `json:"envNames,omitempty"`
	// Overridden names what a flag replaced: "endpoint", "region", "credentials".
	Overridden []string `json:"overridden,omitempty"`
}

// URL is the place as people write it: "s3://bucket/prefix/"; a single object
// has no slash at its end.
func (l Location) URL() string {
	scheme := l.Provider
	switch l.Provider {
	case ProviderGCS:
		scheme = "gs"
	case ProviderPodPath:
		return "path " + l.Prefix + " inside the pod"
	case ProviderSnapshots:
		return "cloud snapshots"
	}
	prefix := strings.Trim(l.Prefix, "/")
	if prefix == "" || l.Object {
		return scheme + "://" + l.Bucket + "/" + prefix
	}
	return scheme + "://" + l.Bucket + "/" + prefix + "/"
}

// Overlaps tells whether two places are the same or one lies in the other: same
// provider, endpoint and bucket, and one prefix is a folder of the other.
func (l Location) Overlaps(o Location) bool {
	if l.Provider != o.Provider || l.Bucket != o.Bucket || trimEndpoint(l.Endpoint) != trimEndpoint(o.Endpoint) {
		return false
	}
	a, b := strings.Trim(l.Prefix, "/")+"/", strings.Trim(o.Prefix, "/")+"/"
	return a == "/" || b == "/" || strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
}

func trimEndpoint(endpoint string) string {
	return strings.ToLower(strings.TrimRight(endpoint, "/"))
}

// CredentialsRef names where the credentials of a location come from; it never
// holds a value.
type CredentialsRef struct {
	// Secret is the name of the Secret in Namespace; empty means that the
	// object names none (the identity of a pod or node).
	Namespace string `json:"namespace,omitempty"`
	Secret    string `json:"secret,omitempty"`
	// Format says what the Secret holds; storage.ParseCredentials lists the formats.
	Format string `json:"format,omitempty"`
	// Keys maps what a format asks for to keys of the Secret ("id", "secret",
	// "file") or to values ("profile", "account").
	Keys map[string]string `json:"keys,omitempty"`
	// From says who names them: "spec.s3.secretName", "spec.env", "--storage-credentials".
	From string `json:"from,omitempty"`
	// Unusable says why they cannot be used from outside, such as a workload identity.
	Unusable string `json:"unusable,omitempty"`
}

// String is the reference for a sentence: "Secret tidb-test/s3-secret".
func (c CredentialsRef) String() string {
	switch {
	case c.Unusable != "":
		return c.Unusable
	case c.Secret == "":
		return c.From
	}
	return "Secret " + c.Namespace + "/" + c.Secret
}

// Markers are globs over keys relative to the prefix ("**" crosses slashes).
type Markers struct {
	Complete []string `json:"complete,omitempty"` // present in a finished backup
	Residue  []string `json:"residue,omitempty"`  // lock, marker or checkpoint: no data
	Locks    []string `json:"locks,omitempty"`    // those residue keys that a running writer refreshes
	LockTTL  Duration `json:"lockTTL,omitempty"`  // a lock that is younger is a running writer
	// Known tells that the profile knows the layout, so that a key which is no
	// marker makes the place Partial, not merely Data.
	Known bool `json:"known,omitempty"`
}
