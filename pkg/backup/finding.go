package backup

import "time"

// Status is the answer of a check. Unknown and skipped never count as ok.
type Status string

// The four answers of a check.
const (
	StatusOK      Status = "ok"
	StatusProblem Status = "problem"
	StatusUnknown Status = "unknown"
	StatusSkipped Status = "skipped"
)

// Severity orders problems.
type Severity string

// A cause blocks or fails the target; a warning will hurt later; info explains.
const (
	SeverityCause   Severity = "cause"
	SeverityWarning Severity = "warning"
	SeverityInfo    Severity = "info"
)

// Finding is one thing that a check found out about a subject.
type Finding struct {
	Code     string   `json:"code"` // "BK-1001", stable
	Status   Status   `json:"status"`
	Severity Severity `json:"severity,omitempty"`
	Subject  Ref      `json:"subject"`
	Title    string   `json:"title"` // one line, the verdict
	Explain  string   `json:"explanation,omitempty"`
	Proof    []Proof  `json:"evidence,omitempty"`
	Fixes    []Fix    `json:"fixes,omitempty"`
	// Cause names what is at fault, in the same words for every object that hangs
	// on it: "endpoint http://minio.s3.svc:9000". Empty where it is the object's own.
	Cause string `json:"cause,omitempty"`
}

// Proof is one piece of evidence with its source. Text is untrusted.
type Proof struct {
	Text   string     `json:"text"`
	Source string     `json:"source"`       // "condition CleanFailed", "log of pod x", "event FailedCreate"
	At     *time.Time `json:"at,omitempty"` // when the fact came about, for its age
}

// Fix is one way to help, the one that endangers least first.
type Fix struct {
	Does string `json:"does"` // one sentence: what it changes
	// DoesNot says what it leaves alone or cannot do.
	DoesNot string `json:"doesNot,omitempty"`
	// Commands are for a shell, quoted.
	Commands []string `json:"commands,omitempty"`
	Effect   Effect   `json:"effect,omitempty"` // what it costs; empty changes nothing by itself
	Danger   string   `json:"danger,omitempty"`
}

// FailurePoint is how far a run came before it failed.
type FailurePoint string

// The failure points; only NeverStarted and BeforeWrite prove that nothing was written.
const (
	FailedUnknown      FailurePoint = "unknown"
	FailedNeverStarted FailurePoint = "never started"
	FailedBeforeWrite  FailurePoint = "before the first write"
	FailedAfterWrite   FailurePoint = "after writing began"
	FailedNot          FailurePoint = "did not fail"
)

// Diagnosis is the result of all checks over one target.
type Diagnosis struct {
	APIVersion   string       `json:"apiVersion"`
	Kind         string       `json:"kind"` // "Diagnosis"
	At           time.Time    `json:"at"`
	Cluster      ClusterInfo  `json:"cluster"`
	Object       Object       `json:"object"`
	Verdict      string       `json:"verdict"` // one sentence, the first line that a person reads
	Status       Status       `json:"status"`  // problem, unknown, or ok
	FailurePoint FailurePoint `json:"failurePoint,omitempty"`
	FailureProof []Proof      `json:"failurePointEvidence,omitempty"`
	// Findings are ordered: causes first, then what is known to be fine.
	Findings []Finding `json:"findings"`
	// WaysOut are ordered by what they cost.
	WaysOut []WayOut `json:"waysOut,omitempty"`
	// Futile are things that people try and that change nothing, in words.
	Futile []string `json:"futile,omitempty"`
	Gaps   []Gap    `json:"gaps,omitempty"`
}

// WayOut is a way out of a blocked deletion as diagnose shows it.
type WayOut struct {
	Finalizer string   `json:"finalizer"`
	Name      string   `json:"name"`
	Effect    Effect   `json:"effect"`
	Open      Decision `json:"decision"`
	Does      string   `json:"does"`
	DoesNot   string   `json:"doesNot,omitempty"`
	Why       string   `json:"why,omitempty"` // why it is not open
	Commands  []string `json:"commands,omitempty"`
}
