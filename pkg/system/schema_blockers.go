package system

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// BlockerSpec says what a finalizer waits for: objects of one resource, one
// object that is read by its name, or a state of the object itself.
type BlockerSpec struct {
	// On is the Kind of the object that is being deleted, where the same
	// finalizer means something else on another kind; empty is any.
	On string `yaml:"on"`
	// Self marks a rule about the object itself: no other object is read.
	Self     bool   `yaml:"self"`
	Group    string `yaml:"group"`
	Resource string `yaml:"resource"`
	// Within is where candidates are listed: "namespace", that of the object, or "cluster".
	Within string `yaml:"within"`
	// Name and Namespace, over self, name the only candidate in place of a list.
	// One that does not exist is judged as a null item.
	Name      Expr `yaml:"name"`
	Namespace Expr `yaml:"namespace"` // the object's own if left out
	// When tells over self and item whether the candidate blocks.
	When    Expr                 `yaml:"when"`
	Because Expr                 `yaml:"because"` // string over self and item, to follow a colon
	Fixes   []backup.FixTemplate `yaml:"fixes"`
}

// Where the candidates of a rule are listed.
const (
	withinNamespace = "namespace"
	withinCluster   = "cluster"
)
