package backup

import "time"

// Role is the part that a kind plays in its backup system.
type Role string

// The roles; a TYPE on the command line is one of them or a resource name.
const (
	RoleBackup   Role = "backup"
	RoleRestore  Role = "restore"
	RoleSchedule Role = "schedule"
	RoleLocation Role = "location"
	// RoleWork is an asynchronous piece of a backup or restore that is an object
	// of its own, such as a DataUpload.
	RoleWork Role = "work"
)

// Phase is the normalised state. The system's own word stays in Object.NativePhase.
type Phase string

// Phases of backups and restores, then of schedules, then of locations.
// A word of a future version is PhaseUnknown, never a guess.
const (
	PhaseUnknown         Phase = "Unknown"
	PhasePending         Phase = "Pending"
	PhaseRunning         Phase = "Running"
	PhaseCompleted       Phase = "Completed"
	PhasePartiallyFailed Phase = "PartiallyFailed"
	PhaseFailed          Phase = "Failed"
	PhaseDeleting        Phase = "Deleting"
	PhaseActive          Phase = "Active"
	PhasePaused          Phase = "Paused"
	PhaseInvalid         Phase = "Invalid"
	PhaseAvailable       Phase = "Available"
	PhaseUnavailable     Phase = "Unavailable"
)

// Terminal tells whether a backup or restore in this phase will not move by itself.
func (p Phase) Terminal() bool {
	return p == PhaseCompleted || p == PhasePartiallyFailed || p == PhaseFailed || p == PhaseInvalid
}

// Object is the normalised view of one object of a backup system: a backup, a
// restore, a schedule or a location, told apart by Role.
type Object struct {
	System      string    `json:"system,omitempty"` // empty for an object of no backup system
	Role        Role      `json:"role,omitempty"`
	Ref         Ref       `json:"ref"`
	Phase       Phase     `json:"phase,omitempty"` // empty where no backup system knows the kind
	NativePhase string    `json:"nativePhase,omitempty"`
	Mode        string    `json:"mode,omitempty"` // the system's own word: "snapshot", "log", "volume-snapshot"
	Data        DataState `json:"data,omitempty"`
	// DataWhy says in words why Data is what it is, where the profile says so.
	DataWhy    string      `json:"dataWhy,omitempty"`
	Conditions []Condition `json:"conditions,omitempty"`

	Created  time.Time  `json:"created"`
	Started  *time.Time `json:"started,omitempty"`
	Finished *time.Time `json:"finished,omitempty"`
	Expires  *time.Time `json:"expires,omitempty"`
	// PhaseSince is when the present phase was entered, as far as the object tells.
	PhaseSince *time.Time `json:"phaseSince,omitempty"`
	Deleted    *time.Time `json:"deletionTimestamp,omitempty"`

	SizeBytes *int64    `json:"sizeBytes,omitempty"`
	Progress  *Progress `json:"progress,omitempty"`

	Written   Written    `json:"written,omitzero"`
	Locations []Location `json:"locations,omitempty"`
	Retention Retention  `json:"retention,omitzero"`
	Works     []Work     `json:"works,omitempty"`
	// WorksLookup is Found where all works were looked for that are found by what they are.
	WorksLookup Lookup      `json:"worksLookup,omitempty"`
	Needs       []Need      `json:"needs,omitempty"`
	Schedule    string      `json:"schedule,omitempty"` // the schedule that made it
	Cron        string      `json:"cron,omitempty"`     // schedules: when it fires
	LastRun     *time.Time  `json:"lastRun,omitempty"`  // schedules
	LastChild   string      `json:"lastChild,omitempty"`
	Finalizers  []Finalizer `json:"finalizers,omitempty"`
	// LastDrill is the last drill that passed, as far as the object keeps it.
	LastDrill *LastDrill `json:"lastDrill,omitempty"`
	GitOps    []string   `json:"gitOps,omitempty"` // markers of tools that would bring it back
	// Usual is how long a run of this kind usually takes at most; zero is unknown.
	Usual Duration `json:"usual,omitempty"`
	// Unreadable lists what the profile could not evaluate; each is unknown.
	Unreadable []string `json:"unreadable,omitempty"`
}

// Plain tells that the object is of no backup system that is known.
func (o Object) Plain() bool { return o.System == "" && o.Role == "" }

// Deleting tells whether deletion of the object was asked for.
func (o Object) Deleting() bool { return o.Deleted != nil }

// Condition is one entry of the object's status conditions.
type Condition struct {
	Type    string     `json:"type"`
	Status  string     `json:"status"`
	Reason  string     `json:"reason,omitempty"`
	Message string     `json:"message,omitempty"`
	At      *time.Time `json:"at,omitempty"`
}

// Condition returns the condition of a type, or nil.
func (o Object) Condition(name string) *Condition {
	for i := range o.Conditions {
		if o.Conditions[i].Type == name {
			return &o.Conditions[i]
		}
	}
	return nil
}

// Progress is how far a run says that it is. Total zero means that only Done is known.
type Progress struct {
	Done  int64  `json:"done"`
	Total int64  `json:"total,omitempty"`
	Unit  string `json:"unit,omitempty"` // "bytes", "items", "percent"
}

// Written is the record of writing: whether the object itself, its conditions
// or the log of its run show that bytes were written, and what says so.
type Written struct {
	Answer Answer `json:"answer"`
	Source string `json:"source,omitempty"` // "status.backupSize is 812", "condition Failed: …"
}

// RetentionPolicy is what happens to the data when the object is deleted.
type RetentionPolicy string

// The three policies; the zero value is unknown.
const (
	RetentionUnknown RetentionPolicy = ""
	Keeps            RetentionPolicy = "Keeps"
	Deletes          RetentionPolicy = "Deletes"
	Depends          RetentionPolicy = "Depends"
)

// Retention is the policy, what it means now if it depends, and the field that says so.
type Retention struct {
	Policy RetentionPolicy `json:"policy"`
	Now    RetentionPolicy `json:"now,omitempty"` // for Depends: what applies at present
	Source string          `json:"source,omitempty"`
}

// Need is another object without which this one cannot proceed, such as the
// TidbCluster of a log backup or the ServiceAccount of its Jobs.
type Need struct {
	Ref    Ref      `json:"ref"`
	Why    string   `json:"why"`              // "the Jobs run as it"
	Keys   []string `json:"keys,omitempty"`   // Secrets: the keys that must be there
	Lookup Lookup   `json:"lookup,omitempty"` // filled by the collector
	// MissingKeys are the wanted keys of a Secret that was found without them.
	MissingKeys []string `json:"missingKeys,omitempty"`
	Error       string   `json:"error,omitempty"`
}
