package mover

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// volumeDriver is the CSI driver of the lab, which nobody has to attach.
const volumeDriver = "csi.lab.kubectl-backup.dev"

// bindVolume gives the claim that a DataDownload restores a volume, as node-agent does with the one it wrote to. The
// claim finds it by the label that Velero put into the claim's selector.
func (m *Mover) bindVolume(ctx context.Context, download *unstructured.Unstructured) error {
	namespace, _, _ := unstructured.NestedString(download.Object, "spec", "targetVolume", "namespace")
	name, _, _ := unstructured.NestedString(download.Object, "spec", "targetVolume", "pvc")
	claim, err := m.kube.CoreV1().PersistentVolumeClaims(namespace).Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("get claim: %w", err)
	}
	volume := &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: "pvc-" + string(claim.UID)},
		Spec: corev1.PersistentVolumeSpec{
			AccessModes: claim.Spec.AccessModes, VolumeMode: claim.Spec.VolumeMode,
			Capacity:                      corev1.ResourceList{corev1.ResourceStorage: claim.Spec.Resources.Requests[corev1.ResourceStorage]},
			PersistentVolumeReclaimPolicy: corev1.PersistentVolumeReclaimDelete,
			PersistentVolumeSource: corev1.PersistentVolumeSource{
				CSI: &corev1.CSIPersistentVolumeSource{Driver: volumeDriver, VolumeHandle: "vol-" + string(claim.UID)},
			},
			ClaimRef: &corev1.ObjectReference{
				APIVersion: "v1", Kind: "PersistentVolumeClaim", Namespace: namespace, Name: name, UID: claim.UID,
			},
		},
	}
	if claim.Spec.Selector != nil {
		volume.Labels = claim.Spec.Selector.MatchLabels
	}
	if claim.Spec.StorageClassName != nil {
		volume.Spec.StorageClassName = *claim.Spec.StorageClassName
	}
	_, err = m.kube.CoreV1().PersistentVolumes().Create(ctx, volume, metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("create volume: %w", err)
	}
	return nil
}

// dropSnapshot deletes the VolumeSnapshot whose data has been moved.
func (m *Mover) dropSnapshot(ctx context.Context, upload *unstructured.Unstructured) error {
	namespace, _, _ := unstructured.NestedString(upload.Object, "spec", "sourceNamespace")
	name, _, _ := unstructured.NestedString(upload.Object, "spec", "csiSnapshot", "volumeSnapshot")
	if namespace == "" || name == "" {
		return nil
	}
	resource := schema.GroupVersionResource{Group: "snapshot.storage.k8s.io", Version: "v1", Resource: "volumesnapshots"}
	err := m.dynamic.Resource(resource).Namespace(namespace).Delete(ctx, name, metav1.DeleteOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("delete snapshot: %w", err)
	}
	return nil
}
