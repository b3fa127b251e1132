package compose

import (
	"maps"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
)

// Scheduling is how the schedules of a system are written, and what its own
// controller makes of them.
type Scheduling struct {
	// Cron is the path of the cron expression, Template that of the spec of the backups.
	Cron, Template string
	// Paused is the path of the switch that stops it; empty where nothing does.
	Paused string
	// Skip is the path of the switch that leaves out a run which is due already;
	// empty where there is none.
	Skip string
	// Skipped is the path of the time from which the next run is counted where it is
	// later than the last run.
	Skipped string
	// Stamp is the time in the name of a backup, as time.Format takes it.
	Stamp string
	// AtOnce says why the first run does not wait for its time; empty where it does.
	AtOnce string
	// child puts into a backup what the controller takes from the schedule.
	child func(object, schedule map[string]any, at time.Time) error
}

// SchedulingOf is how a system's schedules are written; false where they are not
// made here.
func SchedulingOf(system string) (Scheduling, bool) {
	all := map[string]Scheduling{
		// velero@v1.18.3 pkg/controller/schedule_controller.go
		Velero: {
			Cron: "spec.schedule", Template: "spec.template", Paused: "spec.paused", Skip: "spec.skipImmediately",
			Skipped: "status.lastSkipped", Stamp: "20060102150405", child: veleroChild,
		},
		EBackup: { // it has Velero's controller of 1.6 and before, which takes a schedule that never ran as due
			Cron: "spec.schedule", Template: "spec.template", Stamp: "20060102150405", child: veleroChild,
			AtOnce: "e-backup makes the first backup as soon as the schedule is there",
		},
		// pingcap/tidb-operator@v1.6.1 pkg/backup/backupschedule/backup_schedule_manager.go
		TiDB: {
			Cron: "spec.schedule", Template: tidbTemplate, Paused: "spec.pause", Skipped: "status.allBackupCleanTime",
			Stamp: tidbStamp, child: tidbChild,
		},
	}
	s, ok := all[system]
	return s, ok
}

// ChildName is the name that the controller would give to a backup of the time.
func (s Scheduling) ChildName(schedule string, at time.Time) string {
	return schedule + "-" + at.UTC().Format(s.Stamp)
}

// Child puts into a backup what the controller takes from its schedule
// for a run at a time.
func (s Scheduling) Child(object, schedule map[string]any, at time.Time) error {
	return s.child(object, runtime.DeepCopyJSON(schedule), at)
}

// veleroChild does what Velero's own controller and command do (velero@v1.18.3
// pkg/builder/backup_builder.go FromSchedule).
func veleroChild(object, schedule map[string]any, _ time.Time) error {
	labels, has := Get(schedule, "spec.template.metadata.labels").(map[string]any)
	if !has {
		labels, _ = Get(schedule, "metadata.labels").(map[string]any)
	}
	labels = maps.Clone(labels)
	if labels == nil {
		labels = map[string]any{}
	}
	name, uid := Get(schedule, "metadata.name"), Get(schedule, "metadata.uid")
	labels["velero.io/schedule-name"] = name
	metadata, _ := object["metadata"].(map[string]any)
	metadata["labels"] = labels
	if annotations, ok := Get(schedule, "metadata.annotations").(map[string]any); ok {
		metadata["annotations"] = without(annotations, setByKubectl)
	}
	if owns, _ := Get(schedule, "spec.useOwnerReferencesInBackup").(bool); owns {
		metadata["ownerReferences"] = []any{map[string]any{
			"apiVersion": schedule["apiVersion"], "kind": "Schedule", "name": name, "uid": uid, "controller": true,
		}}
	}
	spec, _ := Get(schedule, "spec.template").(map[string]any)
	if spec == nil {
		spec = map[string]any{}
	}
	object["spec"] = spec
	return nil
}
