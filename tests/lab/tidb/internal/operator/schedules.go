package operator

import (
	"context"
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/pingcap/tidb-operator/pkg/apis/label"
	"github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1"
	"github.com/robfig/cron"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// scheduleEvery is how often the operator looks at its schedules.
const scheduleEvery = time.Second

// schedules plays the controller of BackupSchedules with BR to S3, without log backups: it follows
// pingcap/tidb-operator@v1.6.0 pkg/backup/backupschedule/backup_schedule_manager.go.
func (o *Operator) schedules(ctx context.Context) {
	ticker := time.NewTicker(scheduleEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if !o.presence.acting() {
			continue
		}
		all, err := o.backups.Schedules(ctx)
		if err != nil {
			o.log.Error("backup_schedule_controller.go:110", "%v", err)
		}
		for i := range all {
			if err := o.schedule(ctx, &all[i]); err != nil {
				o.log.Error("backup_schedule_controller.go:124", "BackupSchedule: %s/%s, sync failed, err: %v, requeuing", all[i].Namespace, all[i].Name, err)
			}
		}
	}
}

func (o *Operator) schedule(ctx context.Context, s *v1alpha1.BackupSchedule) error {
	if err := o.expire(ctx, s); err != nil {
		return err
	}
	if s.Spec.Pause || s.DeletionTimestamp != nil {
		return nil
	}
	if err := o.lastIsOver(ctx, s); err != nil {
		return err
	}
	at, err := due(s, time.Now())
	if err != nil || at == nil {
		return err
	}
	child := childOf(s, *at)
	if err := o.backups.Create(ctx, child); err != nil && !apierrors.IsAlreadyExists(err) {
		return err
	}
	s.Status.LastBackup, s.Status.LastBackupTime = child.Name, &metav1.Time{Time: *at}
	return o.backups.UpdateSchedule(ctx, s)
}

// lastIsOver is canPerformNextBackup: only a Complete backup, or one that was Scheduled and Failed, lets the next begin.
func (o *Operator) lastIsOver(ctx context.Context, s *v1alpha1.BackupSchedule) error {
	if s.Status.LastBackup == "" {
		return nil
	}
	last, err := o.backups.Get(ctx, s.Namespace, s.Status.LastBackup)
	switch {
	case apierrors.IsNotFound(err):
		return nil
	case err != nil:
		return err
	case v1alpha1.IsBackupComplete(last) || v1alpha1.IsBackupScheduled(last) && v1alpha1.IsBackupFailed(last):
		return nil
	}
	return fmt.Errorf("backup schedule %s/%s, the last backup %s is still running", s.Namespace, s.Name, last.Name)
}

// due is the last time that came since the last backup; nil where none did.
func due(s *v1alpha1.BackupSchedule, now time.Time) (*time.Time, error) {
	times, err := cron.ParseStandard(s.Spec.Schedule)
	if err != nil {
		return nil, fmt.Errorf("parse backup schedule %s/%s cron format %s failed, err: %w", s.Namespace, s.Name, s.Spec.Schedule, err)
	}
	since := s.CreationTimestamp.Time
	if s.Status.LastBackupTime != nil {
		since = s.Status.LastBackupTime.Time
	}
	var last *time.Time
	for t := times.Next(since); !t.After(now); t = times.Next(t) {
		last = &t
	}
	return last, nil
}

// childOf is buildBackup.
func childOf(s *v1alpha1.BackupSchedule, at time.Time) *v1alpha1.Backup {
	spec := *s.Spec.BackupTemplate.DeepCopy()
	if spec.BR != nil && spec.S3 != nil {
		namespace := spec.BR.ClusterNamespace
		if namespace == "" {
			namespace = s.Namespace
		}
		folder := fmt.Sprintf("%s-pd.%s-2379-%s", spec.BR.Cluster, namespace, at.UTC().Format(v1alpha1.BackupNameTimeFormat))
		spec.S3.Prefix = path.Join(spec.S3.Prefix, folder)
	}
	labels := label.NewBackupSchedule().Instance(s.Name).BackupSchedule(s.Name).Labels()
	for key, value := range s.Labels {
		labels[key] = value
	}
	return &v1alpha1.Backup{
		TypeMeta: metav1.TypeMeta{APIVersion: v1alpha1.SchemeGroupVersion.String(), Kind: v1alpha1.BackupKind},
		ObjectMeta: metav1.ObjectMeta{
			Namespace: s.Namespace, Name: s.GetBackupCRDName(at), Labels: labels, Annotations: s.Annotations,
			OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(s, v1alpha1.SchemeGroupVersion.WithKind(v1alpha1.BackupScheduleKind))},
		},
		Spec: spec,
	}
}

// expire is the clean-up by spec.maxBackups: of the backups that have ended, the oldest go.
func (o *Operator) expire(ctx context.Context, s *v1alpha1.BackupSchedule) error {
	if s.Spec.MaxBackups == nil || *s.Spec.MaxBackups <= 0 {
		return nil
	}
	all, err := o.backups.OfSchedule(ctx, s.Namespace, s.Name)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(b v1alpha1.Backup) bool {
		return b.DeletionTimestamp != nil || !v1alpha1.IsBackupComplete(&b) && !v1alpha1.IsBackupFailed(&b)
	})
	slices.SortFunc(all, func(a, b v1alpha1.Backup) int { return b.CreationTimestamp.Compare(a.CreationTimestamp.Time) })
	for i := int(*s.Spec.MaxBackups); i < len(all); i++ {
		if err := o.backups.Delete(ctx, s.Namespace, all[i].Name); err != nil && !apierrors.IsNotFound(err) {
			return err
		}
	}
	return nil
}
