package compose

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// veleroRules are what Velero's server wants of the spec of a backup, beside the
// schema (velero@v1.18.3 pkg/controller/backup_controller.go prepareBackupRequest).
type veleroRules struct {
	system string
	role   backup.Role
	at     string // the path of the spec
	spec   map[string]any
	faults []Fault
}

func (r *veleroRules) all() []Fault {
	r.mixedFilters()
	r.mixedSelectors()
	r.lists("includedNamespaces", "excludedNamespaces", false)
	r.lists("includedResources", "excludedResources", false)
	r.lists("includedClusterScopedResources", "excludedClusterScopedResources", true)
	r.lists("includedNamespaceScopedResources", "excludedNamespaceScopedResources", true)
	r.namespaces("includedNamespaces")
	r.namespaces("excludedNamespaces")
	for _, name := range []string{"ttl", "csiSnapshotTimeout", "itemOperationTimeout"} {
		r.duration(r.at+"."+name, r.spec[name])
	}
	r.hooks()
	r.policy()
	if n, ok := Get(r.spec, "uploaderConfig.parallelFilesUpload").(int64); ok && n < 0 {
		r.fault("uploaderConfig.parallelFilesUpload", fmt.Sprintf("%d files at the same time are none", n))
	}
	if r.system == EBackup {
		r.eBackup()
	}
	return r.faults
}

func (r *veleroRules) fault(field, text string) {
	r.faults = append(r.faults, Fault{r.at + "." + field, text})
}

// flag names a field as it is typed.
func (r *veleroRules) flag(field string) string { return FlagAt(r.at+"."+field, r.system, r.role) }

// mixedFilters: the old and the new filters of resources do not go together.
func (r *veleroRules) mixedFilters() {
	set := func(fields ...string) string {
		i := slices.IndexFunc(fields, func(field string) bool {
			list, isList := r.spec[field].([]any)
			return isList && len(list) > 0 || !isList && r.spec[field] != nil
		})
		if i < 0 {
			return ""
		}
		return fields[i]
	}
	older := set("includedResources", "excludedResources", "includeClusterResources")
	newer := set("includedClusterScopedResources", "excludedClusterScopedResources", "includedNamespaceScopedResources", "excludedNamespaceScopedResources")
	if older != "" && newer != "" {
		r.fault(newer, fmt.Sprintf("%s is one of the new filters and %s one of the old; Velero takes the ones or the others", r.flag(newer), r.flag(older)))
	}
}

func (r *veleroRules) mixedSelectors() {
	if r.spec["labelSelector"] != nil && r.spec["orLabelSelectors"] != nil {
		r.fault("orLabelSelectors", fmt.Sprintf("%s and %s do not go together", r.flag("orLabelSelectors"), r.flag("labelSelector")))
	}
}

// lists are one of what is in and one of what is out. Out may be everything only
// in the new filters, and then nothing may be in.
func (r *veleroRules) lists(in, out string, outAll bool) {
	ins, outs := texts(r.spec[in]), texts(r.spec[out])
	if len(ins) > 1 && slices.Contains(ins, "*") {
		r.fault(in, "'*' is everything, so that nothing goes beside it")
	}
	switch all := slices.Contains(outs, "*"); {
	case all && !outAll:
		r.fault(out, "'*' leaves out everything")
	case all && len(outs) > 1:
		r.fault(out, "'*' is everything, so that nothing goes beside it")
	case all && len(ins) > 0:
		r.fault(out, fmt.Sprintf("'*' leaves out everything, and %s has something in", r.flag(in)))
	}
	for _, item := range outs {
		if item != "*" && slices.Contains(ins, item) {
			r.fault(out, fmt.Sprintf("%s is in %s too", item, r.flag(in)))
		}
	}
}

// namespaces are names or patterns with * ? and [ ] (velero@v1.18.3
// pkg/util/wildcard/expand.go; pkg/util/collections/includes_excludes.go).
func (r *veleroRules) namespaces(field string) {
	wild := strings.NewReplacer("*", "x", "?", "x", "[", "x", "]", "x")
	for _, name := range texts(r.spec[field]) {
		switch problems := validation.IsDNS1123Label(wild.Replace(name)); {
		case name == "":
		case strings.Contains(name, "**"):
			r.fault(field, name+": two asterisks in a row are no pattern")
		case strings.Count(name, "[") != strings.Count(name, "]") || strings.Contains(name, "[]"):
			r.fault(field, name+": the brackets are no pattern")
		case len(problems) > 0:
			r.fault(field, fmt.Sprintf("%q is no name of a namespace: %s", name, problems[0]))
		}
	}
}

// duration: a text that Velero cannot read as one keeps its server from reading any
// object of the kind, since the whole list does not decode.
func (r *veleroRules) duration(path string, value any) {
	text, ok := value.(string)
	if !ok {
		return
	}
	switch d, err := time.ParseDuration(text); {
	case err != nil:
		r.faults = append(r.faults, Fault{path, fmt.Sprintf("%q is no duration such as 720h0m0s", text)})
	case d < 0:
		r.faults = append(r.faults, Fault{path, text + " is negative"})
	}
}

func (r *veleroRules) hooks() {
	resources, _ := Get(r.spec, "hooks.resources").([]any)
	for i, one := range resources {
		resource, _ := one.(map[string]any)
		at := fmt.Sprintf("%s.hooks.resources[%d]", r.at, i)
		for _, when := range []string{"pre", "post"} {
			hooks, _ := resource[when].([]any)
			for j, one := range hooks {
				hook, _ := one.(map[string]any)
				r.duration(fmt.Sprintf("%s.%s[%d].exec.timeout", at, when, j), Get(hook, "exec.timeout"))
			}
		}
	}
}

// policy: only a ConfigMap is read (velero@v1.18.3 internal/resourcepolicies).
func (r *veleroRules) policy() {
	policy, ok := r.spec["resourcePolicy"].(map[string]any)
	if kind, _ := policy["kind"].(string); ok && !strings.EqualFold(kind, "configmap") {
		r.fault("resourcePolicy.kind", fmt.Sprintf("%q is not configmap, and policies are read from nothing else", kind))
	}
}

// eBackup wants more than Velero does, as its manual says.
func (r *veleroRules) eBackup() {
	for _, field := range []string{"runMode", "storageLocation"} {
		if text, _ := r.spec[field].(string); text == "" {
			r.fault(field, "e-backup wants it; "+r.flag(field)+" sets it")
		}
	}
	if len(texts(r.spec["includedNamespaces"])) > 0 && len(texts(r.spec["excludedNamespaces"])) > 0 {
		r.fault("excludedNamespaces", fmt.Sprintf("e-backup takes %s or %s", r.flag("includedNamespaces"), r.flag("excludedNamespaces")))
	}
}

func texts(value any) []string {
	list, _ := value.([]any)
	var out []string
	for _, item := range list {
		if text, ok := item.(string); ok {
			out = append(out, text)
		}
	}
	return out
}
