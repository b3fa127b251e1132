package backup

// Answer is a yes or no that may not be known. The zero value is Unknown, so
// that what nobody looked at never counts as fine.
type Answer string

// The three answers.
const (
	Unknown Answer = ""
	Yes     Answer = "yes"
	No      Answer = "no"
)

// AnswerOf turns a known boolean into an Answer.
func AnswerOf(b bool) Answer {
	if b {
		return Yes
	}
	return No
}

// String is "unknown" for the zero value.
func (a Answer) String() string {
	if a == Unknown {
		return "unknown"
	}
	return string(a)
}

// MarshalText writes Unknown as the word, so that JSON never shows an empty answer.
func (a Answer) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the word back; anything but yes and no is Unknown.
func (a *Answer) UnmarshalText(text []byte) error {
	switch Answer(text) {
	case Yes, No:
		*a = Answer(text)
	default:
		*a = Unknown
	}
	return nil
}

// Lookup says how the reading of one thing ended.
type Lookup string

// How a reading ended. Only Found and Absent are knowledge.
const (
	NotAsked Lookup = ""       // nobody looked
	Found    Lookup = "found"  // it was read
	Absent   Lookup = "absent" // the server says that it does not exist
	Denied   Lookup = "denied" // no right to read it
	Failed   Lookup = "failed" // the reading failed in another way
)

// Known tells whether the reading settled the question.
func (l Lookup) Known() bool { return l == Found || l == Absent }
