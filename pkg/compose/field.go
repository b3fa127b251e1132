package compose

import (
	"fmt"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Systems that this package makes objects of, by the names of their profiles.
const (
	Velero  = "velero"
	EBackup = "e-backup"
	TiDB    = "tidb-operator"
)

// Field is one thing that can be asked for with a flag.
type Field struct {
	// Flag is its name; where the system's own command has such a flag, that one.
	Flag string
	// Path is where the value goes, with dots: "spec.includedNamespaces".
	Path string
	Kind Kind
	// Only are the words that are taken; none are all.
	Only  []string
	Usage string
	// Systems are those that have the field.
	Systems []string
	// Roles are those of the objects that have it.
	Roles []backup.Role
}

// For tells whether an object of a system and role has the field.
func (f Field) For(system string, role backup.Role) bool {
	return slices.Contains(f.Systems, system) && slices.Contains(f.Roles, role)
}

// Fields are those of a role, each flag once for each group of systems that gives
// it the same meaning.
func Fields(role backup.Role) []Field {
	var out []Field
	for _, table := range [][]Field{veleroBackupFields(), veleroLocationFields()} {
		for _, f := range table {
			if slices.Contains(f.Roles, role) {
				out = append(out, f)
			}
		}
	}
	return out
}

// Find is the field behind a flag for a system and role.
func Find(flag, system string, role backup.Role) (Field, bool) {
	for _, f := range Fields(role) {
		if f.Flag == flag && f.For(system, role) {
			return f, true
		}
	}
	return Field{}, false
}

// Creates tells whether objects of a role can be made for a system.
func Creates(system string, role backup.Role) bool {
	return slices.ContainsFunc(Fields(role), func(f Field) bool { return f.For(system, role) })
}

// Apply puts the values of a flag, as they were typed, into a manifest. An error
// names the flag.
func (f Field) Apply(object map[string]any, typed []string) error {
	for _, text := range typed {
		if len(f.Only) > 0 && !slices.Contains(f.Only, text) {
			return fmt.Errorf("--%s=%s is not one of %v", f.Flag, text, f.Only)
		}
	}
	value, err := f.Kind.parse(typed)
	if err != nil {
		return fmt.Errorf("--%s: %w", f.Flag, err)
	}
	return Put(object, f.Path, value)
}
