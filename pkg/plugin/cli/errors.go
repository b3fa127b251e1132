package cli

// UsageError says that the command line cannot be meant; usage is hinted at.
type UsageError struct{ Text string }

func (e *UsageError) Error() string { return e.Text }

// HintedError carries a next step for the person.
type HintedError struct {
	Err  error
	Hint string
}

func (e *HintedError) Error() string { return e.Err.Error() }
func (e *HintedError) Unwrap() error { return e.Err }

// Code ends the command with an exit code and prints nothing more.
type Code int

func (c Code) Error() string { return "exit" }

// The exit codes of DESIGN §7.
const (
	CodeOK          = 0
	CodeError       = 1
	CodeProblems    = 2
	CodeRefused     = 3
	CodeUnknown     = 4
	CodePending     = 8
	CodeInterrupted = 130
)
