package backup

import "time"

// LogSource is a set of containers of which some lines, or all, speak of one object.
type LogSource struct {
	// Name is what a person calls it, as --source takes it: "server", "node-agent", "run".
	Name string `json:"name"`
	// Namespace is where the pods are; empty is every namespace.
	Namespace string `json:"namespace,omitempty"`
	// Selector is a label selector of pods; with Pod set it is not used.
	Selector string `json:"selector,omitempty"`
	Pod      string `json:"pod,omitempty"`
	// Container is the only one that counts; empty is every container of the
	// pods, init containers included.
	Container string `json:"container,omitempty"`
	// Keep says which lines count; empty is every line.
	Keep []LogMatch `json:"keep,omitempty"`
	// From and Until bound the time of the lines that count; zero is unbounded.
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
	// Copied tells which lines another container wrote and this one repeats.
	Copied *LogCopy `json:"copied,omitempty"`
}

// LogMatch is one way in which a line speaks of an object: a field of that value,
// or, without a field, a text that holds the value as a name of its own. The case
// of the name of a field does not matter: programs write backup and Backup.
type LogMatch struct {
	Field string `json:"field,omitempty"`
	Value string `json:"value"`
}

// LogCopy is what a program says around lines of another one that it repeats:
// those between a line that counts and holds Begin and one that holds End.
type LogCopy struct {
	Begin string `json:"begin"`
	End   string `json:"end"`
}

// LogEntry is one line of a log, redacted, and where it came from.
type LogEntry struct {
	Source string `json:"source"`
	// Pod is empty for a line from a file in storage.
	Pod       Ref    `json:"pod,omitzero"`
	Container string `json:"container,omitempty"`
	// At is the container runtime's time; of a file, the program's own. Zero is unknown.
	At      time.Time         `json:"at,omitzero"`
	Level   string            `json:"level,omitempty"` // debug, info, warning, error, fatal; empty is not said
	Message string            `json:"message"`
	Fields  map[string]string `json:"fields,omitempty"`
	// Text is the line as the program wrote it.
	Text string `json:"-"`
	// Copied tells that it was not read from the log of the container that wrote it.
	Copied bool `json:"-"`
}
