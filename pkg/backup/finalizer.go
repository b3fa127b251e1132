package backup

import "time"

// Effect is what a way out, or another plan, costs, cheapest first.
type Effect string

// The owner progresses; the owner lets go and the data stays; only the finalizer
// is removed; data is erased.
const (
	EffectWaits    Effect = "waits"
	EffectReleases Effect = "releases"
	EffectStrips   Effect = "strips"
	EffectErases   Effect = "erases"
)

// What a plan does that takes nothing away: an object is made, a field of one is
// changed that can be changed back.
const (
	EffectCreates Effect = "creates"
	EffectChanges Effect = "changes"
	// EffectOverwrites: objects are replaced by older ones, which nothing takes back.
	EffectOverwrites Effect = "overwrites"
)

// EffectDeletes is that of a plan after which an object is gone, while what it
// leads to in storage stays.
const EffectDeletes Effect = "deletes"

// Gentle tells whether nothing is lost by it, so that nobody has to confirm it.
func (e Effect) Gentle() bool { return e == EffectCreates || e == EffectChanges || e == EffectWaits }

// Finalizer is one finalizer that is on the object, and what its profile knows of it.
type Finalizer struct {
	Name string `json:"name"`
	// Index is its position in metadata.finalizers at the time of reading.
	Index int `json:"index"`
	// Profile is the system whose profile knows it; empty is an unknown finalizer.
	Profile string `json:"profile,omitempty"`
	// Trusted tells that the profile may open a gate for it.
	Trusted bool `json:"trusted,omitempty"`
	// Builtin marks Kubernetes' own: explained, never stripped.
	Builtin bool `json:"builtin,omitempty"`
	// Hold marks what is no finalizer but a phase in which the system deletes the
	// object by itself, and in which the object can hang just the same.
	Hold     bool          `json:"hold,omitempty"`
	Guards   string        `json:"guards,omitempty"`   // "prefix": the objects under the location
	WaitsFor string        `json:"waitsFor,omitempty"` // in words
	Owner    OwnerSelector `json:"owner"`
	AddedBy  string        `json:"addedBy,omitempty"` // the field manager that owns it (managedFields)
	AddedAt  *time.Time    `json:"addedAt,omitempty"`
	Ways     []Way         `json:"ways,omitempty"`
	// Danger is what is lost where it is removed by hand, in words.
	Danger string `json:"danger,omitempty"`
	// Events are the reasons of events in which its owner says why it has not acted.
	Events []string `json:"events,omitempty"`
	// Blockers are the rules by which Evidence.Blocking was found.
	Blockers []BlockerRule `json:"blockers,omitempty"`
}

// Way returns the way out of a name, or nil.
func (f Finalizer) Way(name string) *Way {
	for i := range f.Ways {
		if f.Ways[i].Name == name {
			return &f.Ways[i]
		}
	}
	return nil
}

// OwnerSelector says how to find the controller that removes a finalizer.
type OwnerSelector struct {
	Manager     string `json:"manager,omitempty"`     // its field manager and lease name: "tidb-controller-manager"
	Deployments string `json:"deployments,omitempty"` // label selector over all namespaces
	// DaemonSets are names, with commas between them, in the object's own namespace.
	DaemonSets string `json:"daemonSets,omitempty"`
	// OwnNamespace says that the owner runs in the object's namespace; one elsewhere is another's.
	OwnNamespace bool `json:"ownNamespace,omitempty"`
	// Container is the one whose log tells; a workload without it is another program.
	Container string `json:"container,omitempty"`
	// Called is its name in a sentence: "the Velero server"; the manager's if empty.
	Called string `json:"called,omitempty"`
}

// Named tells whether the selector says how the workloads are found.
func (s OwnerSelector) Named() bool { return s.Deployments != "" || s.DaemonSets != "" }

// Words are the workloads for a sentence: "deployments app=x in all namespaces".
func (s OwnerSelector) Words() string {
	switch {
	case s.Deployments == "":
		return "daemonsets " + s.DaemonSets + " in the object's namespace"
	case s.OwnNamespace:
		return "deployments " + s.Deployments + " in the object's namespace"
	}
	return "deployments " + s.Deployments + " in all namespaces"
}

// The names of the ways out, as --via takes them.
const (
	WayWait       = "wait"
	WayRelease    = "release"
	WayRetryClean = "retry-clean"
	WayStrip      = "strip"
)

// Way is one supported way out of a blocked deletion.
type Way struct {
	Name   string `json:"name"`
	Effect Effect `json:"effect"`
	// Applies tells whether the profile holds it to work for this object now;
	// WhyNot says in words why it does not.
	Applies Answer `json:"applies"`
	WhyNot  string `json:"whyNot,omitempty"`
	Does    string `json:"does"`              // one sentence
	DoesNot string `json:"doesNot,omitempty"` // one sentence
	// Set are the fields of the object that a release patches.
	Set []FieldValue `json:"set,omitempty"`
	// DeleteJob is the role of the work whose Job is deleted so that the owner makes it again.
	DeleteJob WorkRole `json:"deleteJob,omitempty"`
	// Create is an object that asks the owner for its clean-up anew.
	Create  *NewObject `json:"create,omitempty"`
	Orphans string     `json:"orphans,omitempty"` // strip: what nothing points at afterwards
}

// FieldValue is one field of an object, as a JSON pointer, and the value it is set to.
type FieldValue struct {
	Path  string `json:"path"`
	Value any    `json:"value"`
}

// NewObject is an object to be made. The name of its reference is the beginning
// of the one that the server makes.
type NewObject struct {
	Ref    Ref            `json:"ref"`
	Object map[string]any `json:"object"`
}
