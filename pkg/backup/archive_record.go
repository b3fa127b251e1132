package backup

import "time"

// ArchiveRecord is what the stored copy of a backup or restore says about itself.
type ArchiveRecord struct {
	Ref         Ref        `json:"ref"`
	Phase       Phase      `json:"phase"`
	NativePhase string     `json:"nativePhase"`
	Started     *time.Time `json:"started,omitempty"`
	Finished    *time.Time `json:"finished,omitempty"`
	Expires     *time.Time `json:"expires,omitempty"`
	Format      string     `json:"formatVersion,omitempty"`
	Cluster     string     `json:"clusterVersion,omitempty"` // Kubernetes version at the time
	Location    string     `json:"storageLocation,omitempty"`
	Failure     string     `json:"failureReason,omitempty"`
	Errors      int64      `json:"errors"`
	Warnings    int64      `json:"warnings"`
	Items       Tally      `json:"items,omitzero"`
	Snapshots   Tally      `json:"snapshots,omitzero"`    // taken by plugins of the system
	CSI         Tally      `json:"csiSnapshots,omitzero"` // taken through CSI
	Operations  Tally      `json:"operations,omitzero"`
	Hooks       Tally      `json:"hooks,omitzero"`
	// RunMode is e-backup's: Normal, AppOnly, DataOnly, DryRun.
	RunMode string       `json:"runMode,omitempty"`
	Volumes VolumePolicy `json:"volumePolicy,omitzero"`
	// Object is the copy itself.
	Object map[string]any `json:"object,omitempty"`
}

// Tally is what was begun, and how it ended.
type Tally struct {
	Attempted int64 `json:"attempted"`
	Completed int64 `json:"completed"`
	Failed    int64 `json:"failed,omitempty"`
}

// VolumePolicy is what the backup's spec says about the data of volumes.
// Unknown is a field that is not set, so that the server's own default held.
type VolumePolicy struct {
	Snapshots  Answer `json:"snapshotVolumes"`
	Move       Answer `json:"snapshotMoveData"`
	FileSystem Answer `json:"defaultVolumesToFsBackup"`
	Policies   string `json:"resourcePolicy,omitempty"` // the ConfigMap of volume policies
	Selector   bool   `json:"selector,omitempty"`       // the spec selects objects by label
}

// NoData tells that the run was asked to copy no data of volumes, and by which field.
func (r *ArchiveRecord) NoData() (field string, no bool) {
	switch {
	case r == nil:
		return "", false
	case r.RunMode == "AppOnly" || r.RunMode == "DryRun":
		return "spec.runMode is " + r.RunMode, true
	case r.Volumes.Snapshots == No && r.Volumes.FileSystem == No:
		return "spec.snapshotVolumes and spec.defaultVolumesToFsBackup are false", true
	}
	return "", false
}

// ArchiveRun is what a run left at a place that holds markers and data, not files by name.
type ArchiveRun struct {
	Mode string `json:"mode"` // "snapshot", "log"
	// Complete is the marker that a finished run writes last; nil where it is not there.
	Complete *StoredObject `json:"complete,omitempty"`
	// Lock is the youngest lock; LockTTL is how long a running writer leaves it alone.
	Lock        *StoredObject `json:"lock,omitempty"`
	LockTTL     Duration      `json:"lockTTL,omitempty"`
	Checkpoints Count         `json:"checkpoints,omitzero"`
	Meta        Count         `json:"meta,omitzero"`
	Data        Count         `json:"data,omitzero"`
	EmptyData   Count         `json:"emptyData,omitzero"` // data objects of zero bytes, which Data counts too
	// CheckpointAt is the time up to which a log backup has stored everything.
	CheckpointAt *time.Time `json:"checkpointAt,omitempty"`
	// Unread lists markers that could not be read; each is unknown.
	Unread []string `json:"unread,omitempty"`
}
