package backup

import (
	"fmt"
	"time"
)

// VerdictClass is what a look at a place in storage showed.
type VerdictClass string

// The classes. Only a complete, successful listing makes Empty or Residue.
const (
	// VerdictEmpty: no current object, no old version, no open upload; the bucket itself answered.
	VerdictEmpty VerdictClass = "Empty"
	// VerdictResidue: only locks, markers, checkpoints, delete markers, open uploads.
	VerdictResidue VerdictClass = "Residue"
	// VerdictHidden: no current object, but old versions are there or could not be listed.
	VerdictHidden VerdictClass = "Hidden"
	// VerdictPartial: data without the system's completion marker.
	VerdictPartial VerdictClass = "Partial"
	// VerdictComplete: data with the completion marker.
	VerdictComplete VerdictClass = "Complete"
	// VerdictData: data whose layout no profile knows.
	VerdictData VerdictClass = "Data"
	// VerdictBucketMissing: the endpoint answered that the bucket does not exist.
	VerdictBucketMissing VerdictClass = "BucketMissing"
	// VerdictUnknown: not seen, for Reason.
	VerdictUnknown VerdictClass = "Unknown"
)

// HoldsData tells whether a listing saw data that a person may want.
func (c VerdictClass) HoldsData() bool {
	return c == VerdictPartial || c == VerdictComplete || c == VerdictData
}

// Clear tells whether nothing would be lost at the place.
func (c VerdictClass) Clear() bool { return c == VerdictEmpty || c == VerdictResidue }

// UnknownReason says why a verdict is Unknown.
type UnknownReason string

// The reasons for an unknown verdict.
const (
	ReasonUnreachable UnknownReason = "unreachable"
	ReasonDenied      UnknownReason = "denied"
	ReasonWrongRegion UnknownReason = "wrong-region"
	ReasonTLS         UnknownReason = "tls"
	ReasonTimeout     UnknownReason = "timeout"
	ReasonCredentials UnknownReason = "credentials"      // none, or not usable from here
	ReasonEmptyPrefix UnknownReason = "empty-prefix"     // the place is the whole bucket
	ReasonPodPath     UnknownReason = "path-in-pod"      // PVC, hostPath, local
	ReasonSnapshots   UnknownReason = "cloud-snapshots"  // no object listing shows them
	ReasonCutShort    UnknownReason = "listing-cut"      // the listing did not end
	ReasonRecordSays  UnknownReason = "record-says-data" // empty, but the object's record says it wrote
	ReasonNotLooked   UnknownReason = "not-looked"       // --storage=never, or nobody asked
	ReasonNoLocation  UnknownReason = "no-location"      // the object names no place
	ReasonForbidden   UnknownReason = "address-refused"  // loopback, link-local: the pod's own or an attack
	ReasonRedirect    UnknownReason = "redirect"         // the server points to another host
	ReasonUnsupported UnknownReason = "unsupported"      // a provider that this version cannot open
	ReasonOther       UnknownReason = "error"
)

// Count is a number of stored objects, with AtLeast where counting stopped.
type Count struct {
	Objects int64 `json:"objects"`
	Bytes   int64 `json:"bytes,omitempty"`
	AtLeast bool  `json:"atLeast,omitempty"`
}

// StoredObject is one object in a bucket. The key is untrusted text.
type StoredObject struct {
	Key      string    `json:"key"` // relative to the prefix
	Bytes    int64     `json:"bytes"`
	Modified time.Time `json:"modified"`
}

// StorageVerdict is what was seen at a place, from where, as whom and when.
type StorageVerdict struct {
	Class    VerdictClass  `json:"class"`
	Reason   UnknownReason `json:"reason,omitempty"` // for Unknown
	Detail   string        `json:"detail,omitempty"` // the server's or the network's own words, redacted
	Location Location      `json:"location"`
	// Vantage is the way the requests took: "direct", "port-forward to pod s3/minio-0:9000", "proxy socks5://…".
	Vantage string `json:"vantage,omitempty"`
	// Identity names whose credentials signed the requests, never their values.
	Identity string    `json:"identity,omitempty"`
	At       time.Time `json:"at"`
	Requests int       `json:"requests"`

	Current       Count          `json:"current"`       // objects that a plain listing shows
	OldVersions   Count          `json:"oldVersions"`   // noncurrent versions
	DeleteMarkers Count          `json:"deleteMarkers"` // delete markers
	OpenUploads   Count          `json:"openUploads"`   // multipart uploads that were never finished
	Versions      Lookup         `json:"versions"`      // whether old versions could be listed; Absent: the bucket has no versioning
	Uploads       Lookup         `json:"uploads"`       // whether open uploads could be listed
	Sample        []StoredObject `json:"sample,omitempty"`
	Newest        *time.Time     `json:"newest,omitempty"`    // the youngest object seen
	FreshLock     string         `json:"freshLock,omitempty"` // the key of a lock younger than the profile's lock time
	// BucketEmpty tells that the control request found nothing in the whole bucket.
	BucketEmpty Answer `json:"bucketEmpty"`
	// RightRegion is the region that the server's answer named.
	RightRegion string `json:"rightRegion,omitempty"`
}

// Against reconciles what was seen with the object's own record: a place that
// looks empty although the record says that bytes were written is unknown, for
// the wrong place may have been looked at.
func (v StorageVerdict) Against(w Written) StorageVerdict {
	if w.Answer == Yes && (v.Class.Clear() || v.Class == VerdictBucketMissing) {
		v.Detail = fmt.Sprintf("looks %s, but the record says that bytes were written: %s", v.Class, w.Source)
		v.Class, v.Reason = VerdictUnknown, ReasonRecordSays
	}
	return v
}

// Contents is the sum of a whole place, counted page by page.
type Contents struct {
	Total  Count          `json:"total"`
	Groups []ContentGroup `json:"groups,omitempty"` // largest first
	// Complete is false where counting stopped; Error says why.
	Complete bool   `json:"complete"`
	Error    string `json:"error,omitempty"`
}

// ContentGroup sums the objects that lie in one folder or share one ending.
type ContentGroup struct {
	Name  string `json:"name"`
	Count Count  `json:"count"`
}
