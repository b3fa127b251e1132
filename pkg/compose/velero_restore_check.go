package compose

import (
	"fmt"
	"slices"
)

// CheckRestore finds in a Restore of Velero or e-backup what the server would refuse
// only after it was made, by making it FailedValidation
// (velero@v1.18.3 pkg/controller/restore_controller.go, validateAndComplete).
func CheckRestore(object map[string]any) []Fault {
	var faults []Fault
	spec, _ := object["spec"].(map[string]any)
	if (spec["backupName"] == nil) == (spec["scheduleName"] == nil) {
		faults = append(faults, Fault{"spec.backupName", "either a backup or a schedule is restored: name one of them with --from-backup or --from-schedule"})
	}
	if spec["labelSelector"] != nil && spec["orLabelSelectors"] != nil {
		faults = append(faults, Fault{"spec.orLabelSelectors", "either --selector or --or-selector can be given"})
	}
	for _, filter := range [][2]string{{"includedNamespaces", "excludedNamespaces"}, {"includedResources", "excludedResources"}} {
		faults = append(faults, checkFilter(spec, filter[0], filter[1])...)
	}
	for _, name := range []string{"nodes", "events", "events.events.k8s.io", "backups.velero.io", "restores.velero.io", "csinodes.storage.k8s.io", "volumeattachments.storage.k8s.io", "backuprepositories.velero.io"} {
		if slices.Contains(list(spec["includedResources"]), name) {
			faults = append(faults, Fault{"spec.includedResources", name + " are never restored"})
		}
	}
	return faults
}

// checkFilter refuses what an include and an exclude list cannot say together
// (velero@v1.18.3 pkg/util/collections/includes_excludes.go, ValidateIncludesExcludes).
func checkFilter(spec map[string]any, includes, excludes string) []Fault {
	var faults []Fault
	with, without := list(spec[includes]), list(spec[excludes])
	if len(with) > 1 && slices.Contains(with, "*") {
		faults = append(faults, Fault{"spec." + includes, "'*' are all; nothing can stand beside it"})
	}
	if slices.Contains(without, "*") {
		faults = append(faults, Fault{"spec." + excludes, "'*' would leave out everything"})
	}
	for _, name := range without {
		if slices.Contains(with, name) {
			faults = append(faults, Fault{"spec." + excludes, fmt.Sprintf("%s is also in spec.%s", name, includes)})
		}
	}
	return faults
}

// list is a list of texts, whatever came by a flag, a file or --set.
func list(value any) []string {
	var out []string
	items, _ := value.([]any)
	for _, item := range items {
		out = append(out, fmt.Sprint(item))
	}
	return out
}
