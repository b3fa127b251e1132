package system

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// ProfileKind is the kind of a profile file; its apiVersion is backup.APIVersion.
const ProfileKind = "System"

// Expr is a CEL expression over the raw object (self) and the kind's variables.
type Expr string

// Profile is one backup system as a YAML file describes it. Every field is
// literal text unless its type is Expr.
type Profile struct {
	APIVersion string   `yaml:"apiVersion"`
	Kind       string   `yaml:"kind"`
	Metadata   Metadata `yaml:"metadata"`
	Spec       Spec     `yaml:"spec"`
}

// Metadata names the system.
type Metadata struct {
	Name string `yaml:"name"`
}

// Spec is what a profile says.
type Spec struct {
	Description string `yaml:"description"`
	// HomeNamespaces are where the system's objects live by convention.
	HomeNamespaces []string   `yaml:"homeNamespaces"`
	Kinds          []KindSpec `yaml:"kinds"`
	// Finalizers are rules for objects of any kind, not only of this system.
	Finalizers []FinalizerSpec `yaml:"finalizers"`
	// Checks say what can be wrong with objects of any profile's kinds.
	Checks []CheckGroup `yaml:"checks"`
}

// KindSpec says how the objects of one kind are matched and read.
type KindSpec struct {
	Role  backup.Role `yaml:"role"`
	Match Match       `yaml:"match"`
	// Variables are named expressions that the others use as variables.NAME.
	Variables   []Variable `yaml:"variables"`
	NativePhase Expr       `yaml:"nativePhase"` // string: the system's own word
	// Phases are tried in order; the first that holds is the phase, none is Unknown.
	Phases     []PhaseRule    `yaml:"phases"`
	PhaseSince Expr           `yaml:"phaseSince"` // time
	Mode       Expr           `yaml:"mode"`       // string
	Data       []DataRule     `yaml:"data"`
	Conditions Expr           `yaml:"conditions"` // list of conditions; status.conditions if left out
	Started    Expr           `yaml:"started"`    // time
	Finished   Expr           `yaml:"finished"`   // time
	Expires    Expr           `yaml:"expires"`    // time
	Size       Expr           `yaml:"size"`       // bytes
	Progress   *ProgressSpec  `yaml:"progress"`
	Usual      Expr           `yaml:"usual"` // string: duration; empty where a run has no usual time
	Written    []WrittenRule  `yaml:"written"`
	Retention  *RetentionSpec `yaml:"retention"`
	Schedule   Expr           `yaml:"schedule"`  // string: the schedule that made it
	Cron       Expr           `yaml:"cron"`      // string, for schedules
	LastRun    Expr           `yaml:"lastRun"`   // time, for schedules
	LastChild  Expr           `yaml:"lastChild"` // string, for schedules
	// Related are other objects that the expressions read as related.NAME.
	Related   []RelatedSpec  `yaml:"related"`
	Locations []LocationSpec `yaml:"locations"`
	Works     []WorkSpec     `yaml:"works"`
	Needs     []NeedSpec     `yaml:"needs"`
	// Controller is what moves an object along, whether a finalizer is on it or not.
	Controller *OwnerSpec `yaml:"controller"`
	Logs       []LogSpec  `yaml:"logs"`
	// Archive is the driver that reads what the object has in storage; it is told by its location.
	Archive string `yaml:"archive"`
	// Unset is what a field of the spec means where it is not set, in words.
	Unset map[string]string `yaml:"unset"`
	// Node, Message, Volume and Pods are of kinds with the role work.
	Node    Expr      `yaml:"node"`    // string: where it runs
	Message Expr      `yaml:"message"` // string: why it is in its phase
	Volume  Expr      `yaml:"volume"`  // string: what it copies
	Pods    *PodsSpec `yaml:"pods"`
	// Finalizers are the rules for finalizers on objects of this kind.
	Finalizers []FinalizerSpec `yaml:"finalizers"`
	// Holds are phases in which the system deletes an object of this kind by itself.
	Holds []HoldSpec `yaml:"holds"`
	// Delete says how an object is deleted, Kin what else concerns that, and
	// Protects what would be without a backup.
	Delete   []DeleteSpec  `yaml:"delete"`
	Kin      []KinSpec     `yaml:"kin"`
	Protects *ProtectsSpec `yaml:"protects"`
	// Cancel says how a run is stopped.
	Cancel []CancelSpec `yaml:"cancel"`
	// Without names states that the conformance suite asks for and this kind does
	// not have, each with the reason.
	Without map[string]string `yaml:"without"`
}

// Match says which served resource a kind is. The more of versions and fields
// it names, the more specific it is.
type Match struct {
	Group    string   `yaml:"group"`
	Resource string   `yaml:"resource"`
	Versions []string `yaml:"versions"` // empty is any
	// Fields are paths that the schema of the resource must have, or that of
	// another resource of the group and version, FieldsOf.
	Fields   []string `yaml:"fields"`
	FieldsOf string   `yaml:"fieldsOf"`
}

// Variable is a named expression, evaluated at most once an object.
type Variable struct {
	Name       string `yaml:"name"`
	Expression Expr   `yaml:"expression"`
}

// PhaseRule gives the phase Is when When holds.
type PhaseRule struct {
	Is   backup.Phase `yaml:"is"`
	When Expr         `yaml:"when"`
}

// DataRule gives the data state Is when When holds. FromWorks in place of a
// state is folded from the works that move data; it holds if there are any.
type DataRule struct {
	Is      backup.DataState `yaml:"is"`
	When    Expr             `yaml:"when"`
	Because string           `yaml:"because"` // in words
}

// FromWorks in a rule about the data stands for the state of the works.
const FromWorks backup.DataState = "fromWorks"

// ProgressSpec says how far a run is. Without Done there is no progress.
type ProgressSpec struct {
	Done  Expr   `yaml:"done"`
	Total Expr   `yaml:"total"`
	Unit  string `yaml:"unit"`
}

// RetentionSpec says what happens to the data when the object is deleted.
type RetentionSpec struct {
	Source string          `yaml:"source"` // the field that decides
	Policy []RetentionRule `yaml:"policy"` // the first that holds
	Now    []RetentionRule `yaml:"now"`    // for Depends: what applies at present
}

// RetentionRule gives the policy Is when When holds.
type RetentionRule struct {
	Is   backup.RetentionPolicy `yaml:"is"`
	When Expr                   `yaml:"when"`
}
