package unstick

import (
	"bytes"
	"errors"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// code is the exit code that an error carries, or -1 for one that carries none.
func code(err error) int {
	var c cli.Code
	switch {
	case err == nil:
		return cli.CodeOK
	case errors.As(err, &c):
		return int(c)
	}
	return -1
}

// printing are options that print into a buffer and reach no cluster.
func printing(f *flags) *options {
	g := &cli.Globals{Now: now, Getenv: func(string) string { return "" }, Color: "never"}
	g.In, g.Out, g.ErrOut = strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{}
	return &options{Act: &act.Act{Globals: g, Flags: &f.Flags}, flags: f}
}
