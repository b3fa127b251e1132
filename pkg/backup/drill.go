package backup

import "time"

// DrillLook is what was looked at for a drill: what a backup holds of the namespaces
// that are restored, and, once they were, what is there of it.
type DrillLook struct {
	// Name is that of the restore, which the namespaces of the drill are labelled with.
	Name string `json:"name"`
	// Namespaces are those that are restored.
	Namespaces []DrillNamespace `json:"namespaces"`
	// Contents is what the tarball holds of them; Read says how its reading ended.
	Read
	Contents DrillContents `json:"contents"`
	// LeftOut are the kinds that are not restored, on purpose.
	LeftOut []DrillLeftOut `json:"leftOut,omitempty"`
	// Found is what the drill restored; nil before that.
	Found *DrillFound `json:"found,omitempty"`
}

// DrillNamespace is a namespace of the backup and the one that it is restored into.
type DrillNamespace struct {
	From string `json:"from"`
	To   string `json:"to"`
	// UID is that of To once it was made.
	UID string `json:"uid,omitempty"`
}

// DrillContents is what a tarball holds of the namespaces that are restored.
type DrillContents struct {
	// All are the namespaces in it that hold objects.
	All []string `json:"all,omitempty"`
	// Objects are those of the chosen namespaces; they are many and are not recorded.
	Objects   []DrillObject   `json:"-"`
	Claims    []DrillClaim    `json:"claims,omitempty"`
	Workloads []DrillWorkload `json:"workloads,omitempty"`
	// Services are those that are reachable from outside of the cluster.
	Services []DrillService `json:"services,omitempty"`
	// CronJobs counts those that would start Jobs.
	CronJobs int64 `json:"cronJobs,omitempty"`
	Pods     int64 `json:"pods,omitempty"`
	// Security are the Pod Security labels of the namespaces, by namespace.
	Security map[string]map[string]string `json:"security,omitempty"`
}

// DrillObject is one object in the backup.
type DrillObject struct {
	Resource  string // "deployments.apps"
	Namespace string
	Name      string
	// Made tells that a controller makes the object by itself, in whatever number and
	// under whatever name; Ended that it had ended, and is not restored therefore.
	Made, Ended bool
}

// DrillClaim is a claim in the backup, or as it was restored.
type DrillClaim struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Class     string `json:"class,omitempty"`
	// Bytes is its capacity, or what it asks for where it has none.
	Bytes int64  `json:"bytes"`
	Phase string `json:"phase,omitempty"` // the claim's own word: "Bound"
	PV    string `json:"volume,omitempty"`
	// Policy is the reclaim policy of the volume.
	Policy string `json:"reclaimPolicy,omitempty"`
	// Waits tells that it is bound only when a pod uses it, and Used that one does.
	Waits bool `json:"waitsForConsumer,omitempty"`
	Used  bool `json:"used,omitempty"`
}

