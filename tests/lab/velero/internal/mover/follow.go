package mover

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const (
	serverImage = "velero/velero:v1.18.3"
	// uploadPhases on a vSphere Snapshot becomes the phases of the Upload that is made for it.
	uploadPhases = "lab.kubectl-backup.dev/upload-phases"
)

// follow does what comes with a phase in other objects: the pod that moves the data, and the Snapshot and the Upload
// of the vSphere plugin that belong together.
func (m *Mover) follow(ctx context.Context, k *kind, object *unstructured.Unstructured, agent *corev1.Pod, phase string) error {
	switch {
	case k.podLabel != "" && phase == "Accepted":
		return m.createPod(ctx, k, object, agent.Spec.NodeName)
	case k.podLabel != "" && k.ended(phase):
		return m.cleanUp(ctx, k, object, phase)
	case k.name == "Snapshot" && phase == "Snapshotted":
		return m.createUpload(ctx, object, agent.Namespace)
	case k.name == "Upload":
		return m.reflect(ctx, object, phase)
	}
	return nil
}

// cleanUp removes what was made for moving the data of one object, and hands over a restored volume.
func (m *Mover) cleanUp(ctx context.Context, k *kind, object *unstructured.Unstructured, phase string) error {
	err := m.kube.CoreV1().Pods(object.GetNamespace()).Delete(ctx, object.GetName(), metav1.DeleteOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("delete pod: %w", err)
	}
	switch {
	case k.name == "DataUpload":
		return m.dropSnapshot(ctx, object)
	case k.name == "DataDownload" && phase == "Completed":
		return m.bindVolume(ctx, object)
	}
	return nil
}

// createPod makes the pod that moves the data of one object. Its container is named after the object's UID, as in
// github.com/vmware-tanzu/velero@v1.18.3 pkg/exposer/csi_snapshot.go.
func (m *Mover) createPod(ctx context.Context, k *kind, object *unstructured.Unstructured, node string) error {
	yes := true
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Name: object.GetName(), Namespace: object.GetNamespace(), Labels: map[string]string{k.podLabel: object.GetName()},
			OwnerReferences: []metav1.OwnerReference{{
				APIVersion: object.GetAPIVersion(), Kind: object.GetKind(), Name: object.GetName(), UID: object.GetUID(), Controller: &yes,
			}},
		},
		Spec: corev1.PodSpec{
			RestartPolicy: corev1.RestartPolicyNever,
			Containers: []corev1.Container{{
				Name: string(object.GetUID()), Image: serverImage, Command: []string{"/velero"},
				Args: []string{strings.ReplaceAll(strings.TrimPrefix(k.podLabel, "velero.io/"), "-", " ")},
			}},
			NodeSelector: map[string]string{"kubernetes.io/hostname": node},
		},
	}
	_, err := m.kube.CoreV1().Pods(pod.Namespace).Create(ctx, pod, metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("create pod: %w", err)
	}
	return nil
}

// createUpload makes the Upload of a Snapshot, named after its volume's snapshot, and gives the Snapshot its ID.
func (m *Mover) createUpload(ctx context.Context, snapshot *unstructured.Unstructured, namespace string) error {
	uid := string(snapshot.GetUID())
	volume := "ivd:" + uid[:8] + "-1111-4111-8111-111111111111:" + uid
	claim, _, _ := unstructured.NestedString(snapshot.Object, "spec", "resourceHandle", "name")
	id := fmt.Sprintf("pvc:%s/%s:%s", snapshot.GetNamespace(), claim, base64.StdEncoding.EncodeToString([]byte(volume)))
	k := m.kindOf("backupdriver.cnsdp.vmware.com", "snapshots")
	if err := m.patch(ctx, k, snapshot, map[string]any{"status": map[string]any{"snapshotID": id}}, "status"); err != nil {
		return err
	}
	annotations := map[string]any{}
	if phases := snapshot.GetAnnotations()[uploadPhases]; phases != "" {
		annotations[PhasesAnnotation] = phases
	}
	upload := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "datamover.cnsdp.vmware.com/v1alpha1", "kind": "Upload",
		"metadata": map[string]any{
			"name": "upload-" + uid, "namespace": namespace, "annotations": annotations,
			"labels": map[string]any{"velero.io/exclude-from-backup": "true"},
		},
		"spec": map[string]any{
			"snapshotID": volume, "snapshotReference": snapshot.GetNamespace() + "/" + snapshot.GetName(),
			"backupTimestamp": metav1.Now().UTC().Format("2006-01-02T15:04:05Z"),
		},
	}}
	resource := schema.GroupVersionResource{Group: "datamover.cnsdp.vmware.com", Version: "v1alpha1", Resource: "uploads"}
	_, err := m.dynamic.Resource(resource).Namespace(namespace).Create(ctx, upload, metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("create upload: %w", err)
	}
	return nil
}

// reflected are the phases of a Snapshot by those of its Upload.
func reflected(phase string) string {
	return map[string]string{
		"InProgress": "Uploading", "Completed": "Uploaded", "UploadError": "UploadFailed", "Canceling": "Canceling",
		"Canceled": "Canceled", "CleanupFailed": "CleanupAfterUploadFailed", "UploadFailedAfterRetry": "UploadFailedAfterRetry",
	}[phase]
}

// reflect brings the Snapshot that an Upload names into the phase that belongs to the Upload's.
func (m *Mover) reflect(ctx context.Context, upload *unstructured.Unstructured, phase string) error {
	reference, _, _ := unstructured.NestedString(upload.Object, "spec", "snapshotReference")
	namespace, name, found := strings.Cut(reference, "/")
	if phase = reflected(phase); !found || phase == "" {
		return nil
	}
	k := m.kindOf("backupdriver.cnsdp.vmware.com", "snapshots")
	snapshot := &unstructured.Unstructured{}
	snapshot.SetNamespace(namespace)
	snapshot.SetName(name)
	err := m.patch(ctx, k, snapshot, map[string]any{"status": map[string]any{"phase": phase}}, "status")
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

func (m *Mover) kindOf(group, resource string) *kind {
	for _, k := range m.kinds {
		if k.resource.Group == group && k.resource.Resource == resource {
			return k
		}
	}
	return nil
}
