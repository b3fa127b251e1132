package create

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// draft makes the manifest: the base, then the flags, then --set.
func (o *options) draft() error {
	o.object = compose.New(o.kind.Served, o.ref.Namespace, o.name)
	if o.base.fill != nil {
		if err := o.base.fill(o.object); err != nil {
			return fmt.Errorf("%s: %w", o.base.flag, err)
		}
	}
	if err := o.emptyTemplate(); err != nil {
		return err
	}
	if err := o.applyFlags(); err != nil {
		return err
	}
	for _, typed := range o.flags.set {
		if err := compose.Set(o.object, typed); err != nil {
			return &cli.UsageError{Text: err.Error()}
		}
	}
	return nil
}

// applyFlags puts what was typed into the manifest.
func (o *options) applyFlags() error {
	var fields []compose.Field
	for _, name := range o.flags.given() {
		field, known := compose.Find(name, o.kind.System, o.noun.role)
		if !known {
			return wrongSystem(name, o.kind.System, o.noun.role)
		}
		fields = append(fields, field)
	}
	compose.Order(fields)
	for _, field := range fields {
		typed := o.flags.values[field.Flag].typed
		if field.Kind == compose.File {
			text, err := o.readFile(typed[0])
			if err != nil {
				return fmt.Errorf("--%s: %w", field.Flag, err)
			}
			typed = []string{string(text)}
		}
		if err := field.Apply(o.object, typed); err != nil {
			return &cli.UsageError{Text: err.Error()}
		}
	}
	return nil
}
