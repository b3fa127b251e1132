package mover

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/velero/internal/cluster"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/velero/internal/crilog"
)

// speaks reports whether the stand-in writes the log of a pod: an agent, or the pod that moves the data of one object.
func speaks(pod *corev1.Pod) bool {
	switch pod.Labels["name"] {
	case nodeAgent, dataManager, backupDriver:
		return true
	}
	for _, k := range veleroKinds() {
		if pod.Labels[k.podLabel] != "" {
			return true
		}
	}
	return false
}

// startLog puts a log behind kubectl logs of the pod. It reports false when it was there already.
func (m *Mover) startLog(ctx context.Context, pod *corev1.Pod) bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if _, open := m.files[pod.UID]; open {
		return false
	}
	file := filepath.Join(m.logs, fmt.Sprintf("%s_%s_%s.log", pod.Namespace, pod.Name, pod.UID))
	log, err := crilog.Open(file)
	if err != nil {
		return false
	}
	if err := cluster.ServeLogs(ctx, m.dynamic, pod, file, ""); err != nil {
		log.Close()
		return false
	}
	m.files[pod.UID] = log
	return true
}

// say writes a line about an object into the log of its agent, or of the pod that moves its data.
func (m *Mover) say(agent *corev1.Pod, k *kind, object *unstructured.Unstructured, l line) {
	pod := agent
	if l.pod {
		own, err := m.pods.Pods(object.GetNamespace()).Get(object.GetName())
		if err != nil {
			return
		}
		pod = own
	}
	m.mutex.Lock()
	log := m.files[pod.UID]
	m.mutex.Unlock()
	if log != nil {
		fmt.Fprint(log, format(k, object, agent.Spec.NodeName, l, time.Now()))
	}
}
