package manager

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1"
	"gocloud.dev/blob"
	corev1 "k8s.io/api/core/v1"
)

// CleanAnnotation on a Backup chooses how its clean-up goes. Without it the clean-up runs.
const CleanAnnotation = "lab.kubectl-backup.dev/clean"

// Values of CleanAnnotation that this program plays.
const (
	// CleanHang never ends.
	CleanHang = "hang"
	// CleanChatty never ends either, and writes progress into the Backup's status every second.
	CleanChatty = "chatty"
)

// clean erases every object below the Backup's prefix, whoever wrote it.
func (r *run) clean(ctx context.Context) error {
	r.log.Info("clean.go:69", "start to clean backup %s", r)
	backup, err := r.backups.Get(ctx, r.namespace, r.name)
	if err != nil {
		return fmt.Errorf("can't find cluster %s backup %s CRD object, err: %w", r.namespace, r, err)
	}
	switch r.Annotations[CleanAnnotation] {
	case CleanHang:
		<-ctx.Done()
		return ctx.Err()
	case CleanChatty:
		return r.chat(ctx)
	}
	if backup.Status.BackupPath == "" {
		r.log.Error("manager.go:75", "cluster %s backup path is empty", r)
		return r.condition(ctx, v1alpha1.BackupCondition{
			Type: v1alpha1.BackupFailed, Status: corev1.ConditionTrue,
			Reason: "BackupPathIsEmpty", Message: fmt.Sprintf("the cluster %s backup path is empty", r),
		})
	}
	if problem := r.erase(ctx, backup); problem != nil {
		r.log.Error("manager.go:102", "clean cluster %s backup %s failed, err: %s", r, backup.Status.BackupPath, problem)
		return errors.Join(problem, r.condition(ctx, v1alpha1.BackupCondition{
			Type: v1alpha1.BackupCleanFailed, Status: corev1.ConditionTrue,
			Reason: "CleanBackupDataFailed", Message: problem.Error(),
		}))
	}
	r.log.Info("manager.go:111", "clean cluster %s backup %s success", r, backup.Status.BackupPath)
	return r.condition(ctx, v1alpha1.BackupCondition{Type: v1alpha1.BackupClean, Status: corev1.ConditionTrue})
}

func (r *run) erase(ctx context.Context, backup *v1alpha1.Backup) error {
	option := backup.GetCleanOption()
	var err error
	for round := 1; round <= option.RetryCount; round++ {
		r.log.Info("clean.go:170", "For backup %s clean %d, start to clean backup with opt: %+v", r, round, option)
		if err = r.eraseOnce(ctx, backup, round); err == nil {
			r.log.Info("clean.go:158", "For backup %s clean %d, clean backup finished", r, round)
			return nil
		}
		r.log.Error("clean.go:163", "For backup %s clean %d, failed to clean backup: %s", r, round, err)
		if ctx.Err() != nil {
			return err
		}
	}
	return err
}

// eraseOnce deletes what it lists and lists again: anything left is a failure.
func (r *run) eraseOnce(ctx context.Context, backup *v1alpha1.Backup, round int) error {
	bucket, err := r.bucket(ctx, backup)
	if err != nil {
		return err
	}
	defer bucket.Close()
	keys, err := list(ctx, bucket)
	if err != nil {
		return err
	}
	r.log.Info("clean.go:204", "For backup %s clean %d-%d, try to delete %d objects", r, round, 1, len(keys))
	deleted := 0
	for _, key := range keys {
		if err := bucket.Delete(ctx, key); err != nil {
			r.log.Error("clean.go:215", "For backup %s clean %d-%d, delete object %s failed: %s", r, round, 1, key, err)
			continue
		}
		deleted++
	}
	r.log.Info("clean.go:232", "For backup %s clean %d, clean backup finished, total:%d deleted:%d failed:%d",
		r, round, len(keys), deleted, len(keys)-deleted)
	left, err := list(ctx, bucket)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return errors.New("some objects are missing to be deleted")
	}
	return nil
}

func list(ctx context.Context, bucket *blob.Bucket) ([]string, error) {
	var keys []string
	for objects := bucket.List(nil); ; {
		object, err := objects.Next(ctx)
		if errors.Is(err, io.EOF) {
			return keys, nil
		}
		if err != nil {
			return nil, err
		}
		keys = append(keys, object.Key)
	}
}

// chat writes to the Backup's status every second, as a talkative clean-up does.
func (r *run) chat(ctx context.Context) error {
	for round := 1; ; round++ {
		message := fmt.Sprintf("clean %d is at work", round)
		err := r.condition(ctx, v1alpha1.BackupCondition{
			Type: v1alpha1.BackupClean, Status: corev1.ConditionFalse, Reason: "Cleaning", Message: message,
		})
		if err != nil {
			return err
		}
		r.log.Info("clean.go:240", "For backup %s %s", r, message)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}
