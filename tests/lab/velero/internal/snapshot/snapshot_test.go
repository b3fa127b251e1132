package snapshot

import (
	"context"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic/fake"
	kubefake "k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/util/workqueue"
)

func object(kind, namespace, name string, fields map[string]any) *unstructured.Unstructured {
	o := &unstructured.Unstructured{Object: fields}
	o.SetAPIVersion("snapshot.storage.k8s.io/v1")
	o.SetKind(kind)
	o.SetNamespace(namespace)
	o.SetName(name)
	return o
}

// started is a controller over objects, and stops with the test.
func started(t *testing.T, objects ...runtime.Object) *Controller {
	t.Helper()
	client := fake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), map[schema.GroupVersionResource]string{
		resource("volumesnapshots"): "VolumeSnapshotList", resource("volumesnapshotcontents"): "VolumeSnapshotContentList",
		resource("volumesnapshotclasses"): "VolumeSnapshotClassList",
	}, objects...)
	c := &Controller{
		dynamic: client, queue: workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[string]()),
		kube: kubefake.NewClientset(&corev1.PersistentVolumeClaim{
			ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "db"}, Spec: corev1.PersistentVolumeClaimSpec{VolumeName: "pv"},
		}),
	}
	ready := make(chan struct{})
	go func() {
		if err := c.Run(t.Context(), func() { close(ready) }); err != nil {
			t.Error(err)
		}
	}()
	<-ready
	return c
}

func class(driver string) *unstructured.Unstructured {
	return object("VolumeSnapshotClass", "", "fast", map[string]any{"driver": driver, "deletionPolicy": "Delete"})
}

func snapshotOf(annotations map[string]string) *unstructured.Unstructured {
	o := object("VolumeSnapshot", "shop", "db", map[string]any{"spec": map[string]any{
		"volumeSnapshotClassName": "fast", "source": map[string]any{"persistentVolumeClaimName": "db"},
	}})
	o.SetUID("1234")
	o.SetAnnotations(annotations)
	return o
}

// becomes waits for a field of the snapshot.
func (c *Controller) becomes(t *testing.T, path ...string) any {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	for {
		found, err := c.dynamic.Resource(resource("volumesnapshots")).Namespace("shop").Get(ctx, "db", metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if value, there, _ := unstructured.NestedFieldCopy(found.Object, path...); there {
			return value
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%v did not come: %v", path, found.Object)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func TestSnapshotBecomesReady(t *testing.T) {
	c := started(t, class(Driver), snapshotOf(nil))
	if c.becomes(t, "status", "boundVolumeSnapshotContentName") != "snapcontent-1234" {
		t.Error("bound to another content")
	}
	if finalizers, _ := c.becomes(t, "metadata", "finalizers").([]any); len(finalizers) != 2 {
		t.Errorf("finalizers are %v", finalizers)
	}
	content, err := c.dynamic.Resource(resource("volumesnapshotcontents")).Get(t.Context(), "snapcontent-1234", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if handle, _, _ := unstructured.NestedString(content.Object, "status", "snapshotHandle"); handle == "" {
		t.Errorf("the content has no handle: %v", content.Object)
	}
}

func TestSnapshotFails(t *testing.T) {
	c := started(t, class(Driver), snapshotOf(map[string]string{Annotation: Fail}))
	if c.becomes(t, "status", "error", "message") == "" {
		t.Error("the error says nothing")
	}
}

func TestOthersAreLeftAlone(t *testing.T) {
	for name, c := range map[string]*Controller{
		"another driver": started(t, class("csi.example.com"), snapshotOf(nil)),
		"hanging":        started(t, class(Driver), snapshotOf(map[string]string{Annotation: Hang})),
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.sync(t.Context(), "shop/db"); err != nil {
				t.Fatal(err)
			}
			for _, action := range c.dynamic.(*fake.FakeDynamicClient).Actions() {
				if verb := action.GetVerb(); verb != "list" && verb != "watch" {
					t.Errorf("it did %s", verb)
				}
			}
		})
	}
}
