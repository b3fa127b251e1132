package kubelet

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// mount makes a folder for each volume of the container, with the files of a Secret in it.
func (k *Kubelet) mount(ctx context.Context, pod *corev1.Pod, folder string) error {
	for _, name := range []string{"home", "tmp"} {
		if err := os.MkdirAll(filepath.Join(folder, name), 0o700); err != nil {
			return fmt.Errorf("create folder: %w", err)
		}
	}
	for _, volume := range pod.Spec.Volumes {
		path := filepath.Join(folder, "volumes", volume.Name)
		if err := os.MkdirAll(path, 0o700); err != nil {
			return fmt.Errorf("create volume: %w", err)
		}
		if volume.Secret == nil {
			continue
		}
		secret, err := k.kube.CoreV1().Secrets(pod.Namespace).Get(ctx, volume.Secret.SecretName, metav1.GetOptions{})
		if err != nil {
			return fmt.Errorf("for volume %q: %w", volume.Name, err)
		}
		for key, value := range secret.Data {
			if err := os.WriteFile(filepath.Join(path, filepath.Base(key)), value, 0o600); err != nil {
				return fmt.Errorf("write volume: %w", err)
			}
		}
	}
	return nil
}

// environment is the container's, with paths in its volumes led to where they are, and nothing of this program's own
// but how often it collects garbage.
func (k *Kubelet) environment(pod *corev1.Pod, folder string) []string {
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + filepath.Join(folder, "home"), "TMPDIR=" + filepath.Join(folder, "tmp"),
		"HTTP_PROXY=" + k.options.Proxy, "GOGC=" + os.Getenv("GOGC"),
	}
	container := pod.Spec.Containers[0]
	for _, variable := range container.Env {
		value := variable.Value
		if from := variable.ValueFrom; from != nil && from.FieldRef != nil && from.FieldRef.FieldPath == "metadata.namespace" {
			value = pod.Namespace
		}
		for _, mount := range container.VolumeMounts {
			if value == mount.MountPath || strings.HasPrefix(value, mount.MountPath+"/") {
				value = filepath.Join(folder, "volumes", mount.Name) + strings.TrimPrefix(value, mount.MountPath)
				break
			}
		}
		env = append(env, variable.Name+"="+value)
	}
	return env
}
