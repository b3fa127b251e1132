package backup

// Preflight is what was looked at before a new object is made. A part is nil where
// it was not looked at: it does not concern the object, or the person skips it.
type Preflight struct {
	// Manifest is the object as it would be sent.
	Manifest map[string]any `json:"manifest,omitempty"`
	// Timetables are those of the schedules that are made or set to work.
	Timetables []Timetable `json:"timetables,omitempty"`
	// Restore is what was looked at where the object is a restore.
	Restore *RestoreLook `json:"restore,omitempty"`
	// TiDB is what was looked at where that is one of TiDB Operator.
	TiDB *TiDBRestoreLook `json:"tidb,omitempty"`
	// Storage is the place in which it will store its data.
	Storage *StoragePreflight `json:"storage,omitempty"`
	// Needs are the other objects without which it cannot proceed, but for those that
	// another check looks at.
	Needs []Need `json:"needs,omitempty"`
	// Volumes are those whose data it is to copy.
	Volumes *VolumesPreflight `json:"volumes,omitempty"`
}

// PreflightCheck is a group of questions that are asked and skipped together.
type PreflightCheck string

// The checks by the names that --skip-preflight takes.
const (
	PreflightStorage  PreflightCheck = "storage"
	PreflightNeeds    PreflightCheck = "needs"
	PreflightVolumes  PreflightCheck = "volumes"
	PreflightSchedule PreflightCheck = "schedule"
)
