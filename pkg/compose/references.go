package compose

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Reference is another object that a manifest names and that the server wants.
type Reference struct {
	Path   string // the field that names it
	Served backup.Served
	Name   string
}

// References are what a backup of Velero, or the template of a schedule, names but
// for its location; all are in the namespace of the object.
func References(object map[string]any, system string, role backup.Role) []Reference {
	at := map[backup.Role]string{backup.RoleBackup: "spec", backup.RoleSchedule: "spec.template"}[role]
	if at == "" || system != Velero && system != EBackup {
		return nil
	}
	configMaps := backup.Served{Version: "v1", Resource: "configmaps", Kind: "ConfigMap", Namespaced: true}
	locations := backup.Served{Group: "velero.io", Version: "v1", Resource: "volumesnapshotlocations", Kind: "VolumeSnapshotLocation", Namespaced: true}
	var out []Reference
	if name, _ := Get(object, at+".resourcePolicy.name").(string); name != "" {
		out = append(out, Reference{at + ".resourcePolicy.name", configMaps, name})
	}
	for i, name := range texts(Get(object, at+".volumeSnapshotLocations")) {
		out = append(out, Reference{fmt.Sprintf("%s.volumeSnapshotLocations[%d]", at, i), locations, name})
	}
	return out
}

// Misfits are the fields whose objects, aligned with the references, are not what
// the server wants (velero@v1.18.3 internal/resourcepolicies/resource_policies.go,
// pkg/controller/backup_controller.go validateAndGetSnapshotLocations). A nil object
// was not seen.
func Misfits(references []Reference, objects []map[string]any) []Fault {
	var faults []Fault
	first := map[string]string{} // location by provider
	for i, reference := range references {
		object := objects[i]
		if object == nil {
			continue
		}
		if reference.Served.Kind == "ConfigMap" {
			if data, _ := object["data"].(map[string]any); len(data) != 1 {
				faults = append(faults, Fault{reference.Path, fmt.Sprintf("ConfigMap %s has %d keys, and Velero reads policies from exactly one", reference.Name, len(data))})
			}
			continue
		}
		provider, _ := Get(object, "spec.provider").(string)
		if other, taken := first[provider]; taken && other != reference.Name {
			faults = append(faults, Fault{reference.Path, fmt.Sprintf("%s and %s are both of the provider %s, and one of each is taken", other, reference.Name, provider)})
		}
		first[provider] = reference.Name
	}
	return faults
}
