package create

import (
	"maps"
	"slices"
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
	added := add.VarPF(v, field.Flag, field.Short, field.Usage)
	if field.Kind == compose.Switch {
		added.NoOptDefVal = "true"
	}
}

// given are the names of the flags that were typed, in order.
func (f *flags) given() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		if f.values[name].typed != nil {
			names = append(names, name)
		}
	}
	return names
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
