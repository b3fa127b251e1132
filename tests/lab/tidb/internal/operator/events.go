package operator

import (
	"github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/tidb/internal/backups"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/tidb/internal/klogline"
)

// newRecorder writes events to the cluster and to the operator's log.
func newRecorder(kube kubernetes.Interface, log klogline.Logger) (record.EventRecorder, error) {
	scheme, err := backups.NewScheme()
	if err != nil {
		return nil, err
	}
	broadcaster := record.NewBroadcaster()
	broadcaster.StartRecordingToSink(&typedcorev1.EventSinkImpl{Interface: kube.CoreV1().Events("")})
	broadcaster.StartLogging(func(format string, args ...any) { log.Info("event.go:298", format, args...) })
	return broadcaster.NewRecorder(scheme, corev1.EventSource{Component: manager}), nil
}

func (o *Operator) recordJob(backup *v1alpha1.Backup, job *batchv1.Job, reason, verb string) {
	o.events.Eventf(backup, corev1.EventTypeNormal, reason, "%s job %s/%s for cluster %s backup successful",
		verb, job.Namespace, job.Name, backup.Name)
}

// enqueueOwner has the Backup of a deleted Job looked at.
func (o *Operator) enqueueOwner(object any) {
	if unknown, ok := object.(cache.DeletedFinalStateUnknown); ok {
		object = unknown.Obj
	}
	job, ok := object.(*batchv1.Job)
	if !ok {
		return
	}
	owner := metav1.GetControllerOf(job)
	if owner == nil || owner.Kind != v1alpha1.BackupKind {
		return
	}
	backup, exists, err := o.informer.GetStore().GetByKey(job.Namespace + "/" + owner.Name)
	if err == nil && exists {
		o.enqueue(backup)
	}
}
