package mover

import (
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Labels by which the pods that move data are found.
const (
	nodeAgent    = "node-agent"
	dataManager  = "datamgr-for-vsphere-plugin"
	backupDriver = "backup-driver"
)

// Finalizers of node-agent, as in github.com/vmware-tanzu/velero@v1.18.3 pkg/controller/data_upload_controller.go
// and pod_volume_backup_controller.go.
const (
	dataFinalizer   = "velero.io/data-upload-download-finalizer"
	volumeFinalizer = "velero.io/pod-volume-finalizer"
)

// kind is a resource whose objects the stand-in drives, and what its real controller does with them.
type kind struct {
	resource schema.GroupVersionResource
	name     string
	// agent is the value of the label `name` on the pods of the controller.
	agent string
	// anywhere says that the agent lives in another namespace than the object.
	anywhere bool
	// finalizer is kept while the object is not at its end; empty for none.
	finalizer string
	ends      []string
	// script is what objects go through that name no steps of their own.
	script string
	// cancel is the field of the spec that asks for a cancellation; empty for none.
	cancel string
	// status says that the kind has a status subresource.
	status bool
	// podLabel marks the pod that moves the data of one object; empty when the agent moves it itself.
	podLabel string
	// controller and field are how log lines name the controller and the object.
	controller, field string
	snapshotID        bool
}

const moverScript = "Accepted,Prepared,InProgress:0%,InProgress:50%,InProgress:100%,Completed"

func kinds() []*kind {
	return slices.Concat(veleroKinds(), vsphereKinds("datamover.cnsdp.vmware.com", "v1alpha1"),
		vsphereKinds("veleroplugin.io", "v1"), backupDriverKinds())
}

func veleroKinds() []*kind {
	ends := []string{"Completed", "Failed", "Canceled"}
	mover := func(group string, k kind) *kind {
		k.resource.Group, k.resource.Version = "velero.io", group
		k.agent, k.ends, k.script, k.cancel = nodeAgent, ends, moverScript, "cancel"
		return &k
	}
	return []*kind{
		mover("v2alpha1", kind{
			resource: schema.GroupVersionResource{Resource: "datauploads"}, name: "DataUpload", finalizer: dataFinalizer,
			podLabel: "velero.io/data-upload", controller: "dataupload", field: "dataupload", snapshotID: true,
		}),
		mover("v2alpha1", kind{
			resource: schema.GroupVersionResource{Resource: "datadownloads"}, name: "DataDownload", finalizer: dataFinalizer,
			podLabel: "velero.io/data-download", controller: "datadownload", field: "datadownload",
		}),
		mover("v1", kind{
			resource: schema.GroupVersionResource{Resource: "podvolumebackups"}, name: "PodVolumeBackup", finalizer: volumeFinalizer,
			podLabel: "velero.io/pod-volume-backup", controller: "podvolumebackup", field: "podvolumebackup", snapshotID: true,
		}),
		mover("v1", kind{
			resource: schema.GroupVersionResource{Resource: "podvolumerestores"}, name: "PodVolumeRestore", finalizer: volumeFinalizer,
			podLabel: "velero.io/pod-volume-restore", controller: "PodVolumeRestore", field: "podVolumeRestore",
		}),
	}
}

// vsphereKinds are moved by the daemons of the vSphere plugin; its versions up to 1.0 have a group of their own.
func vsphereKinds(group, version string) []*kind {
	of := func(resource string) schema.GroupVersionResource {
		return schema.GroupVersionResource{Group: group, Version: version, Resource: resource}
	}
	return []*kind{
		{
			resource: of("uploads"), name: "Upload", agent: dataManager, cancel: "uploadCancel",
			ends: []string{"Completed", "Canceled", "UploadFailedAfterRetry"}, controller: "upload", field: "name",
			script: "New,InProgress:0%,InProgress:50%,Completed",
		},
		{
			resource: of("downloads"), name: "Download", agent: dataManager,
			ends: []string{"Completed", "Failed"}, controller: "download", field: "name",
			script: "New,InProgress:0%,InProgress:50%,Completed",
		},
	}
}

// backupDriverKinds live in the namespaces of volumes, and their controller in Velero's.
func backupDriverKinds() []*kind {
	of := func(resource string) schema.GroupVersionResource {
		return schema.GroupVersionResource{Group: "backupdriver.cnsdp.vmware.com", Version: "v1alpha1", Resource: resource}
	}
	return []*kind{
		{
			resource: of("snapshots"), name: "Snapshot", agent: backupDriver, anywhere: true, status: true, cancel: "snapshotCancel",
			ends:   []string{"Uploaded", "SnapshotFailed", "Canceled", "CleanupAfterUploadFailed", "UploadFailedAfterRetry"},
			script: "New,InProgress,Snapshotted", controller: "snapshot", field: "name",
		},
		{
			resource: of("clonefromsnapshots"), name: "CloneFromSnapshot", agent: backupDriver, anywhere: true, status: true,
			ends: []string{"Completed", "Failed", "Canceled"}, script: "New,InProgress,Completed",
			controller: "clonefromsnapshot", field: "name",
		},
		{
			resource: of("deletesnapshots"), name: "DeleteSnapshot", agent: backupDriver, anywhere: true, status: true,
			ends: []string{"Completed", "Failed"}, script: "New,InProgress,Completed",
			controller: "deletesnapshot", field: "name",
		},
	}
}

func (k *kind) ended(phase string) bool { return slices.Contains(k.ends, phase) }
