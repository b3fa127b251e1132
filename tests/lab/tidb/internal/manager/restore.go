package manager

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/service/s3"
	"github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// restore is the program's part of a restore: conditions around a run of BR or Lightning. Of these the stand-in only
// looks whether the file is there with which they begin; there is no TiDB into which anything could be written.
func (r *run) restore(ctx context.Context) error {
	r.name = flagValue(r.Args, "--restoreName=")
	restore, err := r.backups.Restore(ctx, r.namespace, r.name)
	if err != nil {
		return err
	}
	started := metav1.Now()
	if err := r.restoreCondition(ctx, v1alpha1.RestoreCondition{Type: v1alpha1.RestoreRunning, Status: corev1.ConditionTrue}); err != nil {
		return err
	}
	for _, file := range firstFiles(restore) {
		if err := r.look(ctx, restore, file); err != nil {
			r.log.Error("manager.go:240", "restore cluster %s from %s failed, err: %s", r, restore.Spec.Type, err)
			failed := r.restoreCondition(ctx, v1alpha1.RestoreCondition{
				Type: v1alpha1.RestoreFailed, Status: corev1.ConditionTrue, Reason: "RestoreDataFromRemoteFailed", Message: err.Error(),
			})
			if failed != nil {
				return failed
			}
			return err
		}
	}
	r.log.Info("manager.go:270", "restore cluster %s from %s succeed", r, restore.Spec.Type)
	return r.restoreCondition(ctx, v1alpha1.RestoreCondition{Type: v1alpha1.RestoreComplete, Status: corev1.ConditionTrue}, func(status *v1alpha1.RestoreStatus) {
		status.TimeStarted, status.TimeCompleted = started, metav1.Now()
		status.TimeTaken = status.TimeCompleted.Sub(started.Time).Round(time.Second).String()
	})
}

func (r *run) restoreCondition(ctx context.Context, condition v1alpha1.RestoreCondition, more ...func(*v1alpha1.RestoreStatus)) error {
	return r.backups.SetRestoreCondition(ctx, r.namespace, r.name, condition, more...)
}

// restoreFile is a file in the storage of one of the places of a Restore.
type restoreFile struct {
	place       *v1alpha1.S3StorageProvider
	bucket, key string
}

// firstFiles are those with which the reading begins.
func firstFiles(restore *v1alpha1.Restore) []restoreFile {
	marker := func(place *v1alpha1.S3StorageProvider, name string) restoreFile {
		return restoreFile{place, place.Bucket, strings.TrimPrefix(strings.Trim(place.Prefix, "/")+"/"+name, "/")}
	}
	spec := restore.Spec
	switch full := spec.PitrFullBackupStorageProvider.S3; {
	case spec.BR == nil:
		bucket, key, _ := strings.Cut(strings.TrimPrefix(spec.S3.Path, "s3://"), "/")
		return []restoreFile{{spec.S3, bucket, key}}
	case spec.Mode == v1alpha1.RestoreModePiTR && full != nil:
		return []restoreFile{marker(full, "backupmeta"), marker(spec.S3, "backup.lock")}
	case spec.Mode == v1alpha1.RestoreModePiTR:
		return []restoreFile{marker(spec.S3, "backup.lock")}
	}
	return []restoreFile{marker(spec.S3, "backupmeta")}
}

// look asks for a file, with the keys of the Job.
func (r *run) look(ctx context.Context, restore *v1alpha1.Restore, file restoreFile) error {
	session, err := r.session(&v1alpha1.Backup{Spec: v1alpha1.BackupSpec{StorageProvider: v1alpha1.StorageProvider{S3: file.place}}})
	if err != nil {
		return err
	}
	_, err = s3.New(session).HeadObjectWithContext(ctx, &s3.HeadObjectInput{Bucket: &file.bucket, Key: aws.String(file.key)})
	if err != nil {
		return fmt.Errorf("cluster %s/%s, wait pipe message failed, errMsg [BR:Common:ErrInvalidMetaFile] %s: %w", restore.Namespace, restore.Name, file.key, flatten(err))
	}
	return nil
}
