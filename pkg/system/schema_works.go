package system

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// WorkSpec is one asynchronous piece of an object when When holds. Without a
// group and resource it is a Job. It is found by its Name, or all that match are:
// those with Label set to Value, those for which Where holds.
type WorkSpec struct {
	Role     backup.WorkRole `yaml:"role"`
	When     Expr            `yaml:"when"`
	Group    string          `yaml:"group"`
	Resource string          `yaml:"resource"`
	Kind     string          `yaml:"kind"`
	Name     Expr            `yaml:"name"`
	// Everywhere looks in all namespaces; only the object's own if left out.
	Everywhere bool   `yaml:"everywhere"`
	Label      string `yaml:"label"`
	Value      Expr   `yaml:"value"` // string
	Where      Expr   `yaml:"where"` // bool over self and item, the candidate
	Container  string `yaml:"container"`
	Usual      string `yaml:"usual"` // duration
}

// selected tells whether works are found by what they are, not by their name.
func (w *WorkSpec) selected() bool { return w.Label != "" || w.Where != "" }

// PodsSpec says how the pods of a work are found: by a label with a value.
type PodsSpec struct {
	Label string `yaml:"label"`
	Value Expr   `yaml:"value"` // string
}

// RelatedSpec is another object from which a kind is read, such as the
// BackupStorageLocation that a backup of Velero names. One may be named by
// another that stands before it.
type RelatedSpec struct {
	Name      string `yaml:"name"` // literal: the expressions know it as related.NAME
	Group     string `yaml:"group"`
	Resource  string `yaml:"resource"`
	Kind      string `yaml:"kind"`
	Object    Expr   `yaml:"object"`    // string: the name of the object
	Namespace Expr   `yaml:"namespace"` // string: the object's own if left out
}
