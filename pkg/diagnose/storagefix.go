package diagnose

import (
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// serviceAbsent is what a look at the place says where its endpoint names a Service
// that is not there (pkg/collect).
const serviceAbsent = "which does not exist"

// serviceFix looks at the Service that an endpoint inside the cluster names. A
// Service that is known not to exist means that the endpoint is wrong: then it
// looks at the right one.
func serviceFix(ev *backup.Evidence, loc backup.Location) []backup.Fix {
	if len(ev.Storage) > 0 && strings.Contains(ev.Storage[0].Detail, serviceAbsent) {
		words := inNamespace(ev.Object.Ref.Namespace, "kubectl", "backup", "diagnose", ev.Object.Ref.String())
		return []backup.Fix{{
			Does: "Looks at the right endpoint: the Service that the object names does not exist.", DoesNot: "It corrects nothing.",
			Commands: []string{command(append(words, "--storage-endpoint=<right endpoint>")...)},
		}}
	}
	host, _, _ := strings.Cut(hostOf(loc.Endpoint), ":")
	parts := strings.Split(host, ".")
	if len(parts) < 3 || parts[2] != "svc" {
		return nil
	}
	return []backup.Fix{{
		Does:     "Shows whether the Service " + parts[1] + "/" + parts[0] + " of the endpoint exists and has ready pods.",
		Commands: []string{look(parts[1], "get", "service", parts[0]), look(parts[1], "get", "endpointslices", "-l", "kubernetes.io/service-name="+parts[0])},
	}}
}

// correct patches one field of the place and then lets the clean-up run again:
// a Job that exists keeps the old value. A run that ended is not run again, so
// for it there is only the advice.
func correct(ev *backup.Evidence, loc backup.Location, field, value string) []backup.Fix {
	from, ok := strings.CutPrefix(loc.From, "spec.")
	if !ok {
		return nil
	}
	if !ev.Object.Deleting() {
		return []backup.Fix{{
			Does:    "If the " + field + " is wrong: make a new " + runName(ev) + " with the right " + loc.From + "." + field + ".",
			DoesNot: "Changing this object does not run it again.",
		}}
	}
	patch := patchField(ev.Object.Ref, "spec."+from+"."+field, value)
	fixes := retry(ev, "If the "+field+" is wrong: corrects it, and lets the clean-up run again at the right place.", patch)
	for i := range fixes {
		fixes[i].DoesNot = "The patch alone changes nothing: the Job that exists keeps the old " + field + "."
	}
	return fixes
}
