package kubelet

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// RegistriesAnnotation on a namespace lists the registries that images of its init containers can be pulled from,
// as in a cluster without a way out. Without it everything can be pulled.
const RegistriesAnnotation = "lab.kubectl-backup.dev/registries"

const lookEvery = 500 * time.Millisecond

// waitsForRestore tells a restored pod that Velero holds back until its volumes are there. The containers' names are
// those of Velero and of its versions up to 1.9: github.com/vmware-tanzu/velero@v1.18.3 pkg/restorehelper.
func waitsForRestore(pod *corev1.Pod) bool {
	return restoreWait(pod) >= 0
}

func restoreWait(pod *corev1.Pod) int {
	return slices.IndexFunc(pod.Spec.InitContainers, func(c corev1.Container) bool {
		return c.Name == "restore-wait" || c.Name == "restic-wait"
	})
}

// playRestored pulls the image of the init container, waits in it for the volumes, and starts the pod then.
func (k *Kubelet) playRestored(ctx context.Context, pod *corev1.Pod, _ *play) {
	if !k.pull(ctx, pod) {
		return
	}
	log, err := k.serveWait(ctx, pod)
	if err != nil {
		k.complain(ctx, pod, err)
		return
	}
	defer log.Close()
	started := metav1.Now()
	k.setStatus(ctx, pod, func(status *corev1.PodStatus) {
		setInitializing(pod, status, corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: started}})
	})
	// The lines are those of the helper: github.com/vmware-tanzu/velero@v1.18.3 cmd/velero-restore-helper.
	for !k.volumesRestored(ctx, pod) {
		fmt.Fprintln(log, "The filesystem restore done file", doneFile(pod), "is not found yet. Retry later.")
		if !k.pause(ctx, lookEvery) {
			return
		}
	}
	fmt.Fprintln(log, "Found the done file", doneFile(pod))
	fmt.Fprintln(log, "All restic restores are done")
	k.started(ctx, pod, nil, 0, metav1.Now())
}

// doneFile is what the helper waits for in the first volume; the restore's UID is its argument.
func doneFile(pod *corev1.Pod) string {
	helper, volume, restore := pod.Spec.InitContainers[restoreWait(pod)], "data", ""
	if len(helper.VolumeMounts) > 0 {
		volume = helper.VolumeMounts[0].Name
	}
	if len(helper.Args) > 0 {
		restore = helper.Args[0]
	}
	return "/restores/" + volume + "/.velero/" + restore
}

// pull reports false when the pod went away before the image was there.
func (k *Kubelet) pull(ctx context.Context, pod *corev1.Pod) bool {
	image := pod.Spec.InitContainers[restoreWait(pod)].Image
	for told := false; ; told = true {
		if k.pullable(ctx, pod.Namespace, image) {
			return true
		}
		if !told {
			k.failPull(ctx, pod, image)
		}
		if !k.pause(ctx, lookEvery) {
			return false
		}
	}
}

func (k *Kubelet) pullable(ctx context.Context, namespace, image string) bool {
	found, err := k.kube.CoreV1().Namespaces().Get(ctx, namespace, metav1.GetOptions{})
	if err != nil {
		return false
	}
	registries, limited := found.Annotations[RegistriesAnnotation]
	return !limited || slices.Contains(strings.Split(registries, ","), registry(image))
}

// registry is the host in an image's name; a name without one belongs to Docker's.
func registry(image string) string {
	host, _, found := strings.Cut(image, "/")
	if found && (strings.ContainsAny(host, ".:") || host == "localhost") {
		return host
	}
	return "docker.io"
}

func (k *Kubelet) failPull(ctx context.Context, pod *corev1.Pod, image string) {
	host := registry(image)
	k.events.Eventf(pod, corev1.EventTypeNormal, "Pulling", "Pulling image %q", image)
	k.events.Eventf(pod, corev1.EventTypeWarning, "Failed",
		"Failed to pull image %q: failed to do request: Head \"https://%s/v2/\": dial tcp: lookup %s: no such host", image, host, host)
	k.events.Event(pod, corev1.EventTypeWarning, "Failed", "Error: ErrImagePull")
	k.events.Eventf(pod, corev1.EventTypeNormal, "BackOff", "Back-off pulling image %q", image)
	k.setStatus(ctx, pod, func(status *corev1.PodStatus) {
		setInitializing(pod, status, corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{
			Reason: "ImagePullBackOff", Message: fmt.Sprintf("Back-off pulling image %q", image),
		}})
	})
}

// volumesRestored reports whether a PodVolumeRestore is there for the pod and all are complete.
func (k *Kubelet) volumesRestored(ctx context.Context, pod *corev1.Pod) bool {
	resource := schema.GroupVersionResource{Group: "velero.io", Version: "v1", Resource: "podvolumerestores"}
	list, err := k.dynamic.Resource(resource).List(ctx, metav1.ListOptions{LabelSelector: "velero.io/pod-uid=" + string(pod.UID)})
	if err != nil {
		return false
	}
	return len(list.Items) > 0 && !slices.ContainsFunc(list.Items, func(restore unstructured.Unstructured) bool {
		phase, _, _ := unstructured.NestedString(restore.Object, "status", "phase")
		return phase != "Completed"
	})
}

// setInitializing leaves the init container of the restore in a state, and what comes after it waiting.
func setInitializing(pod *corev1.Pod, status *corev1.PodStatus, state corev1.ContainerState) {
	waiting := corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "PodInitializing"}}
	status.Phase = corev1.PodPending
	status.InitContainerStatuses, status.ContainerStatuses = nil, nil
	for i, init := range pod.Spec.InitContainers {
		own := waiting
		if i == restoreWait(pod) {
			own = state
		}
		status.InitContainerStatuses = append(status.InitContainerStatuses,
			corev1.ContainerStatus{Name: init.Name, Image: init.Image, State: own})
	}
	for _, container := range pod.Spec.Containers {
		status.ContainerStatuses = append(status.ContainerStatuses,
			corev1.ContainerStatus{Name: container.Name, Image: container.Image, State: waiting})
	}
	setConditions(status, corev1.ConditionFalse, corev1.ConditionFalse)
}
