package manager

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// backup is the program's part of a backup: conditions around a run of br. The path is recorded before br starts, so
// that a recorded path says nothing about data.
func (r *run) backup(ctx context.Context) error {
	r.log.Info("backup.go:78", "start to process backup %s", r)
	backup, err := r.backups.Get(ctx, r.namespace, r.name)
	if err != nil {
		return fmt.Errorf("can't find cluster %s backup %s CRD object, err: %w", r.namespace, r, err)
	}
	whole, err := json.Marshal(backup)
	if err != nil {
		return fmt.Errorf("encode backup: %w", err)
	}
	r.log.Info("manager.go:109", "start to process backup: %s", whole)
	started := metav1.Now()
	err = r.condition(ctx, v1alpha1.BackupCondition{Type: v1alpha1.BackupPrepare, Status: corev1.ConditionTrue},
		func(status *v1alpha1.BackupStatus) { status.BackupPath = path(backup) })
	if err != nil {
		return err
	}
	if err := r.condition(ctx, v1alpha1.BackupCondition{Type: v1alpha1.BackupRunning, Status: corev1.ConditionTrue}); err != nil {
		return err
	}
	result, problem := r.br(ctx, backup)
	if problem != nil {
		return r.backupFailed(ctx, problem)
	}
	return r.backupComplete(ctx, started, result)
}

func (r *run) backupFailed(ctx context.Context, problem error) error {
	message := fmt.Sprintf("cluster %s, wait pipe message failed, errMsg %s\n, err: exit status 1", r, problem)
	r.log.Error("manager.go:382", "backup cluster %s data failed, err: %s", r, message)
	err := r.condition(ctx, v1alpha1.BackupCondition{
		Type: v1alpha1.BackupFailed, Status: corev1.ConditionTrue,
		Reason: "BackupDataToRemoteFailed", Message: message,
	})
	if err != nil {
		return err
	}
	return fmt.Errorf("%s", message)
}

func (r *run) backupComplete(ctx context.Context, started metav1.Time, result brResult) error {
	r.log.Info("manager.go:391", "backup cluster %s data to %s success", r, result.path)
	completed := metav1.Now()
	return r.condition(ctx, v1alpha1.BackupCondition{Type: v1alpha1.BackupComplete, Status: corev1.ConditionTrue},
		func(status *v1alpha1.BackupStatus) {
			status.TimeStarted, status.TimeCompleted = started, completed
			status.TimeTaken = completed.Sub(started.Time).Round(time.Second).String()
			status.BackupSize = result.size
			status.BackupSizeReadable = fmt.Sprintf("%d B", result.size)
			status.CommitTs = result.commitTs
		})
}
