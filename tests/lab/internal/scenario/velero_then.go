package scenario

import (
	"context"
	"fmt"
	"time"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/lab"
)

// moveInVSphere makes a second Backup, which completes at once, and the Snapshot that the vSphere plugin would have
// made for it; its Upload stops in the middle.
func moveInVSphere(ctx context.Context, l *lab.Lab, name string) error {
	if err := l.ApplyWith(ctx, "velero-vsphere.yaml", map[string]any{"Name": name}); err != nil {
		return err
	}
	if err := awaitPhase(ctx, l, "backups.velero.io/"+name+"-vsphere", "Completed"); err != nil {
		return err
	}
	if err := awaitPhase(ctx, l, "dataupload", "InProgress", "-l", "velero.io/backup-name="+name); err != nil {
		return err
	}
	return awaitPhaseIn(ctx, l, name, "snapshots.backupdriver.cnsdp.vmware.com/db", "Uploading")
}

// deleteDamaged cuts a file of the backup in the bucket and asks for the deletion, which cannot go on then.
func deleteDamaged(ctx context.Context, l *lab.Lab, name string) error {
	requested, err := l.Kubectl(ctx, nil, "get", "deletebackuprequests.velero.io", name, "-n", lab.VeleroNamespace, "--ignore-not-found", "-o", "name")
	if err != nil || requested != "" {
		return err
	}
	file := fmt.Sprintf("%s/backups/%s/%s-volumesnapshots.json.gz", lab.VeleroNamespace, name, name)
	if err := l.PutVeleroObject(ctx, file, []byte("cut")); err != nil {
		return err
	}
	if err := l.ApplyWith(ctx, "velero-delete.yaml", map[string]any{"Name": name}); err != nil {
		return err
	}
	return awaitPhase(ctx, l, "deletebackuprequests.velero.io/"+name, "Processed")
}

// restoreWithoutImage restores the application into a namespace whose nodes reach no registry of Velero's image.
func restoreWithoutImage(ctx context.Context, l *lab.Lab, name string) error {
	there, err := l.Kubectl(ctx, nil, "get", "restores.velero.io", name, "-n", lab.VeleroNamespace, "--ignore-not-found", "-o", "name")
	if err != nil || there != "" {
		return err
	}
	if _, err := l.Kubectl(ctx, nil, "delete", "deployment/web", "-n", name, "--cascade=foreground", "--timeout=60s"); err != nil {
		return err
	}
	if err := l.ApplyWith(ctx, "velero-restore.yaml", map[string]any{"Name": name}); err != nil {
		return err
	}
	if err := awaitPhase(ctx, l, "restores.velero.io/"+name, "InProgress"); err != nil {
		return err
	}
	return eventually(ctx, func() (bool, error) {
		reason, err := l.Kubectl(ctx, nil, "get", "pods", "-n", name, "-l", "app=web", "-o",
			"jsonpath={.items[*].status.initContainerStatuses[0].state.waiting.reason}")
		return reason == "ImagePullBackOff", err
	})
}

// eventually asks again and again until the answer is yes.
func eventually(ctx context.Context, ask func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		yes, err := ask()
		if yes || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(500 * time.Millisecond):
		}
	}
}
