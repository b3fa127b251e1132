package scenario

import (
	"context"
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/lab"
)

// veleroScenario is a namespace with a small application, and what happens to its backup. Both have the scenario's
// name; Velero's objects are in its own namespace, where the real server acts on them.
type veleroScenario struct {
	name  string
	about string
	// annotations on the namespace tell the stand-ins how it goes.
	annotations map[string]string
	// backup is the rest of the Backup's spec, as the inner part of a YAML object in one line.
	backup string
	// reaches is the phase that the Backup gets.
	reaches string
	// then is what happens afterwards, which may have happened already; nil for nothing.
	then func(ctx context.Context, l *lab.Lab, name string) error
}

// reachable is the only registry of a cluster without a way out; it has none of Velero's images.
const reachable = "registry.example.com"

func veleroScenarios() []veleroScenario {
	return []veleroScenario{
		{
			name:   "velero-complete",
			about:  "a Velero Backup with the files of a pod and a CSI snapshot",
			backup: "snapshotMoveData: false", reaches: "Completed",
		},
		{
			name:  "velero-partially-failed",
			about: "a Velero Backup of which the files of one volume are missing",
			annotations: map[string]string{
				"lab.kubectl-backup.dev/phases-podvolumebackup":  "Accepted,Prepared,InProgress:40%,Failed",
				"lab.kubectl-backup.dev/message-podvolumebackup": "data path backup failed: unable to read file: input/output error",
			},
			backup: "snapshotMoveData: false", reaches: "PartiallyFailed",
		},
		{
			name:   "velero-failed-validation",
			about:  "a Velero Backup whose location does not exist",
			backup: "storageLocation: nowhere", reaches: "FailedValidation",
		},
		{
			name:        "velero-moving",
			about:       "a Velero Backup whose data is still being moved, and a completed one that the vSphere plugin still uploads",
			annotations: map[string]string{"lab.kubectl-backup.dev/phases-dataupload": "Accepted,Prepared,InProgress:0%,InProgress:40%"},
			backup:      "snapshotMoveData: true", reaches: "WaitingForPluginOperations", then: moveInVSphere,
		},
		{
			name:   "velero-deleting-stuck",
			about:  "a Velero Backup that hangs in Deleting, because a file of it in the bucket is damaged",
			backup: "snapshotMoveData: false", reaches: "Completed", then: deleteDamaged,
		},
		{
			name:        "velero-restore-airgap",
			about:       "a Velero Restore that hangs, because the image of its init container cannot be pulled",
			annotations: map[string]string{"lab.kubectl-backup.dev/registries": reachable},
			backup:      "snapshotMoveData: false", reaches: "Completed", then: restoreWithoutImage,
		},
	}
}

func (s veleroScenario) title() (name, about string) { return s.name, s.about }

func (s veleroScenario) setUp(ctx context.Context, l *lab.Lab) error {
	there, err := l.Kubectl(ctx, nil, "get", "backups.velero.io", s.name, "-n", lab.VeleroNamespace, "--ignore-not-found", "-o", "name")
	if err != nil {
		return err
	}
	if there == "" {
		if err := s.begin(ctx, l); err != nil {
			return err
		}
	}
	if s.then != nil {
		if err := s.then(ctx, l, s.name); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(l.Out, "%s: backup.velero.io/%s in namespace %s\n", s.name, s.name, lab.VeleroNamespace)
	return err
}

func (s veleroScenario) begin(ctx context.Context, l *lab.Lab) error {
	values := map[string]any{"Name": s.name, "Annotations": s.annotations, "Backup": s.backup}
	if err := l.ApplyWith(ctx, "velero-app.yaml", values); err != nil {
		return err
	}
	for _, wait := range [][]string{
		{"deployment/web", "--for=condition=Available"},
		{"pvc/db", "--for=jsonpath={.status.phase}=Bound"},
	} {
		if _, err := l.Kubectl(ctx, nil, append([]string{"wait", "-n", s.name, "--timeout=60s"}, wait...)...); err != nil {
			return err
		}
	}
	if err := l.ApplyWith(ctx, "velero-backup.yaml", values); err != nil {
		return err
	}
	return awaitPhase(ctx, l, "backups.velero.io/"+s.name, s.reaches)
}

// awaitPhase waits for the phase of an object of Velero; more arguments may select it.
func awaitPhase(ctx context.Context, l *lab.Lab, object, phase string, selection ...string) error {
	return awaitPhaseIn(ctx, l, lab.VeleroNamespace, object, phase, selection...)
}

func awaitPhaseIn(ctx context.Context, l *lab.Lab, namespace, object, phase string, selection ...string) error {
	args := append([]string{"wait", object, "-n", namespace, "--timeout=90s", "--for=jsonpath={.status.phase}=" + phase}, selection...)
	_, err := l.Kubectl(ctx, nil, args...)
	return err
}
