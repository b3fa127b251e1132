package backup

// Cancellation is how a run is stopped, as its profile says for its present state.
type Cancellation struct {
	// Profile is the system whose profile says it; empty where none does.
	Profile string `json:"profile,omitempty"`
	Trusted bool   `json:"trusted,omitempty"`
	// Applies tells whether it can be stopped now; WhyNot says in words why not.
	Applies Answer `json:"applies"`
	WhyNot  string `json:"whyNot,omitempty"`
	Does    string `json:"does,omitempty"`
	// Leaves is what stays behind, in words.
	Leaves []string `json:"leaves,omitempty"`
	// Set are the fields of the object itself that ask for the stop.
	Set []FieldValue `json:"set,omitempty"`
	// Delete takes the object away before its system begins.
	Delete bool `json:"delete,omitempty"`
	// ByWorks tells that it is stopped by what works for it, and Works are those
	// that have not ended.
	ByWorks bool   `json:"byWorks,omitempty"`
	Works   []Stop `json:"works,omitempty"`
}

// Stop is how one piece of work is told to stop.
type Stop struct {
	Ref         Ref          `json:"ref"`
	NativePhase string       `json:"nativePhase,omitempty"`
	Set         []FieldValue `json:"set,omitempty"`
	// WhyNot says why it cannot be told; Lookup that it could not be looked at.
	WhyNot string `json:"whyNot,omitempty"`
	Lookup Lookup `json:"lookup,omitempty"`
}
