package operator

import (
	"fmt"
	"maps"
	"strings"

	"github.com/pingcap/tidb-operator/pkg/apis/label"
	"github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// restoreJob is the Job of BR or of Lightning (pingcap/tidb-operator@v1.6.0 pkg/backup/restore/restore_manager.go
// makeRestoreJob, makeImportJob).
func restoreJob(restore *v1alpha1.Restore, env []corev1.EnvVar) *batchv1.Job {
	// Of a Backup with the same metadata and settings the Job has all but its labels, owner and program.
	job := newJob(&v1alpha1.Backup{
		ObjectMeta: restore.ObjectMeta,
		Spec: v1alpha1.BackupSpec{
			ServiceAccount: restore.Spec.ServiceAccount, ImagePullSecrets: restore.Spec.ImagePullSecrets, ResourceRequirements: restore.Spec.ResourceRequirements,
		},
	}, restore.GetRestoreJobName(), label.RestoreJobLabelVal, backupRetries, env, restoreArgs(restore))
	labels := label.NewRestore().Instance(restore.GetInstanceName()).RestoreJob().Restore(restore.Name).Labels()
	maps.Copy(labels, restore.Labels)
	job.Labels, job.Spec.Template.Labels = labels, maps.Clone(labels)
	owner := metav1.NewControllerRef(restore, v1alpha1.SchemeGroupVersion.WithKind(v1alpha1.RestoreKind))
	job.OwnerReferences = []metav1.OwnerReference{*owner}
	job.Spec.Template.Spec.Containers[0].Name = label.RestoreJobLabelVal
	return job
}

func restoreArgs(restore *v1alpha1.Restore) []string {
	program := "restore"
	if restore.Spec.BR == nil {
		program = "import"
	}
	args := []string{program, "--namespace=" + restore.Namespace, "--restoreName=" + restore.Name}
	if restore.Spec.BR == nil {
		return args
	}
	args = append(args, "--mode="+string(restore.Spec.Mode))
	if restore.Spec.PitrRestoredTs != "" {
		args = append(args, "--pitrRestoredTs="+restore.Spec.PitrRestoredTs)
	}
	return args
}

// invalidRestore says what is wrong with a Restore, or nothing (pingcap/tidb-operator@v1.6.0
// pkg/backup/util/utils.go ValidateRestore).
func invalidRestore(restore *v1alpha1.Restore) string {
	name := restore.Namespace + "/" + restore.Name
	spec := restore.Spec
	if spec.BR == nil {
		switch {
		case spec.To == nil || spec.To.Host == "":
			return fmt.Sprintf("missing cluster config in spec of %s", name)
		case spec.StorageSize == "":
			return fmt.Sprintf("missing StorageSize config in spec of %s", name)
		}
		return ""
	}
	full := spec.PitrFullBackupStorageProvider
	switch {
	case spec.S3 != nil && spec.S3.Bucket == "":
		return fmt.Sprintf("bucket should be configured for BR in spec of %s", name)
	case spec.S3 != nil && spec.S3.Endpoint != "" && !strings.Contains(spec.S3.Endpoint, "://"):
		return fmt.Sprintf("scheme not found in endpoint %s configured for BR in spec of %s", spec.S3.Endpoint, name)
	case spec.Type == v1alpha1.BackupTypeTable && spec.BR.Table == "", spec.Type == v1alpha1.BackupTypeDB && spec.BR.DB == "":
		return fmt.Sprintf("DB should be configured for BR with restore type %s in spec of %s", spec.Type, name)
	case spec.Mode == v1alpha1.RestoreModePiTR && full.S3 == nil && spec.LogRestoreStartTs == "":
		return "either pitrFullBackupStorageProvider or logRestoreStartTs option needs to be passed in pitr mode"
	}
	return ""
}