// DrillWorkload is what has to be ready: in the backup, or as it was restored.
type DrillWorkload struct {
	Resource  string `json:"resource"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Wanted    int64  `json:"wanted"`
	Ready     int64  `json:"ready"`
	// Why says what keeps it from being ready; untrusted text.
	Why string `json:"why,omitempty"`
}

// DrillService is a Service that is reachable from outside.
type DrillService struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Type      string `json:"type"` // "LoadBalancer", "NodePort"
	Ports     int    `json:"ports"`
	// External tells that it has addresses or names of its own, spec.externalIPs.
	External bool `json:"externalIPs,omitempty"`
}

// DrillLeftOut is a kind that a drill does not restore.
type DrillLeftOut struct {
	Resource string `json:"resource"`
	Items    int64  `json:"items"`
	Why      string `json:"why"`
}

// DrillFound is what was found of what a drill restored.
type DrillFound struct {
	// Restore is the Restore with its works; its zero value was not seen.
	Restore Object `json:"restore"`
	// Late tells that the time was over before the Restore was done.
	Late bool `json:"late,omitempty"`
	// Waited is how long what was restored was given to become ready.
	Waited    Duration        `json:"waited,omitempty"`
	Kinds     []DrillKind     `json:"kinds"`
	Claims    []DrillClaim    `json:"claims,omitempty"`
	Workloads []DrillWorkload `json:"workloads,omitempty"`
	// Volumes are what the backup says of their data; VolumesRead whether all was read.
	Volumes     []ArchivedVolume `json:"volumes,omitempty"`
	VolumesRead Answer           `json:"volumesRead"`
	// Messages are the errors and warnings of the Restore; untrusted and redacted.
	Messages     []ArchiveMessage `json:"messages,omitempty"`
	MessagesRead Read             `json:"messagesRead,omitzero"`
	// Unread are readings of pods, claims or workloads that failed.
	Unread []Gap `json:"unread,omitempty"`
}

// DrillKind compares one kind.
type DrillKind struct {
	Read
	Resource string `json:"resource"`
	// InBackup counts the objects in the backup, Restored those of them that were found.
	InBackup int64 `json:"inBackup"`
	Restored int64 `json:"restored"`
	// Not counts those that were not found and need not be there: their controllers
	// make them anew, or they had ended.
	Not int64 `json:"notExpected,omitempty"`
	// Missing counts those that have to be there and are not; Names are the first of them.
	Missing int64    `json:"missing,omitempty"`
	Names   []string `json:"missingNames,omitempty"`
	// LeftOut says why nothing of the kind was restored, on purpose.
	LeftOut string `json:"leftOut,omitempty"`
}

// Drill is the result of a drill.
type Drill struct {
	APIVersion string           `json:"apiVersion"`
	Kind       string           `json:"kind"` // "Drill"
	At         time.Time        `json:"at"`
	Cluster    ClusterInfo      `json:"cluster"`
	Backup     Object           `json:"backup"`
	Restore    Ref              `json:"restore"`
	Namespaces []DrillNamespace `json:"namespaces"`
	Verdict    string           `json:"verdict"` // one sentence
	Status     Status           `json:"status"`
	// Took is from the making of the namespaces until everything was ready.
	Took      Duration        `json:"took"`
	Kinds     []DrillKind     `json:"kinds"`
	Claims    []DrillClaim    `json:"claims,omitempty"`
	Workloads []DrillWorkload `json:"workloads,omitempty"`
	Findings  []Finding       `json:"findings"`
	CleanUp   DrillCleanUp    `json:"cleanUp"`
	// Recorded tells that the backup names this drill as the last one that passed.
	Recorded bool `json:"recorded"`
	// RecordError says why it could not.
	RecordError string `json:"recordError,omitempty"`
	// JournalIDs are the entries of what was made and taken away.
	JournalIDs []string `json:"journalIDs,omitempty"`
	JournalDir string   `json:"journalDir,omitempty"`
}

// DrillCleanUp is what became of what a drill made.
type DrillCleanUp struct {
	// Kept tells that the person wanted it to stay.
	Kept bool `json:"kept,omitempty"`
	// Left are objects of the drill that are still there.
	Left []Ref `json:"left,omitempty"`
	// Error says what went wrong.
	Error string `json:"error,omitempty"`
	// Commands take away what is left.
	Commands []string `json:"commands,omitempty"`
}

// LastDrill is the record of a drill that passed, as its backup keeps it.
type LastDrill struct {
	At         time.Time `json:"at"`
	Took       Duration  `json:"took"`
	Namespaces []string  `json:"namespaces,omitempty"`
	Restore    string    `json:"restore,omitempty"`
}

// LastDrillAnnotation is where a backup keeps it.
const LastDrillAnnotation = "kubectl-backup.dev/last-drill"

// DrillLabel is on the namespaces and ConfigMaps of a drill, with the name of its restore.
const DrillLabel = "kubectl-backup.dev/drill"
