package snapshot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
)

const usualSize = 1 << 30

// syncSnapshot binds a VolumeSnapshot to its content, or lets go of both.
func (c *Controller) syncSnapshot(ctx context.Context, snapshot *unstructured.Unstructured) error {
	content, driver := c.contentOf(snapshot)
	if driver != Driver || c.mode(ctx, snapshot) == Hang {
		return nil
	}
	if snapshot.GetDeletionTimestamp() != nil {
		return c.releaseSnapshot(ctx, snapshot, content)
	}
	if added := withFinalizers(snapshot, boundFinalizer, sourceFinalizer); added != nil {
		return c.patch(ctx, snapshot, added)
	}
	if c.mode(ctx, snapshot) == Fail {
		return c.fail(ctx, snapshot)
	}
	if content == nil {
		return c.createContent(ctx, snapshot)
	}
	status := content.Object["status"]
	if ready, _, _ := unstructured.NestedBool(content.Object, "status", "readyToUse"); !ready {
		return nil
	}
	if done, _, _ := unstructured.NestedBool(snapshot.Object, "status", "readyToUse"); done {
		return nil
	}
	size, _, _ := unstructured.NestedInt64(status.(map[string]any), "restoreSize")
	return c.patch(ctx, snapshot, map[string]any{"status": map[string]any{
		"boundVolumeSnapshotContentName": content.GetName(), "readyToUse": true, "restoreSize": fmt.Sprint(size),
		"creationTime": now(),
	}}, "status")
}

// releaseSnapshot deletes the content as its policy says, and the finalizers with it.
func (c *Controller) releaseSnapshot(ctx context.Context, snapshot, content *unstructured.Unstructured) error {
	if content != nil {
		policy, _, _ := unstructured.NestedString(content.Object, "spec", "deletionPolicy")
		if policy == "Delete" && content.GetDeletionTimestamp() == nil {
			err := c.dynamic.Resource(resource("volumesnapshotcontents")).Delete(ctx, content.GetName(), metav1.DeleteOptions{})
			if err != nil && !apierrors.IsNotFound(err) {
				return fmt.Errorf("delete content: %w", err)
			}
		}
		// The real controller waits until the content is gone.
		if policy == "Delete" {
			return nil
		}
	}
	return c.patch(ctx, snapshot, withoutFinalizers(snapshot, boundFinalizer, sourceFinalizer))
}

// syncContent takes the snapshot in the storage system, or removes it there.
func (c *Controller) syncContent(ctx context.Context, content *unstructured.Unstructured) error {
	driver, _, _ := unstructured.NestedString(content.Object, "spec", "driver")
	mode := c.mode(ctx, content)
	if driver != Driver || mode == Hang {
		return nil
	}
	if content.GetDeletionTimestamp() != nil {
		if mode == KeepContent || !slices.Contains(content.GetFinalizers(), contentFinalizer) {
			return nil
		}
		return c.patch(ctx, content, withoutFinalizers(content, contentFinalizer))
	}
	if added := withFinalizers(content, contentFinalizer); added != nil {
		return c.patch(ctx, content, added)
	}
	if ready, _, _ := unstructured.NestedBool(content.Object, "status", "readyToUse"); ready {
		return nil
	}
	handle, _, _ := unstructured.NestedString(content.Object, "spec", "source", "snapshotHandle")
	if handle == "" {
		handle = "snap-" + string(content.GetUID())
	}
	return c.patch(ctx, content, map[string]any{"status": map[string]any{
		"snapshotHandle": handle, "readyToUse": true, "restoreSize": usualSize, "creationTime": metav1.Now().UnixNano(),
	}}, "status")
}

// createContent makes the content of a snapshot as snapshot-controller names it.
func (c *Controller) createContent(ctx context.Context, snapshot *unstructured.Unstructured) error {
	class := c.classOf(snapshot)
	if class == nil {
		return nil
	}
	policy, _, _ := unstructured.NestedString(class.Object, "deletionPolicy")
	claim, _, _ := unstructured.NestedString(snapshot.Object, "spec", "source", "persistentVolumeClaimName")
	pvc, err := c.kube.CoreV1().PersistentVolumeClaims(snapshot.GetNamespace()).Get(ctx, claim, metav1.GetOptions{})
	if err != nil {
		return fmt.Errorf("get claim: %w", err)
	}
	content := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshotContent",
		"metadata": map[string]any{"name": "snapcontent-" + string(snapshot.GetUID()), "finalizers": []any{contentFinalizer}},
		"spec": map[string]any{
			"deletionPolicy": policy, "driver": Driver, "volumeSnapshotClassName": class.GetName(),
			"source": map[string]any{"volumeHandle": "vol-" + pvc.Spec.VolumeName},
			"volumeSnapshotRef": map[string]any{
				"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshot", "name": snapshot.GetName(),
				"namespace": snapshot.GetNamespace(), "uid": string(snapshot.GetUID()),
			},
		},
	}}
	if mode := c.mode(ctx, snapshot); mode != "" {
		content.SetAnnotations(map[string]string{Annotation: mode})
	}
	_, err = c.dynamic.Resource(resource("volumesnapshotcontents")).Create(ctx, content, metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("create content: %w", err)
	}
	return nil
}

func (c *Controller) fail(ctx context.Context, snapshot *unstructured.Unstructured) error {
	if _, told, _ := unstructured.NestedMap(snapshot.Object, "status", "error"); told {
		return nil
	}
	return c.patch(ctx, snapshot, map[string]any{"status": map[string]any{"readyToUse": false, "error": map[string]any{
		"time":    now(),
		"message": "Failed to check and update snapshot content: failed to take snapshot of the volume: rpc error: code = ResourceExhausted desc = the pool is full",
	}}}, "status")
}

func (c *Controller) patch(ctx context.Context, object *unstructured.Unstructured, content map[string]any, subresources ...string) error {
	encoded, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("encode patch: %w", err)
	}
	name := "volumesnapshotcontents"
	if object.GetKind() == "VolumeSnapshot" {
		name = "volumesnapshots"
	}
	_, err = c.dynamic.Resource(resource(name)).Namespace(object.GetNamespace()).
		Patch(ctx, object.GetName(), types.MergePatchType, encoded, metav1.PatchOptions{}, subresources...)
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}
