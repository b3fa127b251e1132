package operator

import (
	"fmt"
	"maps"

	"github.com/pingcap/tidb-operator/pkg/apis/label"
	"github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	managerImage = "pingcap/tidb-backup-manager:v1.6.1"
	brImage      = "pingcap/br:v8.1.0"

	defaultServiceAccount = "tidb-backup-manager"

	// A failed clean-up is tried again, a failed backup run is not: pingcap/tidb-operator@v1.6.0 pkg/backup/backup.
	backupRetries = int32(0)
	cleanRetries  = int32(6)
)

// cleanAnnotation on a Backup chooses how its clean-up goes. Of its values, the operator plays the one for which it
// asks for a node that does not exist.
const (
	cleanAnnotation    = "lab.kubectl-backup.dev/clean"
	cleanUnschedulable = "unschedulable"
)

func backupJob(backup *v1alpha1.Backup, env []corev1.EnvVar) *batchv1.Job {
	job := newJob(backup, backup.GetBackupJobName(), label.BackupJobLabelVal, backupRetries, env, []string{
		"backup",
		"--namespace=" + backup.Namespace,
		"--backupName=" + backup.Name,
		"--mode=snapshot",
	})
	pod := &job.Spec.Template.Spec
	mount := corev1.VolumeMount{Name: "br-bin", MountPath: "/var/lib/br-bin"}
	pod.InitContainers = []corev1.Container{{
		Name:            "br",
		Image:           brImage,
		ImagePullPolicy: corev1.PullIfNotPresent,
		Command:         []string{"/bin/sh", "-c"},
		Args:            []string{fmt.Sprintf("cp /br %s/br; echo 'BR copy finished'", mount.MountPath)},
		VolumeMounts:    []corev1.VolumeMount{mount},
	}}
	pod.Containers[0].VolumeMounts = []corev1.VolumeMount{mount}
	pod.Volumes = []corev1.Volume{{
		Name:         mount.Name,
		VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}},
	}}
	return job
}

func cleanJob(backup *v1alpha1.Backup, env []corev1.EnvVar) *batchv1.Job {
	job := newJob(backup, backup.GetCleanJobName(), label.CleanJobLabelVal, cleanRetries, env, []string{
		"clean",
		"--namespace=" + backup.Namespace,
		"--backupName=" + backup.Name,
	})
	if backup.Annotations[cleanAnnotation] == cleanUnschedulable {
		job.Spec.Template.Spec.NodeSelector = map[string]string{"lab.kubectl-backup.dev/no-such-node": "true"}
	}
	return job
}

// newJob makes a Job of the operator. Labels and annotations of the Backup are copied to it and to its pods, and
// the Backup's own labels win.
func newJob(backup *v1alpha1.Backup, name, component string, retries int32, env []corev1.EnvVar, args []string) *batchv1.Job {
	labels := label.NewBackup().Instance(backup.GetInstanceName()).Component(component).Backup(backup.Name).Labels()
	maps.Copy(labels, backup.Labels)
	serviceAccount := defaultServiceAccount
	if backup.Spec.ServiceAccount != "" {
		serviceAccount = backup.Spec.ServiceAccount
	}
	owner := metav1.NewControllerRef(backup, v1alpha1.SchemeGroupVersion.WithKind(v1alpha1.BackupKind))
	return &batchv1.Job{
		ObjectMeta: metav1.ObjectMeta{
			Name:            name,
			Namespace:       backup.Namespace,
			Labels:          labels,
			Annotations:     maps.Clone(backup.Annotations),
			OwnerReferences: []metav1.OwnerReference{*owner},
		},
		Spec: batchv1.JobSpec{
			BackoffLimit: &retries,
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: maps.Clone(labels), Annotations: maps.Clone(backup.Annotations)},
				Spec: corev1.PodSpec{
					ServiceAccountName: serviceAccount,
					RestartPolicy:      corev1.RestartPolicyNever,
					ImagePullSecrets:   backup.Spec.ImagePullSecrets,
					Containers: []corev1.Container{{
						Name:            label.BackupJobLabelVal,
						Image:           managerImage,
						Args:            args,
						ImagePullPolicy: corev1.PullIfNotPresent,
						Env:             env,
						Resources:       backup.Spec.ResourceRequirements,
					}},
				},
			},
		},
	}
}
