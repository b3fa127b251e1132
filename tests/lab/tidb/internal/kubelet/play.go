package kubelet

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/tidb/internal/klogline"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/tidb/internal/manager"
)

const retryConfig = 2 * time.Second

// componentLabel tells a clean-up from a backup.
const componentLabel = "app.kubernetes.io/component"

// play takes a pod from its node to its end. What goes wrong ends up as an event on the pod, as with a real kubelet.
func (k *Kubelet) play(ctx context.Context, pod *corev1.Pod) {
	if pod.Labels[componentLabel] == "clean" && pod.Annotations[manager.CleanAnnotation] == CleanImagePull {
		k.failPull(ctx, pod)
		return
	}
	env, ok := k.awaitEnvironment(ctx, pod)
	if !ok {
		return
	}
	if err := k.run(ctx, pod, env); err != nil && ctx.Err() == nil {
		k.events.Eventf(pod, corev1.EventTypeWarning, "Failed", "Error: %v", err)
	}
}

func (k *Kubelet) run(ctx context.Context, pod *corev1.Pod, env map[string]string) error {
	name := filepath.Join(k.logs, pod.Namespace+"_"+pod.Name+"_"+string(pod.UID))
	if err := k.runInit(pod, name); err != nil {
		return err
	}
	container := pod.Spec.Containers[0]
	log, err := klogline.OpenFile(name + "_" + container.Name + ".log")
	if err != nil {
		return err
	}
	defer log.Close()
	if err := k.serveLogs(ctx, pod, name); err != nil {
		return err
	}
	started := metav1.Now()
	if err := k.setStatus(ctx, pod, func(status *corev1.PodStatus) { setRunning(pod, status, started) }); err != nil {
		return err
	}
	k.events.Eventf(pod, corev1.EventTypeNormal, "Started", "Started container %s", container.Name)
	code := k.program.Run(ctx, manager.Invocation{
		Args: container.Args, Env: env, Annotations: pod.Annotations, Stderr: log,
	})
	if ctx.Err() != nil {
		return nil
	}
	return k.setStatus(ctx, pod, func(status *corev1.PodStatus) { setEnded(pod, status, started, int32(code)) })
}

// runInit leaves the log of the init container, which copies br and says so.
func (k *Kubelet) runInit(pod *corev1.Pod, name string) error {
	for _, container := range pod.Spec.InitContainers {
		log, err := klogline.OpenFile(name + "_" + container.Name + ".log")
		if err != nil {
			return err
		}
		fmt.Fprintln(log, "BR copy finished")
		if err := log.Close(); err != nil {
			return fmt.Errorf("write log: %w", err)
		}
	}
	return nil
}

// awaitEnvironment resolves the container's environment; while a Secret is missing the container waits. It reports
// false when the pod went away meanwhile.
func (k *Kubelet) awaitEnvironment(ctx context.Context, pod *corev1.Pod) (map[string]string, bool) {
	for waiting := false; ; waiting = true {
		env, err := k.environment(ctx, pod)
		if err == nil {
			return env, true
		}
		if ctx.Err() != nil {
			return nil, false
		}
		if !waiting {
			k.events.Eventf(pod, corev1.EventTypeWarning, "Failed", "Error: %v", err)
			_ = k.setStatus(ctx, pod, func(status *corev1.PodStatus) {
				setWaiting(pod, status, "CreateContainerConfigError", err.Error())
			})
		}
		select {
		case <-ctx.Done():
			return nil, false
		case <-time.After(retryConfig):
		}
	}
}

func (k *Kubelet) environment(ctx context.Context, pod *corev1.Pod) (map[string]string, error) {
	env := map[string]string{}
	for _, variable := range pod.Spec.Containers[0].Env {
		env[variable.Name] = variable.Value
		if variable.ValueFrom == nil || variable.ValueFrom.SecretKeyRef == nil {
			continue
		}
		ref := variable.ValueFrom.SecretKeyRef
		secret, err := k.kube.CoreV1().Secrets(pod.Namespace).Get(ctx, ref.Name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return nil, fmt.Errorf("secret %q not found", ref.Name)
		}
		if err != nil {
			return nil, fmt.Errorf("get secret %q: %w", ref.Name, err)
		}
		value, ok := secret.Data[ref.Key]
		if !ok {
			return nil, fmt.Errorf("couldn't find key %s in Secret %s/%s", ref.Key, pod.Namespace, ref.Name)
		}
		env[variable.Name] = string(value)
	}
	return env, nil
}

// failPull leaves the pod in the state of an image that cannot be pulled.
func (k *Kubelet) failPull(ctx context.Context, pod *corev1.Pod) {
	image := pod.Spec.Containers[0].Image
	k.events.Eventf(pod, corev1.EventTypeNormal, "Pulling", "Pulling image %q", image)
	k.events.Eventf(pod, corev1.EventTypeWarning, "Failed", "Failed to pull image %q: rpc error: code = NotFound desc = failed to pull and unpack image: not found", image)
	k.events.Eventf(pod, corev1.EventTypeWarning, "Failed", "Error: ErrImagePull")
	k.events.Eventf(pod, corev1.EventTypeNormal, "BackOff", "Back-off pulling image %q", image)
	message := fmt.Sprintf("Back-off pulling image %q", image)
	_ = k.setStatus(ctx, pod, func(status *corev1.PodStatus) { setWaiting(pod, status, "ImagePullBackOff", message) })
}
