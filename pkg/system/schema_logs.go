package system

// LogSpec names containers whose lines, or some of them, speak of an object
// when When holds. The Jobs and data movers of its works need none.
type LogSpec struct {
	Source    string `yaml:"source"` // literal, as --source takes it
	When      Expr   `yaml:"when"`
	Namespace Expr   `yaml:"namespace"` // string: the object's own if left out; "*" is every one
	Selector  Expr   `yaml:"selector"`  // string: label selector of pods
	Pod       Expr   `yaml:"pod"`       // string: the name of the pod, in place of a selector
	Container string `yaml:"container"` // literal; every container if left out
	// Keep says which lines count, each way by itself; every line if left out.
	Keep []LogMatchSpec `yaml:"keep"`
}

// LogMatchSpec is one way in which a line speaks of an object: a field of that
// value, or a text that holds the value as a name of its own.
type LogMatchSpec struct {
	Field string `yaml:"field"` // literal
	Value Expr   `yaml:"value"` // string
}
