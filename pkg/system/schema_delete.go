package system

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// DeleteSpec is how an object is deleted when When holds; the first that holds counts.
type DeleteSpec struct {
	When   Expr          `yaml:"when"`
	Effect backup.Effect `yaml:"effect"` // deletes or erases
	Does   string        `yaml:"does"`
	// Takes is what is erased beside the objects in its places, in words.
	Takes []string    `yaml:"takes"`
	Warns []Objection `yaml:"warns"`
	// Unless are reasons for which it cannot be deleted.
	Unless []Objection `yaml:"unless"`
	// Create is a request to the system in place of a deletion of the object.
	Create *NewObjectSpec `yaml:"create"`
	// StopsRun says that the system stops a run before it erases anything.
	StopsRun bool       `yaml:"stopsRun"`
	Keep     []KeepSpec `yaml:"keep"`
}

// KeepSpec is how the data of an object that is deleted is kept when When holds.
// Without one nothing has to be done for it.
type KeepSpec struct {
	When   Expr        `yaml:"when"`
	Unless []Objection `yaml:"unless"`
	Set    []FieldSpec `yaml:"set"`
	Does   string      `yaml:"does"`
	// Strip is a finalizer that is removed after the deletion.
	Strip string `yaml:"strip"`
	// Orphan leaves what the object owns.
	Orphan bool `yaml:"orphan"`
}

// KinSpec says which other objects concern the deletion of one: those of a
// resource in the same namespace for which Where holds.
type KinSpec struct {
	Group    string      `yaml:"group"`
	Resource string      `yaml:"resource"`
	Where    Expr        `yaml:"where"` // bool over self and item, the candidate
	Fate     backup.Fate `yaml:"fate"`
	Because  string      `yaml:"because"`
}

// ProtectsSpec says what a backup has a copy of.
type ProtectsSpec struct {
	Names  Expr `yaml:"names"`  // list of strings; "*" is all
	Except Expr `yaml:"except"` // list of strings
	Limits Expr `yaml:"limits"` // string: what of them is left out
}

// CancelSpec is how a run is stopped when When holds; the first that holds counts.
type CancelSpec struct {
	When   Expr        `yaml:"when"`
	Unless []Objection `yaml:"unless"`
	Does   string      `yaml:"does"`
	Leaves []string    `yaml:"leaves"`
	// Set are the fields that ask for the stop; Fields must be in the schema for it.
	Set    []FieldSpec `yaml:"set"`
	Fields []string    `yaml:"fields"`
	// Delete takes the object away.
	Delete bool `yaml:"delete"`
	// Works are the roles of the works that are stopped, each as its own kind says;
	// Otherwise is why nothing can be stopped where none of them runs.
	Works     []backup.WorkRole `yaml:"works"`
	Otherwise string            `yaml:"otherwise"`
}
