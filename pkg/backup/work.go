package backup

import "time"

// WorkRole says what an asynchronous piece of work does to the place.
type WorkRole string

// A run and a stop write to the place, a clean erases, a move copies data.
const (
	WorkRun   WorkRole = "run"
	WorkStop  WorkRole = "stop"
	WorkClean WorkRole = "clean"
	WorkMove  WorkRole = "move"
)

// Writes tells whether work of this role may be writing data while it runs.
func (r WorkRole) Writes() bool { return r == WorkRun || r == WorkStop || r == WorkMove }

// DataState is folded from the works: where the data of a backup is.
type DataState string

// DataUnknown is also what a mover gets that no profile knows.
const (
	DataUnknown DataState = "Unknown"
	DataInline  DataState = "Inline" // nothing asynchronous
	DataMoving  DataState = "Moving"
	DataMoved   DataState = "Moved"
	DataFailed  DataState = "Failed"
	DataNone    DataState = "None" // nothing was saved: a run that was refused, a dry run
)

// Work is one asynchronous piece of an object: a Job, an upload, a volume snapshot.
// The profile gives Role, Ref, Container and Usual; the collector fills the rest.
type Work struct {
	Role      WorkRole `json:"role"`
	Ref       Ref      `json:"ref"`
	Container string   `json:"container,omitempty"`
	Usual     Duration `json:"usual,omitempty"`
	Lookup    Lookup   `json:"lookup,omitempty"`
	Error     string   `json:"error,omitempty"` // why Lookup is Denied or Failed
	Phase     Phase    `json:"phase,omitempty"`
	// ResourceVersion is that of the Job when it was read, for a guarded delete.
	ResourceVersion string    `json:"resourceVersion,omitempty"`
	Created         time.Time `json:"created,omitzero"`
	// What follows is of works that are objects of a backup system, not Jobs.
	NativePhase string     `json:"nativePhase,omitempty"`
	Message     string     `json:"message,omitempty"` // why it is in its phase; untrusted text
	Volume      string     `json:"volume,omitempty"`  // what it copies: "shop/data-0"
	Node        string     `json:"node,omitempty"`    // where it runs
	NodeReady   Answer     `json:"nodeReady,omitzero"`
	Progress    *Progress  `json:"progress,omitempty"`
	SizeBytes   *int64     `json:"sizeBytes,omitempty"`
	Started     *time.Time `json:"started,omitempty"`
	Finished    *time.Time `json:"finished,omitempty"`
	Finalizers  []string   `json:"finalizers,omitempty"`
	// PodSelector is the label selector of its pods; empty for a Job is its name,
	// for another work that it has no pods of its own.
	PodSelector string `json:"podSelector,omitempty"`
	// Logs are the containers that speak of it, where that was asked for.
	Logs []LogSource `json:"-"`

	// What follows is of Jobs.
	Active    int64 `json:"active,omitempty"`
	Failed    int64 `json:"failed,omitempty"`
	Succeeded int64 `json:"succeeded,omitempty"`
	Limit     int64 `json:"backoffLimit,omitempty"`
	// FailedFor is the reason of the Job's Failed condition: "BackoffLimitExceeded".
	FailedFor string `json:"failedFor,omitempty"`
	Deleting  bool   `json:"deleting,omitempty"`
	// Env holds the literal environment of the container as far as the profile
	// asked for it (endpoint, region), never a value that comes from a Secret.
	Env  map[string]string `json:"env,omitempty"`
	Pods []Pod             `json:"pods,omitempty"`
	// PodsLookup says whether the list of pods is complete.
	PodsLookup Lookup `json:"podsLookup,omitempty"`
}

// Pod is what is known about one pod of a work.
type Pod struct {
	Ref       Ref        `json:"ref"`
	Phase     string     `json:"phase"` // the pod's own word
	Node      string     `json:"node,omitempty"`
	NodeReady Answer     `json:"nodeReady"`
	Created   time.Time  `json:"created"`
	Container string     `json:"container,omitempty"` // waiting, running, terminated; empty is not started
	Started   *time.Time `json:"started,omitempty"`
	Ended     *time.Time `json:"ended,omitempty"`
	ExitCode  *int64     `json:"exitCode,omitempty"`
	// Reason and Message say why the pod waits or ended: "ImagePullBackOff", "Unschedulable".
	Reason  string   `json:"reason,omitempty"`
	Message string   `json:"message,omitempty"`
	Log     *LogTail `json:"log,omitempty"`
}

// LogTail is the end of a container's log, redacted.
type LogTail struct {
	Lookup Lookup   `json:"lookup"`
	Lines  []string `json:"lines,omitempty"`
	Error  string   `json:"error,omitempty"`
}

// MayWrite tells whether the pod's container started and has not ended. On a
// node that is not known to be ready nobody can say that it ended.
func (p Pod) MayWrite() Answer {
	switch {
	case p.Phase == "Succeeded" || p.Phase == "Failed" || p.Container == "terminated":
		return No
	case p.Phase == "Unknown": // its node stopped reporting
		return Unknown
	case p.Container != "running" && p.Phase != "Running":
		return No
	case p.NodeReady != Yes:
		return Unknown
	}
	return Yes
}
