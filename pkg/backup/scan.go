package backup

import "time"

// Trouble is why a scan lists an object.
type Trouble string

// The troubles that a scan tells apart.
const (
	// TroubleHangs: its deletion was asked for, longer than a minute ago.
	TroubleHangs Trouble = "hangs in deletion"
	// TroubleFailed: it failed, completely or in part.
	TroubleFailed Trouble = "failed"
	// TroubleInvalid: its owner does not accept its specification.
	TroubleInvalid Trouble = "invalid"
	// TroubleUnavailable: it is a location that cannot be used.
	TroubleUnavailable Trouble = "unavailable"
	// TroubleSlow: it is in one phase for longer than is usual for it.
	TroubleSlow Trouble = "takes longer than usual"
)

// Troubles are all troubles, in the order in which they are counted.
func Troubles() []Trouble {
	return []Trouble{TroubleHangs, TroubleFailed, TroubleInvalid, TroubleUnavailable, TroubleSlow}
}

// Words is the trouble as a predicate of n objects: "hang in deletion".
func (t Trouble) Words(n int) string {
	switch {
	case t == TroubleHangs && n != 1:
		return "hang in deletion"
	case t == TroubleSlow && n != 1:
		return "take longer than usual"
	case t != TroubleInvalid && t != TroubleUnavailable:
		return string(t)
	case n == 1:
		return "is " + string(t)
	}
	return "are " + string(t)
}

// justNow is for how long a deletion is not yet one that hangs.
const justNow = time.Minute

// DeletedJustNow tells whether deletion was asked for so recently that the
// object may well go by itself. A pod carries the time at which it ends at the latest.
func DeletedJustNow(deleted, now time.Time) bool { return now.Sub(deleted) <= justNow }

// Trouble tells what is wrong with the object as far as it says so itself;
// empty is nothing, or a deletion that was asked for just now.
func (o Object) Trouble(now time.Time) Trouble {
	switch {
	case o.Deleting() && DeletedJustNow(*o.Deleted, now):
		return ""
	case o.Deleting():
		return TroubleHangs
	case o.Phase == PhaseFailed, o.Phase == PhasePartiallyFailed, o.Data == DataFailed:
		return TroubleFailed
	case o.Phase == PhaseInvalid:
		return TroubleInvalid
	case o.Phase == PhaseUnavailable:
		return TroubleUnavailable
	case o.Stuck(now) == Yes:
		return TroubleSlow
	}
	return ""
}

// Scan is the result of a look over many objects: what hangs or failed, by cause.
type Scan struct {
	APIVersion string      `json:"apiVersion"`
	Kind       string      `json:"kind"` // "Scan"
	At         time.Time   `json:"at"`
	Cluster    ClusterInfo `json:"cluster"`
	// Namespaces are where it looked; empty is the whole cluster.
	Namespaces []string `json:"namespaces,omitempty"`
	Verdict    string   `json:"verdict"`
	Status     Status   `json:"status"`
	// Kinds is how many kinds were listed.
	Kinds int `json:"kinds"`
	// Troubled counts the objects with each trouble; Examined of them were looked
	// at one by one, and the rest is only counted.
	Troubled map[Trouble]int `json:"troubled"`
	Examined int             `json:"examined"`
	// JustDeleted counts objects whose deletion was asked for within a minute.
	JustDeleted int `json:"justDeleted,omitempty"`
	// Unclear counts objects of known systems whose phase is not known.
	Unclear int     `json:"unclear,omitempty"`
	Causes  []Cause `json:"causes"`
	// Rest counts what was not examined, by kind.
	Rest []KindCount `json:"rest,omitempty"`
	Gaps []Gap       `json:"gaps,omitempty"`
}

// Cause is one thing at fault and all examined objects that hang on it.
type Cause struct {
	Code string `json:"code"`
	// Cause is that of the finding; empty where the objects share only the
	// finding and their finalizer.
	Cause     string   `json:"cause,omitempty"`
	Finalizer string   `json:"finalizer,omitempty"`
	Status    Status   `json:"status"`
	Severity  Severity `json:"severity,omitempty"`
	Title     string   `json:"title"`
	// Example is the object from which title and evidence are.
	Example Ref     `json:"example"`
	Proof   []Proof `json:"evidence,omitempty"`
	// Next is the command to type next.
	Next string `json:"next,omitempty"`
	// Objects are ordered by since when, the oldest first.
	Objects []Affected `json:"objects"`
}

// Affected is one object in a scan.
type Affected struct {
	Ref     Ref        `json:"ref"`
	System  string     `json:"system,omitempty"`
	Trouble Trouble    `json:"trouble"`
	Since   *time.Time `json:"since,omitempty"`
}

// KindCount is a number of objects of one resource.
type KindCount struct {
	Resource string `json:"resource"` // "backups.pingcap.com"
	Count    int    `json:"count"`
}
