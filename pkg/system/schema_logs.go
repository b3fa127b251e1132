package system

// LogSpec names containers whose lines, or some of them, speak of an object
// when When holds. Of Jobs none is needed. Those of a work count for the object
// whose work it is.
type LogSpec struct {
	Source    string `yaml:"source"` // literal, as --source takes it
	When      Expr   `yaml:"when"`
	Namespace Expr   `yaml:"namespace"` // string: the object's own if left out; "*" is every one
	Selector  Expr   `yaml:"selector"`  // string: label selector of pods
	Pod       Expr   `yaml:"pod"`       // string: the name of the pod, in place of a selector
	Container string `yaml:"container"` // literal; every container if left out
	// Keep says which lines count, each way by itself; every line if left out.
	Keep []LogMatchSpec `yaml:"keep"`
	// During leaves out lines from before the object started and after it finished.
	During bool `yaml:"during"`
	// Copied tells which lines the program repeats from other containers; literal.
	Copied *LogCopySpec `yaml:"copied"`
}

// LogMatchSpec is one way in which a line speaks of an object: one of the fields
// has that value, or, without fields, a text holds the value as a name of its own.
type LogMatchSpec struct {
	Fields []string `yaml:"fields"` // literal; their case does not matter
	Value  Expr     `yaml:"value"`  // string
}

// LogCopySpec is what stands on the lines around those that are repeated.
type LogCopySpec struct {
	Begin string `yaml:"begin"`
	End   string `yaml:"end"`
}
