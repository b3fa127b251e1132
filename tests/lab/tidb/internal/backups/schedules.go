package backups

import (
	"context"
	"fmt"

	"github.com/pingcap/tidb-operator/pkg/apis/label"
	"github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1"
)

const schedules = "backupschedules"

// Schedules are the BackupSchedules of all namespaces.
func (c *Client) Schedules(ctx context.Context) ([]v1alpha1.BackupSchedule, error) {
	list := &v1alpha1.BackupScheduleList{}
	if err := c.rest.Get().Resource(schedules).Do(ctx).Into(list); err != nil {
		return nil, fmt.Errorf("list backup schedules: %w", err)
	}
	return list.Items, nil
}

// UpdateSchedule writes a BackupSchedule as a whole; somebody else's change since it was read is an error.
func (c *Client) UpdateSchedule(ctx context.Context, schedule *v1alpha1.BackupSchedule) error {
	err := c.rest.Put().Namespace(schedule.Namespace).Resource(schedules).Name(schedule.Name).Body(schedule).Do(ctx).Error()
	if err != nil {
		return fmt.Errorf("update backup schedule %s/%s: %w", schedule.Namespace, schedule.Name, err)
	}
	return nil
}

// OfSchedule are the Backups with the label of a schedule.
func (c *Client) OfSchedule(ctx context.Context, namespace, name string) ([]v1alpha1.Backup, error) {
	list := &v1alpha1.BackupList{}
	err := c.rest.Get().Namespace(namespace).Resource(resource).Param("labelSelector", label.BackupScheduleLabelKey+"="+name).Do(ctx).Into(list)
	if err != nil {
		return nil, fmt.Errorf("list backups of schedule %s/%s: %w", namespace, name, err)
	}
	return list.Items, nil
}

// Create makes a Backup.
func (c *Client) Create(ctx context.Context, backup *v1alpha1.Backup) error {
	if err := c.rest.Post().Namespace(backup.Namespace).Resource(resource).Body(backup).Do(ctx).Error(); err != nil {
		return fmt.Errorf("create backup %s/%s: %w", backup.Namespace, backup.Name, err)
	}
	return nil
}

// Delete asks for the deletion of a Backup.
func (c *Client) Delete(ctx context.Context, namespace, name string) error {
	if err := c.rest.Delete().Namespace(namespace).Resource(resource).Name(name).Do(ctx).Error(); err != nil {
		return fmt.Errorf("delete backup %s/%s: %w", namespace, name, err)
	}
	return nil
}
