package backup

import "time"

// Decision is how the gate answers for a plan or a way out.
type Decision string

// Undecided is refused only because something is unknown; Confirmable is open
// once each risk is accepted by its name.
const (
	DecisionAllowed   Decision = "allowed"
	DecisionRisk      Decision = "needs-accepted-risk"
	DecisionUndecided Decision = "undecided"
	DecisionRefused   Decision = "refused"
)

// Risk is a named danger that a person can accept with --accept-risk=NAME.
type Risk string

// The risks of DESIGN §5. There is no wildcard.
const (
	RiskStorageUnknown     Risk = "storage-unknown"
	RiskDataPresent        Risk = "data-present"
	RiskHiddenVersions     Risk = "hidden-versions"
	RiskBucketMissing      Risk = "bucket-missing"
	RiskErasesData         Risk = "erases-data"
	RiskLocationChanged    Risk = "location-changed"
	RiskLocationOverridden Risk = "location-overridden"
	// RiskLastRestorable: no other backup that can be restored holds the same namespaces.
	RiskLastRestorable Risk = "last-restorable"
)

// Risks are all risks that can be accepted, in the order of the table.
func Risks() []Risk {
	return []Risk{
		RiskStorageUnknown, RiskDataPresent, RiskErasesData, RiskHiddenVersions,
		RiskBucketMissing, RiskLocationChanged, RiskLocationOverridden, RiskLastRestorable,
	}
}

// GateState is the outcome of one condition of the gate.
type GateState string

// A condition passes, is shown only, warns without standing in the way, asks for a
// risk to be accepted, refuses for good, or refuses because something is unknown.
const (
	GatePass    GateState = "pass"
	GateShown   GateState = "shown"
	GateWarning GateState = "warning"
	GateRisk    GateState = "risk"
	GateRefuse  GateState = "refuse"
	GateUnknown GateState = "unknown"
)

// GateResult is one row of the gate's table for one plan.
type GateResult struct {
	Condition string    `json:"condition"` // stable name: "no-writer", "place-clear"
	State     GateState `json:"state"`
	Because   string    `json:"because"` // in words
	Risk      Risk      `json:"risk,omitempty"`
	Accepted  bool      `json:"accepted,omitempty"`
	// TypeBack is what has to be typed in addition, such as the path of the data.
	TypeBack string `json:"typeBack,omitempty"`
	// Finding is what a check before the making of an object found.
	Finding *Finding `json:"finding,omitempty"`
}

// StepKind is what a step does.
type StepKind string

// The kinds of steps that one executor runs.
const (
	StepPatch  StepKind = "Patch"
	StepCreate StepKind = "Create"
	StepDelete StepKind = "Delete"
	StepExec   StepKind = "Exec"
	StepWait   StepKind = "Wait"
	StepAttest StepKind = "Attest"
)

// PatchOp is one operation of an RFC 6902 JSON Patch.
type PatchOp struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

// Step is one change, with what must hold before it and how to see that it worked.
type Step struct {
	Kind   StepKind `json:"kind"`
	Target Ref      `json:"target"`
	Effect Effect   `json:"effect,omitempty"`
	Does   string   `json:"does"`
	// Patch is for StepPatch; it carries its own test operations.
	Patch []PatchOp `json:"patch,omitempty"`
	// Object is for StepCreate.
	Object map[string]any `json:"object,omitempty"`
	// SecretData are the values of a Secret that is made. They are sent and are in no
	// output, journal or digest.
	SecretData map[string][]byte `json:"-"`
	// UID and ResourceVersion are preconditions for StepDelete.
	UID             string `json:"uid,omitempty"`
	ResourceVersion string `json:"resourceVersion,omitempty"`
	// Orphan is for StepDelete: the objects that it owns stay.
	Orphan bool `json:"orphan,omitempty"`
	// Until is for StepWait: "gone", "finalizer-absent:NAME".
	Until string `json:"until,omitempty"`
	Undo  string `json:"undo"` // in words; "none" where nothing brings it back
}

// Plan is what unstick and other writing commands would do, and whether they may.
type Plan struct {
	APIVersion string      `json:"apiVersion"`
	Kind       string      `json:"kind"` // "Plan"
	At         time.Time   `json:"at"`
	Cluster    ClusterInfo `json:"cluster"`
	Target     Ref         `json:"target"`
	System     string      `json:"system"`
	// Deleted and Finalizers are those of the target when it was judged.
	Deleted    *time.Time   `json:"deletionTimestamp,omitempty"`
	Finalizers []string     `json:"finalizers,omitempty"`
	Finalizer  string       `json:"finalizer,omitempty"` // the one that this plan is about
	Way        string       `json:"way"`
	Effect     Effect       `json:"effect"`
	Steps      []Step       `json:"steps"`
	Gate       []GateResult `json:"gate"`
	Decision   Decision     `json:"decision"`
	// Needs are the risks that have to be accepted and are not.
	Needs    []Risk `json:"needs,omitempty"`
	Accepted []Risk `json:"accepted,omitempty"`
	// Storage is what the plan was judged on; Erases sums what an erasing way destroys.
	Storage []StorageVerdict `json:"storage,omitempty"`
	Erases  []Contents       `json:"erases,omitempty"`
	Orphans string           `json:"orphans,omitempty"`
	// Retention is what deleting a new object will do to its data, where the object says it.
	Retention *Retention `json:"retention,omitempty"`
	// Timetables are when the schedules run that the plan makes or sets to work.
	Timetables []Timetable `json:"timetables,omitempty"`
	// Digest binds a confirmation to this plan (DESIGN §5).
	Digest string `json:"digest"`
}

// Outcome is how a step ended.
type Outcome struct {
	Step  int       `json:"step"`
	At    time.Time `json:"at"`
	State string    `json:"state"` // "started", "done", "failed", "interrupted"
	Text  string    `json:"text,omitempty"`
}

// Result is what execution and verification of a plan ended in.
type Result struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"` // "Result"
	Plan       Plan   `json:"plan"`
	JournalID  string `json:"journalID,omitempty"`
	// JournalDir is the folder of the journal where it was named on the command line.
	JournalDir string    `json:"journalDir,omitempty"`
	Outcomes   []Outcome `json:"outcomes,omitempty"`
	// Ended is "gone", "replaced" (another object has the name now), "released"
	// (the finalizer is absent), "done" (every step was taken, and none waits for
	// an end), "waiting", "failed" or "interrupted".
	Ended string `json:"ended"`
	// Holds are the finalizers that still hold the object.
	Holds []string `json:"holds,omitempty"`
	// Went and Left list what was collected with the object and what stays.
	Went []string `json:"went,omitempty"`
	Left []string `json:"left,omitempty"`
}
