package system

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// WrittenRule is one rule of the record of writing, in order. A rule without
// patterns decides when When holds. A rule with patterns decides when in
// addition a line matches: a line of the text Message, or of the log of the
// works of role Log. In a log, "no" needs a matching line in the log of every
// pod, while a single line suffices for "yes".
type WrittenRule struct {
	Is       string          `yaml:"is"` // yes, no or unknown
	When     Expr            `yaml:"when"`
	Source   Expr            `yaml:"source"` // string: what says so
	Message  Expr            `yaml:"message"`
	Log      backup.WorkRole `yaml:"log"`
	Patterns []string        `yaml:"patterns"` // RE2, one line at a time
}

// LocationSpec is a place in storage that an object names when When holds.
type LocationSpec struct {
	When     Expr   `yaml:"when"`
	Provider string `yaml:"provider"`
	// Related is the related object whose Fields name the place; the object itself if left out.
	Related   string        `yaml:"related"`
	From      string        `yaml:"from"`   // the field that names the place: "spec.s3"
	Fields    []string      `yaml:"fields"` // fields whose change moves the place; From if left out
	Bucket    Expr          `yaml:"bucket"`
	Prefix    Expr          `yaml:"prefix"`
	Object    bool          `yaml:"object"` // Prefix is a single object
	Endpoint  Expr          `yaml:"endpoint"`
	Region    Expr          `yaml:"region"`
	PathStyle Expr          `yaml:"pathStyle"` // bool
	CABundle  Expr          `yaml:"caBundle"`
	Insecure  Expr          `yaml:"insecureSkipTLSVerify"` // bool
	Layout    backup.Layout `yaml:"layout"`                // exclusive if left out
	Recorded  Expr          `yaml:"recorded"`              // string: URL that the run wrote down
	// Lag is for how long after its end a run may still write there: a duration.
	Lag string `yaml:"lag"`
	// Credentials are alternatives, the first that holds.
	Credentials []CredentialsSpec `yaml:"credentials"`
	// Markers are alternatives, the first that holds; without one the layout is unknown.
	Markers []MarkersSpec `yaml:"markers"`
	// Env names the variables of a work's container that hold endpoint and region.
	Env map[string]string `yaml:"env"`
}

// CredentialsSpec names where credentials come from. Keys is an expression that
// gives a map from id, secret, token (or file) to keys of the Secret.
type CredentialsSpec struct {
	When      Expr   `yaml:"when"`
	Secret    Expr   `yaml:"secret"`
	Namespace Expr   `yaml:"namespace"` // the object's own if left out
	Format    string `yaml:"format"`
	Keys      Expr   `yaml:"keys"`
	From      string `yaml:"from"`
	Unusable  string `yaml:"unusable"`
}

// MarkersSpec are globs over keys relative to the prefix.
type MarkersSpec struct {
	When     Expr     `yaml:"when"`
	Complete []string `yaml:"complete"`
	Residue  []string `yaml:"residue"`
	Locks    []string `yaml:"locks"`
	LockTTL  string   `yaml:"lockTTL"` // duration
}

// NeedSpec is another object that is needed when When holds.
type NeedSpec struct {
	When      Expr   `yaml:"when"`
	Group     string `yaml:"group"`
	Version   string `yaml:"version"`
	Resource  string `yaml:"resource"`
	Kind      string `yaml:"kind"`
	Namespace Expr   `yaml:"namespace"` // the object's own if left out
	Name      Expr   `yaml:"name"`
	Keys      Expr   `yaml:"keys"` // list of strings, for Secrets
	Why       string `yaml:"why"`
}

// FinalizerSpec is what a profile knows of a finalizer. A name may end in "*".
type FinalizerSpec struct {
	Name     string    `yaml:"name"`
	Guards   string    `yaml:"guards"`
	WaitsFor string    `yaml:"waitsFor"`
	Owner    OwnerSpec `yaml:"owner"`
	Ways     []WaySpec `yaml:"ways"`
	// Danger is what is lost where it is removed by hand; Events are the reasons
	// of events in which its owner says why it has not acted.
	Danger   string        `yaml:"danger"`
	Events   []string      `yaml:"events"`
	Blockers []BlockerSpec `yaml:"blockers"`
}

// OwnerSpec says how the controller that removes a finalizer is found.
type OwnerSpec struct {
	Manager     string `yaml:"manager"`
	Deployments string `yaml:"deployments"`
	// DaemonSets are names, with commas between them, in the object's namespace.
	DaemonSets string `yaml:"daemonSets"`
	// OwnNamespace keeps to the object's namespace when Deployments are looked for.
	OwnNamespace bool   `yaml:"ownNamespace"`
	Container    string `yaml:"container"`
	// Called is its name in a sentence: "the Velero server".
	Called string `yaml:"called"`
}

// WaySpec is one way out. It applies unless one of the reasons against it holds.
type WaySpec struct {
	Name      string          `yaml:"name"`
	Effect    backup.Effect   `yaml:"effect"`
	Unless    []Objection     `yaml:"unless"`
	Does      string          `yaml:"does"`
	DoesNot   string          `yaml:"doesNot"`
	Set       []FieldSpec     `yaml:"set"`
	DeleteJob backup.WorkRole `yaml:"deleteJob"`
	Create    *NewObjectSpec  `yaml:"create"`
	Orphans   string          `yaml:"orphans"`
}

// Objection is a reason for which a way does not apply.
type Objection struct {
	When    Expr   `yaml:"when"`
	Because string `yaml:"because"`
	// Of names a related object without which there is no objection.
	Of string `yaml:"of"`
}

// FieldSpec is one field, as a JSON pointer, and the value that a way gives it.
type FieldSpec struct {
	Path  string `yaml:"path"`
	Value any    `yaml:"value"`
}

// HoldSpec is a phase in which the system deletes an object by itself, without a
// deletionTimestamp and a finalizer. It is there when When holds.
type HoldSpec struct {
	When          Expr `yaml:"when"`
	FinalizerSpec `yaml:",inline"`
}

// NewObjectSpec is an object that a way out makes. In its texts {self.name},
// {self.namespace}, {self.uid} and {self.label} stand for the object's own; the
// last one is its name as the value of a label.
type NewObjectSpec struct {
	Group    string         `yaml:"group"`
	Version  string         `yaml:"version"`
	Resource string         `yaml:"resource"`
	Object   map[string]any `yaml:"object"`
}
