// Package cluster holds what the parts of this program ask of the cluster alike.
package cluster

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
)

// ServeLogs tells kwok where the log of a pod's containers is, and that of their run before when there was one. The
// object goes with the pod.
func ServeLogs(ctx context.Context, client dynamic.Interface, pod *corev1.Pod, file, previous string) error {
	return serve(ctx, client, pod, pod.Spec.Containers, file, previous)
}

// ServeInitLog is the same for one init container; the containers have no log then.
func ServeInitLog(ctx context.Context, client dynamic.Interface, pod *corev1.Pod, container corev1.Container, file string) error {
	return serve(ctx, client, pod, []corev1.Container{container}, file, "")
}

func serve(ctx context.Context, client dynamic.Interface, pod *corev1.Pod, containers []corev1.Container, file, previous string) error {
	var logs []any
	for _, container := range containers {
		log := map[string]any{"containers": []any{container.Name}, "logsFile": file, "follow": true}
		if previous != "" {
			log["previousLogsFile"] = previous
		}
		logs = append(logs, log)
	}
	object := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "kwok.x-k8s.io/v1alpha1",
		"kind":       "Logs",
		"metadata":   map[string]any{"name": pod.Name, "namespace": pod.Namespace},
		"spec":       map[string]any{"logs": logs},
	}}
	object.SetOwnerReferences([]metav1.OwnerReference{{APIVersion: "v1", Kind: "Pod", Name: pod.Name, UID: pod.UID}})
	resource := client.Resource(schema.GroupVersionResource{Group: "kwok.x-k8s.io", Version: "v1alpha1", Resource: "logs"}).
		Namespace(pod.Namespace)
	_, err := resource.Create(ctx, object, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		content, encodeErr := object.MarshalJSON()
		if encodeErr != nil {
			return fmt.Errorf("encode logs of pod %s/%s: %w", pod.Namespace, pod.Name, encodeErr)
		}
		_, err = resource.Patch(ctx, pod.Name, types.MergePatchType, content, metav1.PatchOptions{})
	}
	if err != nil {
		return fmt.Errorf("serve logs of pod %s/%s: %w", pod.Namespace, pod.Name, err)
	}
	return nil
}
