package backup

import "slices"

// Removal is what was looked at of an object that somebody wants deleted, by the
// way that its backup system has for it.
type Removal struct {
	Deletion
	// Kin are objects that go with it, and those that stand in its way.
	Kin       []Kin  `json:"kin,omitempty"`
	KinLookup Lookup `json:"kinLookup,omitempty"`
	// Holds is what a backup has a copy of; Others are the other backups of its system.
	Holds        Coverage    `json:"holds,omitzero"`
	Others       []Protector `json:"others,omitempty"`
	OthersLookup Lookup      `json:"othersLookup,omitempty"`
}

// Deletion is how an object is deleted, as its profile says for its present state.
type Deletion struct {
	// Profile is the system whose profile says it; empty where none does.
	Profile string `json:"profile,omitempty"`
	// Trusted tells that the profile may say what deleting costs.
	Trusted bool   `json:"trusted,omitempty"`
	Effect  Effect `json:"effect,omitempty"` // EffectErases or EffectDeletes
	// Applies tells whether it can be deleted now; WhyNot says in words why not.
	Applies Answer `json:"applies"`
	WhyNot  string `json:"whyNot,omitempty"`
	Does    string `json:"does,omitempty"` // one sentence
	// Takes is what is erased beside the objects in its places.
	Takes []string `json:"takes,omitempty"`
	// Warns is what is worth knowing before, in sentences.
	Warns []string `json:"warns,omitempty"`
	// Create is the request to its system in place of a deletion of the object.
	Create *NewObject `json:"create,omitempty"`
	// StopsRun tells that its system stops a run before it erases anything.
	StopsRun bool `json:"stopsRun,omitempty"`
	// Owner is who acts on the deletion; empty where the API server alone does.
	Owner OwnerSelector `json:"owner,omitzero"`
	Keep  Keeping       `json:"keep,omitzero"`
}

// Keeping is how an object is deleted while its data stays. The zero value is
// that nothing has to be done for it.
type Keeping struct {
	// Special tells that a plain deletion would not keep the data, or would hang.
	Special bool   `json:"special,omitempty"`
	Applies Answer `json:"applies"`
	WhyNot  string `json:"whyNot,omitempty"`
	Does    string `json:"does,omitempty"`
	// Set are the fields of the object that are set before it is deleted.
	Set []FieldValue `json:"set,omitempty"`
	// Strip is the finalizer that is removed after it was deleted, because its owner
	// does not act on it any more.
	Strip string `json:"strip,omitempty"`
	// Orphan leaves the objects that it owns where they are.
	Orphan bool `json:"orphan,omitempty"`
}

// Fate is what becomes of a kin of an object that is deleted.
type Fate string

// A kin goes with the object, or keeps it from being deleted.
const (
	FateGoes   Fate = "goes"
	FateBlocks Fate = "blocks"
)

// Kin is another object that concerns a deletion.
type Kin struct {
	Ref       Ref             `json:"ref"`
	Fate      Fate            `json:"fate"`
	Because   string          `json:"because,omitempty"`
	Phase     Phase           `json:"phase,omitempty"`
	SizeBytes *int64          `json:"sizeBytes,omitempty"`
	Retention RetentionPolicy `json:"retention,omitempty"` // what applies now
}

// Protector is another backup, which may protect the same.
type Protector struct {
	Ref      Ref      `json:"ref"`
	Schedule string   `json:"schedule,omitempty"`
	Holds    Coverage `json:"holds,omitzero"`
}

// Coverage is what a backup has a copy of.
type Coverage struct {
	Known bool `json:"known,omitempty"`
	// Names are namespaces, or what else a system backs up; "*" is all of them.
	Names  []string `json:"names,omitempty"`
	Except []string `json:"except,omitempty"`
	// Limits says in words what of them is left out; empty where nothing is.
	Limits string `json:"limits,omitempty"`
}

// Includes tells whether all of one name is in it. All but a few are not all.
func (c Coverage) Includes(name string) bool {
	if !c.Known || slices.Contains(c.Except, name) {
		return false
	}
	return slices.Contains(c.Names, name) || slices.Contains(c.Names, "*") && (name != "*" || len(c.Except) == 0)
}
