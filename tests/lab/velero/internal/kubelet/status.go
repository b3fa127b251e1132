package kubelet

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/retry"
)

func (k *Kubelet) started(ctx context.Context, pod *corev1.Pod, last *corev1.ContainerStateTerminated, restarts int32, at metav1.Time) {
	k.events.Eventf(pod, corev1.EventTypeNormal, "Started", "Started container %s", pod.Spec.Containers[0].Name)
	k.setStatus(ctx, pod, func(status *corev1.PodStatus) {
		running := true
		state := containerStatus(pod, last, restarts)
		state.Ready, state.Started = true, &running
		state.State.Running = &corev1.ContainerStateRunning{StartedAt: at}
		status.Phase = corev1.PodRunning
		status.InitContainerStatuses = initStatuses(pod, at)
		status.ContainerStatuses = []corev1.ContainerStatus{state}
		setConditions(status, corev1.ConditionTrue, corev1.ConditionTrue)
	})
}

func (k *Kubelet) waiting(ctx context.Context, pod *corev1.Pod, last *corev1.ContainerStateTerminated, restarts int32) {
	k.events.Event(pod, corev1.EventTypeWarning, "BackOff", "Back-off restarting failed container "+pod.Spec.Containers[0].Name)
	k.setStatus(ctx, pod, func(status *corev1.PodStatus) {
		state := containerStatus(pod, last, restarts)
		state.State.Waiting = &corev1.ContainerStateWaiting{
			Reason: "CrashLoopBackOff", Message: "back-off restarting failed container=" + pod.Spec.Containers[0].Name,
		}
		status.ContainerStatuses = []corev1.ContainerStatus{state}
		setConditions(status, corev1.ConditionTrue, corev1.ConditionFalse)
	})
}

// setStatus writes the status of a pod, unless it was replaced by another of the same name.
func (k *Kubelet) setStatus(ctx context.Context, pod *corev1.Pod, set func(*corev1.PodStatus)) {
	err := retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		current, err := k.kube.CoreV1().Pods(pod.Namespace).Get(ctx, pod.Name, metav1.GetOptions{})
		if err != nil || current.UID != pod.UID {
			return err
		}
		if current.Status.StartTime == nil {
			now := metav1.Now()
			current.Status.StartTime = &now
		}
		current.Status.HostIP = "127.0.0.1"
		current.Status.HostIPs = []corev1.HostIP{{IP: "127.0.0.1"}}
		set(&current.Status)
		_, err = k.kube.CoreV1().Pods(pod.Namespace).UpdateStatus(ctx, current, metav1.UpdateOptions{})
		return err
	})
	if err != nil {
		k.complain(ctx, pod, err)
	}
}

func containerStatus(pod *corev1.Pod, last *corev1.ContainerStateTerminated, restarts int32) corev1.ContainerStatus {
	container := pod.Spec.Containers[0]
	return corev1.ContainerStatus{
		Name: container.Name, Image: container.Image, ImageID: container.Image,
		ContainerID:          "containerd://" + string(pod.UID),
		RestartCount:         restarts,
		LastTerminationState: corev1.ContainerState{Terminated: last},
	}
}

func initStatuses(pod *corev1.Pod, at metav1.Time) []corev1.ContainerStatus {
	var statuses []corev1.ContainerStatus
	for _, init := range pod.Spec.InitContainers {
		statuses = append(statuses, corev1.ContainerStatus{
			Name: init.Name, Image: init.Image, Ready: true,
			State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{
				Reason: "Completed", StartedAt: at, FinishedAt: at,
			}},
		})
	}
	return statuses
}

// setConditions keeps the scheduler's condition and writes those of a kubelet.
func setConditions(status *corev1.PodStatus, initialized, ready corev1.ConditionStatus) {
	for kind, value := range map[corev1.PodConditionType]corev1.ConditionStatus{
		corev1.PodInitialized: initialized, corev1.PodReady: ready, corev1.ContainersReady: ready,
	} {
		setCondition(status, kind, value)
	}
}

func setCondition(status *corev1.PodStatus, kind corev1.PodConditionType, value corev1.ConditionStatus) {
	for i, old := range status.Conditions {
		if old.Type == kind {
			if old.Status != value {
				status.Conditions[i].Status, status.Conditions[i].LastTransitionTime = value, metav1.Now()
			}
			return
		}
	}
	status.Conditions = append(status.Conditions, corev1.PodCondition{Type: kind, Status: value, LastTransitionTime: metav1.Now()})
}
