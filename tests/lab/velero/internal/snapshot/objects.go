package snapshot

import (
	"context"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// contentOf is the content that belongs to a snapshot, nil while there is none, and the driver of the two.
func (c *Controller) contentOf(snapshot *unstructured.Unstructured) (*unstructured.Unstructured, string) {
	name, _, _ := unstructured.NestedString(snapshot.Object, "spec", "source", "volumeSnapshotContentName")
	if name == "" {
		name = "snapcontent-" + string(snapshot.GetUID())
	}
	if found, exists, err := c.contents.GetStore().GetByKey(name); err == nil && exists {
		content := found.(*unstructured.Unstructured)
		driver, _, _ := unstructured.NestedString(content.Object, "spec", "driver")
		return content, driver
	}
	if class := c.classOf(snapshot); class != nil {
		driver, _, _ := unstructured.NestedString(class.Object, "driver")
		return nil, driver
	}
	return nil, ""
}

func (c *Controller) classOf(snapshot *unstructured.Unstructured) *unstructured.Unstructured {
	name, _, _ := unstructured.NestedString(snapshot.Object, "spec", "volumeSnapshotClassName")
	found, exists, err := c.classes.GetStore().GetByKey(name)
	if err != nil || !exists {
		return nil
	}
	return found.(*unstructured.Unstructured)
}

// mode is the object's annotation, or that of its namespace.
func (c *Controller) mode(ctx context.Context, object *unstructured.Unstructured) string {
	if own := object.GetAnnotations()[Annotation]; own != "" || object.GetNamespace() == "" {
		return own
	}
	namespace, err := c.kube.CoreV1().Namespaces().Get(ctx, object.GetNamespace(), metav1.GetOptions{})
	if err != nil {
		return ""
	}
	return namespace.Annotations[Annotation]
}

// withFinalizers is a patch that adds what is missing, nil when nothing is.
func withFinalizers(object *unstructured.Unstructured, names ...string) map[string]any {
	list := object.GetFinalizers()
	for _, name := range names {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	if len(list) == len(object.GetFinalizers()) {
		return nil
	}
	return finalizers(object, list)
}

func withoutFinalizers(object *unstructured.Unstructured, names ...string) map[string]any {
	return finalizers(object, slices.DeleteFunc(object.GetFinalizers(), func(name string) bool { return slices.Contains(names, name) }))
}

// finalizers is a patch of the whole list; the version keeps it from undoing what another has done meanwhile.
func finalizers(object *unstructured.Unstructured, list []string) map[string]any {
	if list == nil {
		list = []string{}
	}
	return map[string]any{"metadata": map[string]any{"finalizers": list, "resourceVersion": object.GetResourceVersion()}}
}

func now() string { return time.Now().UTC().Format(time.RFC3339) }
