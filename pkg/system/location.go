package system

import (
	"strconv"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// place reads the address of one location: what a list and a comparison of
// places need. A location that cannot be read stays in the list without a
// provider, so that nobody takes it for a place that is known.
func (r *reader) place(s *scope, i int) (backup.Location, bool) {
	spec := &r.spec.Locations[i]
	field := "locations[" + strconv.Itoa(i) + "]"
	l := backup.Location{From: spec.From, Object: spec.Object, Layout: spec.Layout}
	l.Lag, _ = duration(spec.Lag)
	if l.Layout == "" {
		l.Layout = backup.LayoutExclusive
	}
	if unread, listed := s.unread(field, spec.Related); unread {
		return l, listed
	}
	holds, ok := s.holds(field+".when", spec.When)
	if !ok {
		return l, true
	}
	if !holds {
		return l, false
	}
	bucket, bucketOK := s.text(field+".bucket", spec.Bucket)
	prefix, prefixOK := s.text(field+".prefix", spec.Prefix)
	endpoint, endpointOK := s.text(field+".endpoint", spec.Endpoint)
	if !bucketOK || !prefixOK || !endpointOK {
		return l, true
	}
	l.Provider, l.Bucket, l.Endpoint = spec.Provider, bucket, endpoint
	l.Prefix = trimPrefix(spec.Provider, prefix)
	return l, true
}

// trimPrefix drops the slashes around a prefix; a path inside a pod keeps the first.
func trimPrefix(provider, prefix string) string {
	if provider == backup.ProviderPodPath {
		return strings.TrimRight(prefix, "/")
	}
	return strings.Trim(prefix, "/")
}

// location reads everything about one location.
func (k *Kind) location(s *scope, raw map[string]any, namespace string, i int) (backup.Location, bool) {
	spec := &k.reader.spec.Locations[i]
	l, holds := k.reader.place(s, i)
	if !holds {
		return l, false
	}
	field := "locations[" + strconv.Itoa(i) + "]"
	fields := spec.Fields
	if len(fields) == 0 && spec.From != "" {
		fields = []string{spec.From}
	}
	if spec.Related != "" {
		raw, _ = k.relatedObject(s, spec.Related) // without it the place is not known either
	}
	l.EditedBy, l.EditedAt = owned(raw, ownsAny(fields))
	if l.Provider == "" {
		return l, true
	}
	l.Region, _ = s.text(field+".region", spec.Region)
	l.PathStyle, _ = s.truth(field+".pathStyle", spec.PathStyle)
	l.CABundle, _ = s.text(field+".caBundle", spec.CABundle)
	l.Insecure, _ = s.truth(field+".insecureSkipTLSVerify", spec.Insecure)
	recorded, _ := s.text(field+".recorded", spec.Recorded)
	l.Recorded = recordedURL(recorded, spec.Object)
	l.Credentials = credentials(s, field, namespace, spec.Credentials)
	l.Markers = markers(s, field, spec.Markers)
	l.EnvNames = spec.Env
	return l, true
}

// recordedURL writes an address that a run recorded in the form of Location.URL.
func recordedURL(recorded string, single bool) string {
	if recorded == "" {
		return ""
	}
	scheme, bucket, path := splitURL(recorded)
	switch scheme {
	case "gcs", "gs":
		return backup.Location{Provider: backup.ProviderGCS, Bucket: bucket, Prefix: path, Object: single}.URL()
	case "azure", "azblob":
		return backup.Location{Provider: backup.ProviderAzure, Bucket: bucket, Prefix: path, Object: single}.URL()
	case "local", "file":
		return backup.Location{Provider: backup.ProviderPodPath, Prefix: "/" + strings.Trim(bucket+"/"+path, "/")}.URL()
	case "":
		return recorded
	}
	return backup.Location{Provider: scheme, Bucket: bucket, Prefix: path, Object: single}.URL()
}

// credentials takes the first alternative that holds.
func credentials(s *scope, field, namespace string, specs []CredentialsSpec) backup.CredentialsRef {
	if len(specs) == 0 {
		return backup.CredentialsRef{} // the place needs none: a path, a snapshot
	}
	unreadable := backup.CredentialsRef{Unusable: "the profile cannot tell where the credentials come from"}
	for _, spec := range specs {
		holds, ok := s.holds(field+".credentials.when", spec.When)
		if !ok {
			return unreadable
		}
		if !holds {
			continue
		}
		ref := backup.CredentialsRef{Namespace: namespace, Format: spec.Format, From: spec.From, Unusable: spec.Unusable}
		ref.Secret, ok = s.text(field+".credentials.secret", spec.Secret)
		if other, _ := s.text(field+".credentials.namespace", spec.Namespace); other != "" {
			ref.Namespace = other
		}
		ref.Keys = s.textMap(field+".credentials.keys", spec.Keys)
		if !ok || ref.Secret == "" && ref.Unusable == "" {
			return unreadable
		}
		if ref.Secret == "" {
			ref.Namespace, ref.Format = "", ""
		}
		return ref
	}
	return unreadable
}

// markers takes the first layout that holds. Without one nothing counts as residue.
func markers(s *scope, field string, specs []MarkersSpec) backup.Markers {
	for _, spec := range specs {
		holds, ok := s.holds(field+".markers.when", spec.When)
		if !ok {
			break
		}
		if holds {
			ttl, _ := duration(spec.LockTTL)
			return backup.Markers{Complete: spec.Complete, Residue: spec.Residue, Locks: spec.Locks, LockTTL: ttl, Known: true}
		}
	}
	return backup.Markers{}
}
