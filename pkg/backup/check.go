package backup

// CheckRule is what a profile says of one thing that can be wrong with an object.
type CheckRule struct {
	// Code is that of the finding: "BK-E101".
	Code string `json:"code"`
	// Severity is empty for a cause while the object has something to do, and a
	// warning for the day when it has again.
	Severity Severity `json:"severity,omitempty"`
	// Explain follows the title; it says what the finding means for this object.
	Explain string        `json:"explanation,omitempty"`
	Fixes   []FixTemplate `json:"fixes,omitempty"`
}

// Checked is what one check of a profile found about the target.
type Checked struct {
	CheckRule
	// Lookup is Found if every candidate was read and judged.
	Lookup Lookup `json:"lookup"`
	// Hits are the objects at which the check found what it looks for; Because is
	// the whole sentence.
	Hits []Blocker `json:"hits,omitempty"`
	// Unreadable says for each question without an answer why.
	Unreadable []string `json:"unreadable,omitempty"`
}
