package system

import (
	"strconv"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Logs are the containers beside its works that speak of the object. A source
// whose rule cannot be evaluated is left out: where to look is then not known.
func (k *Kind) Logs(raw map[string]any) []backup.LogSource {
	var out []backup.LogSource
	s := k.scope(raw)
	for i := range k.reader.spec.Logs {
		spec := &k.reader.spec.Logs[i]
		field := "logs[" + strconv.Itoa(i) + "]"
		if holds, _ := s.holds(field+".when", spec.When); !holds {
			continue
		}
		source := backup.LogSource{Name: spec.Source, Container: spec.Container}
		source.Selector, _ = s.text(field+".selector", spec.Selector)
		source.Pod, _ = s.text(field+".pod", spec.Pod)
		source.Namespace, _ = s.text(field+".namespace", spec.Namespace)
		switch {
		case source.Selector == "" && source.Pod == "":
			continue
		case source.Namespace == "":
			source.Namespace = text(object(raw, "metadata"), "namespace")
		case source.Namespace == "*":
			source.Namespace = ""
		}
		for _, match := range spec.Keep {
			if value, _ := s.text(field+".keep", match.Value); value != "" {
				source.Keep = append(source.Keep, backup.LogMatch{Field: match.Field, Value: value})
			}
		}
		if len(source.Keep) == 0 && len(spec.Keep) > 0 {
			continue // every line would be far too many
		}
		out = append(out, source)
	}
	return out
}

// logExprs are the expressions of the log sources.
func (k *KindSpec) logExprs() []Expr {
	var out []Expr
	for _, l := range k.Logs {
		out = append(out, l.When, l.Namespace, l.Selector, l.Pod)
		for _, m := range l.Keep {
			out = append(out, m.Value)
		}
	}
	return out
}
