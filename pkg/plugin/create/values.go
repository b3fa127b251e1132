package create

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
)

// values are what was typed for one flag, which may mean another field in each system.
type values struct {
	kind  compose.Kind
	typed []string
}

// add adds the flag of a field, once where several systems have it.
func (f *flags) add(add *pflag.FlagSet, field compose.Field) {
	if f.values[field.Flag] != nil {
		return
	}
	v := &values{kind: field.Kind}
	f.values[field.Flag] = v
	added := add.VarPF(v, field.Flag, "", field.Usage)
	if field.Kind == compose.Switch {
		added.NoOptDefVal = "true"
	}
}

// Set takes one occurrence of the flag.
func (v *values) Set(text string) error {
	switch {
	case v.kind.Repeats():
		v.typed = append(v.typed, strings.Split(text, ",")...)
	default:
		v.typed = []string{text}
	}
	return nil
}

// String is what was typed.
func (v *values) String() string { return strings.Join(v.typed, ",") }

// Type is the word for the value in help.
func (v *values) Type() string { return v.kind.Word() }

// read is what was typed, or what the file holds that was named; "-" is the
// standard input.
func (o *options) read(v *values) ([]string, error) {
	if v.kind != compose.File {
		return v.typed, nil
	}
	var text []byte
	var err error
	if v.typed[0] == "-" {
		text, err = io.ReadAll(o.In)
	} else {
		text, err = os.ReadFile(v.typed[0])
	}
	if err != nil {
		return nil, fmt.Errorf("read the hooks: %w", err)
	}
	return []string{string(text)}, nil
}
