package kubelet

import (
	"context"
	"fmt"
	"path/filepath"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/velero/internal/cluster"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/velero/internal/crilog"
)

// serveLogs opens the log of a container's run and puts it behind kubectl logs, the run before behind --previous.
func (k *Kubelet) serveLogs(ctx context.Context, pod *corev1.Pod, restarts int32) (*crilog.File, error) {
	file := func(run int32) string {
		return filepath.Join(k.options.Logs, fmt.Sprintf("%s_%s_%s_%d.log", pod.Namespace, pod.Name, pod.UID, run))
	}
	log, err := crilog.Open(file(restarts))
	if err != nil {
		return nil, err
	}
	previous := ""
	if restarts > 0 {
		previous = file(restarts - 1)
	}
	if err := cluster.ServeLogs(ctx, k.dynamic, pod, file(restarts), previous); err != nil {
		log.Close()
		return nil, err
	}
	return log, nil
}

// serveWait opens the log of the init container that holds a restored pod back.
func (k *Kubelet) serveWait(ctx context.Context, pod *corev1.Pod) (*crilog.File, error) {
	container := pod.Spec.InitContainers[restoreWait(pod)]
	file := filepath.Join(k.options.Logs, fmt.Sprintf("%s_%s_%s_%s.log", pod.Namespace, pod.Name, pod.UID, container.Name))
	log, err := crilog.Open(file)
	if err != nil {
		return nil, err
	}
	if err := cluster.ServeInitLog(ctx, k.dynamic, pod, container, file); err != nil {
		log.Close()
		return nil, err
	}
	return log, nil
}
