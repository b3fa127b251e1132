package operator

import (
	"context"
	"fmt"

	"github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// clean has the data of a deleted Backup removed. While the clean-up Job exists, even a failed one, it does nothing:
// pingcap/tidb-operator@v1.6.0 pkg/backup/backup/backup_cleaner.go.
func (o *Operator) clean(ctx context.Context, backup *v1alpha1.Backup) error {
	if !v1alpha1.IsCleanCandidate(backup) || v1alpha1.NeedNotClean(backup) {
		return nil
	}
	name := backup.Namespace + "/" + backup.Name
	o.log.Info("backup_cleaner.go:61", "prepare to clean backup %s", name)
	o.log.Info("backup_cleaner.go:141", "start to ensure that backup %s jobs have finished", name)
	finished, err := o.ensureBackupJobFinished(ctx, backup)
	if err != nil || !finished {
		return err
	}
	o.log.Info("backup_cleaner.go:152", "start to clean backup %s", name)
	if _, err := o.job(backup.Namespace, backup.GetCleanJobName()); !apierrors.IsNotFound(err) {
		return err
	}
	if backup.Status.BackupPath == "" {
		return o.condition(ctx, backup, v1alpha1.BackupClean, corev1.ConditionTrue, "", "")
	}
	env, err := storageEnv(backup, o.factory.Core().V1().Secrets().Lister())
	if err != nil {
		return o.refused(ctx, backup, err)
	}
	if err := o.create(ctx, backup, cleanJob(backup, env), "CreateCleanJobFailed"); err != nil {
		return err
	}
	return o.condition(ctx, backup, v1alpha1.BackupClean, corev1.ConditionFalse, "", "")
}

// ensureBackupJobFinished deletes a running backup Job; the event of its end brings the Backup back here.
func (o *Operator) ensureBackupJobFinished(ctx context.Context, backup *v1alpha1.Backup) (bool, error) {
	job, err := o.job(backup.Namespace, backup.GetBackupJobName())
	if apierrors.IsNotFound(err) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if isFinished(job) {
		return true, nil
	}
	name := backup.Namespace + "/" + backup.Name
	if job.DeletionTimestamp == nil {
		o.log.Info("backup_cleaner.go:529", "backup %s job %s is running, cleaner will delete it and wait it done", name, job.Name)
		background := metav1.DeletePropagationBackground
		err := o.kube.BatchV1().Jobs(job.Namespace).Delete(ctx, job.Name, metav1.DeleteOptions{PropagationPolicy: &background})
		if err != nil && !apierrors.IsNotFound(err) {
			return false, fmt.Errorf("delete job %s/%s: %w", job.Namespace, job.Name, err)
		}
		o.recordJob(backup, job, "SuccessfulDelete", "delete")
	}
	o.log.Info("backup_cleaner.go:148", "wait for backup %s jobs to finish", name)
	return false, nil
}

func isFinished(job *batchv1.Job) bool {
	for _, condition := range job.Status.Conditions {
		if (condition.Type == batchv1.JobComplete || condition.Type == batchv1.JobFailed) && condition.Status == corev1.ConditionTrue {
			return true
		}
	}
	return false
}
