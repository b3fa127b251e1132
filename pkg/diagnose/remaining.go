package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// heldGroup is what one finalizer holds behind a namespace or a definition.
type heldGroup struct {
	finalizer string
	parts     []heldPart
}

type heldPart struct {
	backup.Remaining
	held int64
}

// byFinalizer turns what is left of each kind into what each finalizer holds.
// Pods have a finding of their own.
func byFinalizer(content []backup.Remaining) []heldGroup {
	var groups []heldGroup
	for _, r := range content {
		for _, f := range r.Finalizers {
			if r.Resource == "pods" {
				continue
			}
			i := slices.IndexFunc(groups, func(g heldGroup) bool { return g.finalizer == f.Name })
			if i < 0 {
				groups, i = append(groups, heldGroup{finalizer: f.Name}), len(groups)
			}
			groups[i].parts = append(groups[i].parts, heldPart{r, f.Count})
		}
	}
	return groups
}

// unheld are the kinds of which something is left without any finalizer: "2 configmaps".
func unheld(content []backup.Remaining) []string {
	var out []string
	for _, r := range content {
		if r.Count > 0 && len(r.Finalizers) == 0 && r.Resource != "pods" {
			out = append(out, numbered(r.Count, r.Resource))
		}
	}
	return out
}

// numbered is "1 configmap" or "3 backups.pingcap.com".
func numbered(n int64, resource string) string {
	if n == 1 && !strings.Contains(resource, ".") {
		resource = strings.TrimSuffix(resource, "s")
	}
	return fmt.Sprintf("%d %s", n, resource)
}

// held is the group for a sentence: "finalizer example.com/hold holds 3 configmaps".
func (g heldGroup) held() string {
	texts := make([]string, 0, len(g.parts))
	for _, p := range g.parts {
		texts = append(texts, numbered(p.held, p.Resource))
	}
	return "finalizer " + g.finalizer + " holds " + strings.Join(texts, ", ")
}

func (g heldGroup) proof() []backup.Proof {
	var all []backup.Proof
	for _, p := range g.parts {
		all = append(all, backup.Proof{
			Text:   fmt.Sprintf("%s of %d that are left, %d being deleted: %s", numbered(p.held, p.Resource), p.Count, p.Deleting, sampled(p.Remaining)),
			Source: "list of " + p.Resource,
		})
	}
	return all
}

// sampled names a few objects: "a, b, … 3 more".
func sampled(r backup.Remaining) string {
	var names []string
	for _, s := range r.Samples {
		name := s.Name
		if s.Namespace != "" {
			name = s.Namespace + "/" + s.Name
		}
		names = append(names, name)
	}
	text := strings.Join(names, ", ")
	if more := r.Count - int64(len(names)); more > 0 {
		text += fmt.Sprintf(", and %d more", more)
	}
	return text
}

// fixes diagnose one object of the group, since all wait for the same.
func (g heldGroup) fixes() []backup.Fix {
	for _, p := range g.parts {
		if len(p.Samples) > 0 {
			s := p.Samples[0]
			return []backup.Fix{{Does: "Says what one of them waits for.", Commands: []string{diagnoseOf(s.Namespace, p.Resource+"/"+s.Name)}}}
		}
	}
	return nil
}

// unlisted are the kinds that could not be listed: whether any are left is not known.
func unlisted(ev *backup.Evidence, code string) []backup.Finding {
	var all []backup.Finding
	for _, r := range ev.Control.Content {
		if r.Lookup != backup.Found {
			all = append(all, unknown(code, ev.Object.Ref, "how many "+r.Resource+" are left is not known: "+unread("the list", r.Lookup, r.Error)))
		}
	}
	if len(all) == 0 && ev.Control.ContentLookup != backup.Found {
		all = append(all, unknown(code, ev.Object.Ref, unread("what is left behind it", ev.Control.ContentLookup, "")))
	}
	return all
}
