package backup

import "time"

// VolumeMethod is how the data of a volume was copied.
type VolumeMethod string

// The methods, in the words of Velero's volume information
// (velero@v1.18.3 internal/volume/volumes_information.go).
const (
	MethodNone           VolumeMethod = "none"
	MethodNativeSnapshot VolumeMethod = "NativeSnapshot"
	MethodPodVolume      VolumeMethod = "PodVolumeBackup"
	MethodCSISnapshot    VolumeMethod = "CSISnapshot"
	MethodCSIMoved       VolumeMethod = "CSISnapshot+moved"
	MethodVSphere        VolumeMethod = "vSphere"
)

// VolumeState is what became of the data of one volume.
type VolumeState string

// The states of a volume. Unknown is one of which nothing readable speaks.
const (
	VolumeCopied    VolumeState = "Copied"
	VolumeNotCopied VolumeState = "NotCopied"
	VolumeFailed    VolumeState = "Failed"
	VolumeMoving    VolumeState = "Moving"
	VolumeUnknown   VolumeState = "Unknown"
)

// ArchivedVolume is one volume as the archive speaks of it.
type ArchivedVolume struct {
	Namespace string `json:"namespace,omitempty"`
	Claim     string `json:"claim,omitempty"`
	PV        string `json:"volume,omitempty"`
	Pod       string `json:"pod,omitempty"`
	PodVolume string `json:"podVolume,omitempty"` // the name in the pod's spec
	Node      string `json:"node,omitempty"`

	Method VolumeMethod `json:"method"`
	State  VolumeState  `json:"state"`
	// Why says why it was not copied or failed; Meant tells that somebody wanted it so.
	Why   string `json:"why,omitempty"`
	Meant bool   `json:"meant,omitempty"`

	Handle      string `json:"handle,omitempty"` // of the snapshot, at the system that holds it
	Driver      string `json:"driver,omitempty"` // CSI driver, uploader or plugin
	NativePhase string `json:"nativePhase,omitempty"`
	Result      string `json:"result,omitempty"` // the system's own word for how it ended: "succeeded"
	// Operation is the id of the plugin's operation; Content the VolumeSnapshotContent.
	Operation string `json:"operation,omitempty"`
	Content   string `json:"content,omitempty"`
	// Zone and IOPS are of native snapshots, as the cloud writes them.
	Zone string `json:"availabilityZone,omitempty"`
	IOPS string `json:"iops,omitempty"`
	// Local is the CSI snapshot that stays beside data that was moved.
	Local *LocalSnapshot `json:"localSnapshot,omitempty"`
	// Bytes are those that were copied; nil is not said. Capacity is what the claim asks for.
	Bytes       *int64     `json:"bytes,omitempty"`
	Incremental *int64     `json:"incrementalBytes,omitempty"`
	Capacity    *int64     `json:"capacity,omitempty"`
	Started     *time.Time `json:"started,omitempty"`
	Finished    *time.Time `json:"finished,omitempty"`
	// Stored is what lies in the bucket for this volume alone, where a method has such objects.
	Stored *StoredVolume `json:"stored,omitempty"`
	// Source is the file that says so.
	Source FileRole `json:"source,omitempty"`
}

// LocalSnapshot is a CSI snapshot that is kept in the cluster's own storage system.
type LocalSnapshot struct {
	Content string `json:"content,omitempty"` // the VolumeSnapshotContent
	Handle  string `json:"handle,omitempty"`
	Driver  string `json:"driver,omitempty"`
	Bytes   int64  `json:"bytes,omitempty"`
}

// StoredVolume sums the objects that a volume of the vSphere plugin has in the bucket.
type StoredVolume struct {
	Lookup   Lookup `json:"lookup"` // whether the sums are complete
	Error    string `json:"error,omitempty"`
	Info     Lookup `json:"info"` // the object without which the rest is of no use
	Metadata Count  `json:"metadata"`
	Data     Count  `json:"data"`
}

// Name is the volume in a sentence: the claim, else the volume of the pod, else the PV.
func (v ArchivedVolume) Name() string {
	switch {
	case v.Claim != "":
		return v.Namespace + "/" + v.Claim
	case v.Pod != "":
		return v.Namespace + "/" + v.Pod + ":" + v.PodVolume
	}
	return v.PV
}

// Block tells whether the copy holds blocks, so that it is about as large as the
// volume; copies of files are as large as the files.
func (v ArchivedVolume) Block() bool {
	return v.Method == MethodVSphere || v.Method == MethodCSISnapshot
}
