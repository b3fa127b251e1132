package velero

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// settings are the values of an object that tell programs where others are.
type settings interface {
	each(func(field, value string))
}

type configMap struct{ Data map[string]string }

func (c *configMap) each(look func(field, value string)) {
	for _, key := range slices.Sorted(maps.Keys(c.Data)) {
		look("key "+key, c.Data[key])
	}
}

// workload is a Pod, or what makes Pods: of all kinds the fields that hold containers.
type workload struct {
	Metadata struct {
		OwnerReferences []struct{ Controller bool }
	}
	Spec struct {
		podContainers
		Template    struct{ Spec podContainers }
		JobTemplate struct {
			Spec struct{ Template struct{ Spec podContainers } }
		}
	}
}

type podContainers struct {
	InitContainers, Containers []struct {
		Env []struct{ Name, Value string }
	}
}

// each leaves out what a controller made: its own settings are in the controller.
func (w *workload) each(look func(field, value string)) {
	for _, owner := range w.Metadata.OwnerReferences {
		if owner.Controller {
			return
		}
	}
	for _, pod := range []podContainers{w.Spec.podContainers, w.Spec.Template.Spec, w.Spec.JobTemplate.Spec.Template.Spec} {
		for _, container := range slices.Concat(pod.InitContainers, pod.Containers) {
			for _, variable := range container.Env {
				look("env "+variable.Name, variable.Value)
			}
		}
	}
}

// seeker looks through settings for names of Services in namespaces that get
// another name, and for addresses. Values are not kept.
type seeker struct {
	renamed   *regexp.Regexp // nil where no namespace gets another name
	addresses *regexp.Regexp
	found     []backup.Mention
	cut       bool
}

func newSeeker(renamed []string) *seeker {
	s := &seeker{addresses: regexp.MustCompile(`\b\d{1,3}(?:\.\d{1,3}){3}\b`)}
	if len(renamed) > 0 {
		quoted := make([]string, 0, len(renamed))
		for _, name := range renamed {
			quoted = append(quoted, regexp.QuoteMeta(name))
		}
		// What follows ends the name: "db.shop" is none of "db.shop-2" or "db.shop.example.com".
		s.renamed = regexp.MustCompile(fmt.Sprintf(`([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)\.(%s)(?:$|\.svc\b|[^-.\w]|\.$|\.[^\w])`, strings.Join(quoted, "|")))
	}
	return s
}

func (s *seeker) look(item Item, field, value string) {
	add := func(m backup.Mention) {
		m.Resource, m.Namespace, m.Name, m.Field = item.Resource, item.Namespace, item.Name, field
		switch {
		case slices.Contains(s.found, m):
		case len(s.found) == 10*maxMentions:
			s.cut = true
		default:
			s.found = append(s.found, m)
		}
	}
	if s.renamed != nil {
		for _, m := range s.renamed.FindAllStringSubmatch(value, maxMentions) {
			add(backup.Mention{Says: m[1] + "." + m[2], Service: m[1], OldNamespace: m[2]})
		}
	}
	for _, address := range s.addresses.FindAllString(value, maxMentions) {
		add(backup.Mention{Says: address})
	}
}

// mentions are what was found that names a Service of the backup, by its name or
// by its address.
func (s *seeker) mentions(services []backup.RestoreService) []backup.Mention {
	names, addresses := map[string]bool{}, map[string]bool{}
	for _, service := range services {
		names[service.Name+"."+service.Namespace] = true
		if service.ClusterIP != "" {
			addresses[service.ClusterIP] = true
		}
	}
	var out []backup.Mention
	for _, m := range s.found {
		if m.OldNamespace != "" && names[m.Says] || m.OldNamespace == "" && addresses[m.Says] {
			out = append(out, m)
		}
	}
	s.cut = s.cut || len(out) > maxMentions
	return out[:min(len(out), maxMentions)]
}
