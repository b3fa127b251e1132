package compose

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Refused are the fields of a manifest that the system's own server would refuse,
// or choke on, after the API server took them. What depends on other objects of the
// cluster is not looked at.
func Refused(object map[string]any, system string, role backup.Role) []Fault {
	switch system {
	case TiDB:
		return tidbRefused(object, role)
	case Velero, EBackup:
		return veleroRefused(object, system, role)
	}
	return nil
}

func veleroRefused(object map[string]any, system string, role backup.Role) []Fault {
	rules := veleroRules{system: system, role: role, at: "spec"}
	switch role {
	case backup.RoleSchedule:
		rules.at = "spec.template"
	case backup.RoleBackup:
	default:
		return nil
	}
	rules.spec, _ = Get(object, rules.at).(map[string]any)
	return append(longName(object, role), rules.all()...)
}

// labelLength is how long the value of a label may be.
const labelLength = 63

// longName: each backup has the name of its schedule in a label, as it is, so that
// with a longer one none could be made (velero@v1.18.3 pkg/builder/backup_builder.go
// FromSchedule).
func longName(object map[string]any, role backup.Role) []Fault {
	name, _ := Get(object, "metadata.name").(string)
	if role != backup.RoleSchedule || len(name) <= labelLength {
		return nil
	}
	return []Fault{{"metadata.name", fmt.Sprintf("has %d characters, and with more than %d the server can make no backup: the name is the value of a label", len(name), labelLength)}}
}
