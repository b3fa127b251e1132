package system

import (
	"strconv"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Logs are the containers that speak of the object, beside the Jobs of its works. A
// source whose rule cannot be evaluated is left out: where to look is then not known.
func (k *Kind) Logs(raw map[string]any) []backup.LogSource {
	var out []backup.LogSource
	s := k.scope(raw)
	for i := range k.reader.spec.Logs {
		spec := &k.reader.spec.Logs[i]
		field := "logs[" + strconv.Itoa(i) + "]"
		if holds, _ := s.holds(field+".when", spec.When); !holds {
			continue
		}
		source := k.logSource(s, spec, field)
		switch {
		case source.Selector == "" && source.Pod == "":
			continue
		case source.Namespace == "":
			source.Namespace = text(object(raw, "metadata"), "namespace")
		case source.Namespace == "*":
			source.Namespace = ""
		}
		if len(source.Keep) == 0 && len(spec.Keep) > 0 {
			continue // every line would be far too many
		}
		out = append(out, source)
	}
	return out
}

func (k *Kind) logSource(s *scope, spec *LogSpec, field string) backup.LogSource {
	source := backup.LogSource{Name: spec.Source, Container: spec.Container}
	source.Selector, _ = s.text(field+".selector", spec.Selector)
	source.Pod, _ = s.text(field+".pod", spec.Pod)
	source.Namespace, _ = s.text(field+".namespace", spec.Namespace)
	for _, match := range spec.Keep {
		value, _ := s.text(field+".keep", match.Value)
		if value == "" {
			continue
		}
		if len(match.Fields) == 0 {
			source.Keep = append(source.Keep, backup.LogMatch{Value: value})
		}
		for _, name := range match.Fields {
			source.Keep = append(source.Keep, backup.LogMatch{Field: name, Value: value})
		}
	}
	if spec.Copied != nil {
		source.Copied = &backup.LogCopy{Begin: spec.Copied.Begin, End: spec.Copied.End}
	}
	if spec.During {
		source.From = base(k.Served, s.raw).Created
		source.Until = moment(s.instant("finished", k.reader.spec.Finished))
	}
	return source
}

// moment is a time, or zero for none.
func moment(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return *at
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
