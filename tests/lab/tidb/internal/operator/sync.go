package operator

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/pingcap/tidb-operator/pkg/apis/label"
	"github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"
)

// sync brings one Backup a step further.
func (o *Operator) sync(ctx context.Context, key string) error {
	namespace, name, err := cache.SplitMetaNamespaceKey(key)
	if err != nil {
		return fmt.Errorf("split key: %w", err)
	}
	// Read past the watch: a stale object would be started or cleaned twice.
	backup, err := o.backups.Get(ctx, namespace, name)
	if apierrors.IsNotFound(err) {
		o.log.Info("backup_controller.go:151", "Backup has been deleted %s", key)
		return nil
	}
	if err != nil {
		return err
	}
	if needsFinalizer(backup) {
		return o.backups.Change(ctx, namespace, name, addFinalizer)
	}
	if mayLetGo(backup) {
		return o.backups.Change(ctx, namespace, name, removeFinalizer)
	}
	if backup.DeletionTimestamp != nil {
		return o.clean(ctx, backup)
	}
	return o.start(ctx, backup)
}

// needsFinalizer and mayLetGo follow pingcap/tidb-operator@v1.6.0 pkg/controller/backup/backup_control.go.
func needsFinalizer(backup *v1alpha1.Backup) bool {
	return backup.DeletionTimestamp == nil && v1alpha1.IsCleanCandidate(backup) && !hasFinalizer(backup)
}

func mayLetGo(backup *v1alpha1.Backup) bool {
	return backup.DeletionTimestamp != nil && v1alpha1.IsCleanCandidate(backup) && hasFinalizer(backup) &&
		(v1alpha1.IsBackupClean(backup) || v1alpha1.NeedNotClean(backup))
}

func hasFinalizer(backup *v1alpha1.Backup) bool {
	return slices.Contains(backup.Finalizers, label.BackupProtectionFinalizer)
}

func addFinalizer(backup *v1alpha1.Backup) bool {
	if !needsFinalizer(backup) {
		return false
	}
	backup.Finalizers = append(backup.Finalizers, label.BackupProtectionFinalizer)
	return true
}

func removeFinalizer(backup *v1alpha1.Backup) bool {
	if !mayLetGo(backup) {
		return false
	}
	backup.Finalizers = slices.DeleteFunc(backup.Finalizers, func(name string) bool {
		return name == label.BackupProtectionFinalizer
	})
	return true
}

// start runs the backup once: any condition but RetryFailed says that it was started or given up before.
func (o *Operator) start(ctx context.Context, backup *v1alpha1.Backup) error {
	if phase := backup.Status.Phase; phase != "" && phase != v1alpha1.BackupRetryTheFailed {
		o.log.Info("backup_manager.go:141", "backup %s/%s is already done and skip sync.", backup.Namespace, backup.Name)
		return nil
	}
	if problem := invalid(backup); problem != "" {
		return o.condition(ctx, backup, v1alpha1.BackupInvalid, corev1.ConditionTrue, "InvalidSpec", problem)
	}
	if _, err := o.job(backup.Namespace, backup.GetBackupJobName()); !apierrors.IsNotFound(err) {
		return err
	}
	env, err := storageEnv(backup, o.factory.Core().V1().Secrets().Lister())
	if err != nil {
		return o.refused(ctx, backup, err)
	}
	job := backupJob(backup, env)
	o.log.Info("backup_manager.go:170", "backup %s/%s creating job %s.", backup.Namespace, backup.Name, job.Name)
	if err := o.create(ctx, backup, job, "CreateBackupJobFailed"); err != nil {
		return err
	}
	return o.condition(ctx, backup, v1alpha1.BackupScheduled, corev1.ConditionTrue, "", "")
}

// create makes a Job and tells so; one that exists already is taken for it.
func (o *Operator) create(ctx context.Context, backup *v1alpha1.Backup, job *batchv1.Job, failure string) error {
	_, err := o.kube.BatchV1().Jobs(job.Namespace).Create(ctx, job, metav1.CreateOptions{})
	switch {
	case apierrors.IsAlreadyExists(err):
		return nil
	case err != nil:
		message := fmt.Sprintf("create job %s/%s failed, err: %v", job.Namespace, job.Name, err)
		return o.refused(ctx, backup, &refusal{failure, message})
	}
	o.recordJob(backup, job, "SuccessfulCreate", "create")
	return nil
}

// refused records why the operator could not act and returns the error, so that it tries again.
func (o *Operator) refused(ctx context.Context, backup *v1alpha1.Backup, problem error) error {
	var why *refusal
	if !errors.As(problem, &why) {
		return problem
	}
	return errors.Join(problem,
		o.condition(ctx, backup, v1alpha1.BackupRetryTheFailed, corev1.ConditionTrue, why.reason, why.message))
}

func (o *Operator) condition(ctx context.Context, backup *v1alpha1.Backup, kind v1alpha1.BackupConditionType,
	status corev1.ConditionStatus, reason, message string,
) error {
	err := o.backups.SetCondition(ctx, backup.Namespace, backup.Name, v1alpha1.BackupCondition{
		Type: kind, Status: status, Reason: reason, Message: message,
	})
	if err == nil {
		o.log.Info("backup_status_updater.go:128", "Backup: [%s/%s] updated successfully", backup.Namespace, backup.Name)
	}
	return err
}

func (o *Operator) job(namespace, name string) (*batchv1.Job, error) {
	return o.factory.Batch().V1().Jobs().Lister().Jobs(namespace).Get(name)
}
