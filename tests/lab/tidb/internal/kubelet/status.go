package kubelet

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/retry"
)

// setStatus writes the status of a pod, unless it was replaced by another of the same name.
func (k *Kubelet) setStatus(ctx context.Context, pod *corev1.Pod, set func(*corev1.PodStatus)) error {
	err := retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		current, err := k.kube.CoreV1().Pods(pod.Namespace).Get(ctx, pod.Name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		if current.UID != pod.UID {
			return nil
		}
		set(&current.Status)
		_, err = k.kube.CoreV1().Pods(pod.Namespace).UpdateStatus(ctx, current, metav1.UpdateOptions{})
		return err
	})
	if err != nil {
		return fmt.Errorf("set status of pod %s/%s: %w", pod.Namespace, pod.Name, err)
	}
	return nil
}

func setRunning(pod *corev1.Pod, status *corev1.PodStatus, started metav1.Time) {
	status.Phase = corev1.PodRunning
	setHost(status, started)
	setConditions(status, corev1.ConditionTrue, "")
	running := true
	state := containerStatus(pod)
	state.Ready, state.Started = true, &running
	state.State.Running = &corev1.ContainerStateRunning{StartedAt: started}
	status.ContainerStatuses = []corev1.ContainerStatus{state}
	status.InitContainerStatuses = nil
	for _, init := range pod.Spec.InitContainers {
		status.InitContainerStatuses = append(status.InitContainerStatuses, corev1.ContainerStatus{
			Name: init.Name, Image: init.Image, Ready: true,
			State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{
				Reason: "Completed", StartedAt: started, FinishedAt: started,
			}},
		})
	}
}

func setEnded(pod *corev1.Pod, status *corev1.PodStatus, started metav1.Time, code int32) {
	phase, reason, why := corev1.PodSucceeded, "Completed", "PodCompleted"
	if code != 0 {
		phase, reason, why = corev1.PodFailed, "Error", "PodFailed"
	}
	status.Phase = phase
	setConditions(status, corev1.ConditionFalse, why)
	running := false
	state := containerStatus(pod)
	state.Started = &running
	state.State.Terminated = &corev1.ContainerStateTerminated{
		ExitCode: code, Reason: reason, StartedAt: started, FinishedAt: metav1.Now(), ContainerID: state.ContainerID,
	}
	status.ContainerStatuses = []corev1.ContainerStatus{state}
}

func setWaiting(pod *corev1.Pod, status *corev1.PodStatus, reason, message string) {
	status.Phase = corev1.PodPending
	setHost(status, metav1.Now())
	setConditions(status, corev1.ConditionFalse, "ContainersNotReady")
	state := containerStatus(pod)
	state.ContainerID, state.ImageID = "", ""
	state.State.Waiting = &corev1.ContainerStateWaiting{Reason: reason, Message: message}
	status.ContainerStatuses = []corev1.ContainerStatus{state}
}

func containerStatus(pod *corev1.Pod) corev1.ContainerStatus {
	container := pod.Spec.Containers[0]
	return corev1.ContainerStatus{
		Name: container.Name, Image: container.Image, ImageID: container.Image,
		ContainerID: "containerd://" + string(pod.UID),
	}
}

func setHost(status *corev1.PodStatus, started metav1.Time) {
	if status.StartTime == nil {
		status.StartTime = &started
	}
	status.HostIP = "127.0.0.1"
	status.HostIPs = []corev1.HostIP{{IP: status.HostIP}}
}

// setConditions keeps the scheduler's condition and writes those of a kubelet.
func setConditions(status *corev1.PodStatus, ready corev1.ConditionStatus, reason string) {
	set := func(kind corev1.PodConditionType, value corev1.ConditionStatus, reason string) {
		condition := corev1.PodCondition{Type: kind, Status: value, Reason: reason, LastTransitionTime: metav1.Now()}
		for i, old := range status.Conditions {
			if old.Type == kind {
				if old.Status == value {
					condition.LastTransitionTime = old.LastTransitionTime
				}
				status.Conditions[i] = condition
				return
			}
		}
		status.Conditions = append(status.Conditions, condition)
	}
	set(corev1.PodInitialized, corev1.ConditionTrue, "")
	set(corev1.PodReady, ready, reason)
	set(corev1.ContainersReady, ready, reason)
}
