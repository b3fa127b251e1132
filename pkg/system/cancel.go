package system

import (
	"strconv"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Cancellation is how a run of the kind is stopped in its present state. Works
// that are to be stopped are left to whoever reads them, with the roles.
func (k *Kind) Cancellation(raw map[string]any) (backup.Cancellation, []backup.WorkRole) {
	s := k.scope(raw)
	for i := range k.reader.spec.Cancel {
		spec := &k.reader.spec.Cancel[i]
		out := backup.Cancellation{Profile: k.System, Trusted: k.trusted()}
		switch holds, ok := s.holds("cancel["+strconv.Itoa(i)+"].when", spec.When); {
		case !ok:
			out.WhyNot = "how it is stopped could not be read from the object"
			return out, nil
		case !holds:
			continue
		}
		out.Does, out.Leaves, out.Delete, out.ByWorks = spec.Does, spec.Leaves, spec.Delete, len(spec.Works) > 0
		if out.Applies, out.WhyNot = k.applies(s, "cancel", spec.Unless); out.Applies == backup.Yes {
			out.WhyNot = spec.Otherwise
		}
		out.Set = spec.set()
		return out, spec.Works
	}
	return backup.Cancellation{Applies: backup.No, WhyNot: "the profile " + k.System + " knows no way to stop a " + k.Served.Kind}, nil
}

// Stopping are the fields that ask a work of this kind to stop, and those that
// its schema must have for it. There are none where the profile knows no way.
func (k *Kind) Stopping() (set []backup.FieldValue, fields []string) {
	for i := range k.reader.spec.Cancel {
		if spec := &k.reader.spec.Cancel[i]; len(spec.Set) > 0 {
			return spec.set(), spec.Fields
		}
	}
	return nil, nil
}

func (c *CancelSpec) set() []backup.FieldValue {
	var out []backup.FieldValue
	for _, field := range c.Set {
		out = append(out, backup.FieldValue(field))
	}
	return out
}
