package mover

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
)

const lookEvery = 500 * time.Millisecond

// sync does the next thing with an object, and says when to look again.
func (m *Mover) sync(ctx context.Context, next item) (time.Duration, error) {
	found, exists, err := m.stores[next.kind].GetStore().GetByKey(next.key)
	if err != nil || !exists {
		return 0, err
	}
	object := found.(*unstructured.Unstructured).DeepCopy()
	agent := m.agentOf(next.kind, object)
	if agent == nil {
		return 0, nil
	}
	set, err := readSettings(next.kind, object, m.namespaceAnnotations(ctx, object))
	if err != nil {
		m.say(agent, next.kind, object, line{level: "error", text: err.Error()})
		return 0, nil //nolint:nilerr // told in the agent's log; asking again would not change the object
	}
	todo, s := decide(next.kind, object, set)
	if todo == takeStep && next.kind.name == "PodVolumeRestore" && !m.podWaits(object) {
		return lookEvery, nil
	}
	if todo == takeStep || todo == cancelNow {
		if wait := m.wait(object, s); wait > 0 {
			return wait, nil
		}
	}
	err = m.do(ctx, next.kind, object, set, agent, todo, s)
	if apierrors.IsNotFound(err) {
		return 0, nil
	}
	return 0, err
}

func (m *Mover) do(ctx context.Context, k *kind, object *unstructured.Unstructured, set settings, agent *corev1.Pod, todo action, s step) error {
	switch todo {
	case addFinalizer:
		return m.patch(ctx, k, object, finalizers(object, append(object.GetFinalizers(), k.finalizer)))
	case removeFinalizer:
		return m.patch(ctx, k, object, finalizers(object, slices.DeleteFunc(object.GetFinalizers(),
			func(name string) bool { return name == k.finalizer })))
	case requestCancel:
		return m.patch(ctx, k, object, map[string]any{"spec": map[string]any{k.cancel: true}})
	case cancelNow:
		return m.enter(ctx, k, object, set, agent, s, nil)
	case takeStep:
		done := strconv.Itoa(stepsDone(object.GetAnnotations()) + 1)
		if s.phase == gone {
			return m.dynamic.Resource(k.resource).Namespace(object.GetNamespace()).Delete(ctx, object.GetName(), metav1.DeleteOptions{})
		}
		return m.enter(ctx, k, object, set, agent, s, map[string]any{"annotations": map[string]any{stepAnnotation: done}})
	}
	return nil
}

// enter brings the object into a phase, with everything that comes with it.
func (m *Mover) enter(ctx context.Context, k *kind, object *unstructured.Unstructured, set settings, agent *corev1.Pod, s step,
	metadata map[string]any,
) error {
	content := map[string]any{"status": change(k, object, set, s, agent.Spec.NodeName, metav1.Now())}
	if k.status {
		if err := m.patch(ctx, k, object, content, "status"); err != nil {
			return err
		}
		content = map[string]any{}
	}
	if metadata != nil {
		content["metadata"] = metadata
	}
	if len(content) > 0 {
		if err := m.patch(ctx, k, object, content); err != nil {
			return err
		}
	}
	for _, l := range lines(k, phaseOf(object), s) {
		m.say(agent, k, object, l)
	}
	return m.follow(ctx, k, object, agent, s.phase)
}

func (m *Mover) patch(ctx context.Context, k *kind, object *unstructured.Unstructured, content map[string]any, subresources ...string) error {
	encoded, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("encode patch: %w", err)
	}
	_, err = m.dynamic.Resource(k.resource).Namespace(object.GetNamespace()).
		Patch(ctx, object.GetName(), types.MergePatchType, encoded, metav1.PatchOptions{}, subresources...)
	return err
}

// finalizers is a patch of the whole list; the version keeps it from undoing what another has done meanwhile.
func finalizers(object *unstructured.Unstructured, list []string) map[string]any {
	if list == nil {
		list = []string{}
	}
	return map[string]any{"metadata": map[string]any{"finalizers": list, "resourceVersion": object.GetResourceVersion()}}
}

// namespaceAnnotations are those of the namespace that the object's volume is in.
func (m *Mover) namespaceAnnotations(ctx context.Context, object *unstructured.Unstructured) map[string]string {
	for _, path := range [][]string{{"spec", "sourceNamespace"}, {"spec", "targetVolume", "namespace"}, {"spec", "pod", "namespace"}} {
		name, _, _ := unstructured.NestedString(object.Object, path...)
		if name == "" {
			continue
		}
		if namespace, err := m.kube.CoreV1().Namespaces().Get(ctx, name, metav1.GetOptions{}); err == nil {
			return namespace.Annotations
		}
	}
	return nil
}

// podWaits reports whether the pod of a PodVolumeRestore has come to its init container, which node-agent waits for.
func (m *Mover) podWaits(restore *unstructured.Unstructured) bool {
	namespace, _, _ := unstructured.NestedString(restore.Object, "spec", "pod", "namespace")
	name, _, _ := unstructured.NestedString(restore.Object, "spec", "pod", "name")
	pod, err := m.pods.Pods(namespace).Get(name)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(pod.Status.InitContainerStatuses, func(status corev1.ContainerStatus) bool {
		return status.Name == "restore-wait" && status.State.Running != nil
	})
}

// wait is how long it is to the object's next step.
func (m *Mover) wait(object *unstructured.Unstructured, s step) time.Duration {
	key := string(object.GetUID()) + "/" + object.GetAnnotations()[stepAnnotation] + "/" + s.phase
	m.mutex.Lock()
	defer m.mutex.Unlock()
	due, known := m.due[key]
	if !known {
		due = time.Now().Add(s.after)
		m.due[key] = due
	}
	wait := time.Until(due)
	if wait <= 0 {
		delete(m.due, key)
	}
	return wait
}
