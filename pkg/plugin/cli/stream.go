package cli

import (
	"io"
	"os"

	"golang.org/x/term"
)

// stream is the file behind a writer that changes what it passes on.
func stream(w io.Writer) io.Writer {
	if wrapped, ok := w.(interface{ Unwrap() io.Writer }); ok {
		return wrapped.Unwrap()
	}
	return w
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
