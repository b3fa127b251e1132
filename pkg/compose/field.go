package compose

import (
	"fmt"
	"maps"
	"slices"
	"strings"

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
	// Short is its letter, where the system's own command has one.
	Flag, Short string
	// Path is where the value goes, with dots: "spec.includedNamespaces". It is empty
	// where the flag decides and is no field of the object. In "spec.*.secretName" the
	// star stands for the section that says where data lies, such as s3; a field of the
	// kind Place goes into the sections below its path.
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
	for _, table := range [][]Field{
		veleroBackupFields(), veleroScheduleFields(), veleroRestoreFields(), veleroLocationFields(),
		tidbBackupFields(), tidbScheduleFields(), tidbRestoreFields(),
	} {
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

// FlagAt is how a person names the field at a path: by its flag, or by the path
// where no flag sets it.
func FlagAt(path, system string, role backup.Role) string {
	for _, f := range Fields(role) {
		if f.sets(path) && f.For(system, role) {
			return "--" + f.Flag
		}
	}
	return path
}

// sets tells whether the field goes to a path.
func (f Field) sets(path string) bool {
	for _, storage := range tidbStorages {
		section := f.Path + "." + storage[0] + "."
		if f.Kind == Place && (path == section+storage[1] || path == section+"prefix") || strings.Replace(f.Path, "*", storage[0], 1) == path {
			return true
		}
	}
	return false
}

// resolved is the field with the section of the object in place of the star.
func (f Field) resolved(object map[string]any) (Field, error) {
	at, below, starred := strings.Cut(f.Path, ".*.")
	if !starred {
		return f, nil
	}
	spec, _ := Get(object, at).(map[string]any)
	section := storageOf(spec)
	if section == "" {
		return f, fmt.Errorf("--%s: where the data lies is not said", f.Flag)
	}
	f.Path = at + "." + section + "." + below
	return f, nil
}

// Order brings the fields that say where data lies before those that depend on it.
func Order(fields []Field) {
	slices.SortStableFunc(fields, func(a, b Field) int { return a.rank() - b.rank() })
}

func (f Field) rank() int {
	if f.Kind == Place {
		return 0
	}
	return 1
}

// SystemsWith are those whose objects of a role have every one of the flags.
func SystemsWith(role backup.Role, flags ...string) []string {
	var systems []string
	for _, f := range Fields(role) {
		for _, system := range f.Systems {
			if !slices.Contains(systems, system) {
				systems = append(systems, system)
			}
		}
	}
	return slices.DeleteFunc(systems, func(system string) bool {
		return slices.ContainsFunc(flags, func(flag string) bool {
			_, has := Find(flag, system, role)
			return !has
		})
	})
}

// SystemsWithAny are those whose objects of a role have one of the flags at least.
func SystemsWithAny(role backup.Role, flags ...string) []string {
	var systems []string
	for _, flag := range flags {
		systems = append(systems, SystemsWith(role, flag)...)
	}
	return systems
}

// Enough tells whether something can come of these flags and of --set at all: an
// backup of TiDB says itself where its data goes. A restore can begin with a backup.
func Enough(system string, role backup.Role, flags, set []string) bool {
	where, has := Find("bucket", system, role)
	if system != TiDB || role == backup.RoleRestore || !has || slices.Contains(flags, where.Flag) {
		return true
	}
	return slices.ContainsFunc(set, func(typed string) bool {
		return slices.ContainsFunc(tidbStorages, func(storage [2]string) bool { return strings.HasPrefix(typed, where.Path+"."+storage[0]) })
	})
}

// Apply puts the values of a flag, as they were typed, into a manifest. The keys of
// a Map come beside those that are there. An error names the flag.
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
	if where, ok := value.(place); ok {
		return where.put(object, f.Path)
	}
	if f.Path == "" {
		return nil
	}
	if f, err = f.resolved(object); err != nil {
		return err
	}
	if there, ok := Get(object, f.Path).(map[string]any); ok && f.Kind == Map {
		both := maps.Clone(there)
		maps.Copy(both, value.(map[string]any))
		value = both
	}
	return Put(object, f.Path, value)
}
