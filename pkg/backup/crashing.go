package backup

import "time"

// Crashing are the pods that crash after a restore, and what they control of what
// it made.
type Crashing struct {
	// Lookup is Found if all pods were listed and, where some crash, all that the
	// restore made of custom resources.
	Lookup Lookup `json:"lookup,omitempty"`
	// Unreadable says for each reading that failed why.
	Unreadable []string      `json:"unreadable,omitempty"`
	Pods       []CrashingPod `json:"pods,omitempty"`
}

// CrashingPod is a pod of which a container ended after the restore began and is
// held back from starting again.
type CrashingPod struct {
	Ref       Ref        `json:"ref"`
	Container string     `json:"container"`
	Restarts  int64      `json:"restarts"`
	Ended     *time.Time `json:"ended,omitempty"` // when it ended last
	Reason    string     `json:"reason,omitempty"`
	ExitCode  int64      `json:"exitCode,omitempty"`
	// Controls are the restored resources of which it is the controller; Because says
	// what tells that.
	Controls []RestoredResource `json:"controls,omitempty"`
	Because  string             `json:"because,omitempty"`
}

// RestoredResource counts the objects of one custom resource that a restore made.
type RestoredResource struct {
	Ref   Ref   `json:"ref"` // of one of them
	Count int64 `json:"count"`
}
