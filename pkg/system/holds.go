package system

import (
	"strings"

	"cel.dev/cel-go/common/types"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// holds are the phases in which the system deletes the object by itself. One
// that cannot be evaluated is not there: its ways out would be open for nothing.
func (k *Kind) holds(s *scope) []backup.Finalizer {
	var out []backup.Finalizer
	for i := range k.reader.spec.Holds {
		spec := &k.reader.spec.Holds[i]
		if holds, ok := s.holds("holds "+spec.Name, spec.When); !ok || !holds {
			continue
		}
		f := k.registry.rule(k.reader.system, &spec.FinalizerSpec, spec.Name, s)
		f.Hold, f.Index = true, -1
		out = append(out, f)
	}
	return out
}

// newObject is the object that a way makes for the object at hand.
func newObject(spec *NewObjectSpec, self map[string]any) *backup.NewObject {
	if spec == nil {
		return nil
	}
	meta := object(self, "metadata")
	name, namespace := text(meta, "name"), text(meta, "namespace")
	label, _ := labelValue(types.String(name)).(types.String)
	own := strings.NewReplacer("{self.name}", name, "{self.namespace}", namespace, "{self.uid}", text(meta, "uid"), "{self.label}", string(label))
	made, _ := filled(spec.Object, own).(map[string]any)
	return &backup.NewObject{
		Ref: backup.Ref{ // the server makes the rest of the name
			Group: spec.Group, Version: spec.Version, Resource: spec.Resource, Kind: text(made, "kind"),
			Namespace: text(object(made, "metadata"), "namespace"), Name: text(object(made, "metadata"), "generateName"),
		},
		Object: made,
	}
}

// filled is a copy of a value in which the texts are filled in.
func filled(value any, own *strings.Replacer) any {
	switch v := value.(type) {
	case string:
		return own.Replace(v)
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, entry := range v {
			out[key] = filled(entry, own)
		}
		return out
	case []any:
		out := make([]any, 0, len(v))
		for _, entry := range v {
			out = append(out, filled(entry, own))
		}
		return out
	}
	return value
}
