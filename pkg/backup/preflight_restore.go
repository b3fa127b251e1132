package backup

import "time"

// The checks before a restore is made, as --skip-preflight names them.
const (
	CheckBackup           PreflightCheck = "backup"
	CheckVersions         PreflightCheck = "versions"
	CheckDefinitions      PreflightCheck = "definitions"
	CheckStorageClasses   PreflightCheck = "storage-classes"
	CheckNamespaces       PreflightCheck = "namespaces"
	CheckNodePorts        PreflightCheck = "node-ports"
	CheckHelperImages     PreflightCheck = "helper-images"
	CheckRestoreOrder     PreflightCheck = "restore-order"
	CheckNamespaceMapping PreflightCheck = "namespace-mapping"
	CheckClusterIPs       PreflightCheck = "cluster-ips"
	CheckZones            PreflightCheck = "zones"
	CheckSizes            PreflightCheck = "sizes"
	CheckRecentChanges    PreflightCheck = "recent-changes"
)

// RecentChange is how long before a restore its namespaces should have been left
// alone (manual of e-backup: 15 minutes).
const RecentChange = 15 * time.Minute

// RestoreLook is what was looked at before a restore: what the backup holds of what
// is to be restored, and what the cluster has. A part is nil where it was not asked
// for, or does not concern this restore.
type RestoreLook struct {
	// Source is the backup, with its works and with what the bucket holds of it.
	Source     *Evidence `json:"source,omitempty"`
	SourceRead Read      `json:"sourceRead,omitzero"`
	// Version is that of Kubernetes when the backup was made; empty is not known.
	Version string `json:"version,omitempty"`
	// Location is where the backup lies, as the server sees it.
	Location *RestoreLocation `json:"location,omitempty"`
	// Volumes are those of the backup in the namespaces that are restored; VolumesRead
	// tells whether all that speaks of them could be read.
	Volumes     []ArchivedVolume `json:"volumes,omitempty"`
	VolumesRead Answer           `json:"volumesRead,omitempty"`
	// Kinds are those in the backup's own list that are restored.
	Kinds    *RestoreKinds    `json:"kinds,omitempty"`
	Existing *RestoreExisting `json:"existing,omitempty"`
	// Contents is what the tarball holds of what is restored.
	Contents *RestoreContents `json:"contents,omitempty"`
	Classes  *StorageClasses  `json:"storageClasses,omitempty"`
	Ports    *NodePorts       `json:"nodePorts,omitempty"`
	Server   *RestoreServer   `json:"server,omitempty"`
	Images   *UsedRegistries  `json:"registries,omitempty"`
	Zones    *NodeZones       `json:"zones,omitempty"`
}

// Read is how the reading of a part ended.
type Read struct {
	Lookup Lookup `json:"lookup"`
	Error  string `json:"error,omitempty"`
	Rule   string `json:"rule,omitempty"` // the RBAC rule that is missing, where the server denied
}

// RestoreLocation is the location of a backup.
type RestoreLocation struct {
	Read
	Ref     Ref    `json:"ref"`
	Phase   string `json:"phase,omitempty"` // "Available"
	Message string `json:"message,omitempty"`
}

// RestoreKinds are the kinds that are restored, and whether the server serves them.
type RestoreKinds struct {
	Read
	Kinds []RestoreKind `json:"kinds,omitempty"`
}

// RestoreKind is one kind in one API version of the backup.
type RestoreKind struct {
	Kind  string `json:"kind"` // group/version/Kind
	Count int64  `json:"count"`
	// Served tells whether the server has it in that version; Versions are those that it has.
	Served   Answer   `json:"served"`
	Versions []string `json:"versions,omitempty"`
	// Made tells that the restore brings the definition itself.
	Made bool `json:"made,omitempty"`
}

// RestoreExisting is what is already where the objects are to go.
type RestoreExisting struct {
	// Namespaces are those into which something goes.
	Namespaces []RestoreNamespace `json:"namespaces,omitempty"`
	// Kinds have an entry for each kind of which something exists or was not seen.
	Kinds []ExistingKind `json:"kinds,omitempty"`
	// Planned counts what is to be restored; with a selector it is at most that many.
	Planned int64 `json:"planned"`
	// Read is that of all together: Found where each list was read to its end.
	Read
}

// RestoreNamespace is a namespace into which something goes.
type RestoreNamespace struct {
	Read
	Name    string     `json:"name"`
	From    string     `json:"from,omitempty"` // its name in the backup
	Deleted *time.Time `json:"deletionTimestamp,omitempty"`
}

// ExistingKind is what exists of one kind under the names that are to be restored.
type ExistingKind struct {
	Read
	Resource string `json:"resource"`
	Count    int64  `json:"count"`
	Names    []Ref  `json:"names,omitempty"` // a few of them
	// Changed counts those that somebody changed lately, and names the last one.
	Changed int64      `json:"changed,omitempty"`
	Last    *Ref       `json:"last,omitempty"`
	At      *time.Time `json:"at,omitempty"`
	By      string     `json:"by,omitempty"` // the field manager
}

// RestoreContents is what the tarball of a backup tells about what is restored.
// Lists are cut at a length that no page would print; Cut says so.
type RestoreContents struct {
	Read
	Claims   []RestoreClaim   `json:"claims,omitempty"`
	Services []RestoreService `json:"services,omitempty"`
	// Mentions are the settings that name a namespace or an address of the backup.
	Mentions []Mention `json:"mentions,omitempty"`
	Cut      bool      `json:"cut,omitempty"`
	// State is that of the tarball where it is no good, and Damage says why.
	State  FileState `json:"state,omitempty"`
	Damage string    `json:"damage,omitempty"`
}

// RestoreClaim is a claim in the backup and the volume behind it.
type RestoreClaim struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Class     string `json:"class,omitempty"`
	// Driver is the provisioner or CSI driver of the volume.
	Driver string   `json:"driver,omitempty"`
	Zones  []string `json:"zones,omitempty"`
}

// RestoreService is a Service in the backup with what of it is kept or changed.
type RestoreService struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	ClusterIP string `json:"clusterIP,omitempty"` // empty for a headless one
	// Ports are its node ports, Explicit those that somebody chose.
	Ports    []int64 `json:"nodePorts,omitempty"`
	Explicit []int64 `json:"explicitNodePorts,omitempty"`
}

// Mention is a setting in the backup that names what will be another one after the
// restore. Its value is not kept, since it may hold a secret.
type Mention struct {
	Resource  string `json:"resource"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Field     string `json:"field"` // `env DB_HOST`, `key app.yaml`
	Says      string `json:"says"`  // "db.shop", "10.96.3.7"
	// OldNamespace is set where a namespace is named, and Service then is its Service.
	OldNamespace string `json:"oldNamespace,omitempty"`
	Service      string `json:"service,omitempty"`
}

// StorageClasses are those of the cluster.
type StorageClasses struct {
	Read
	// Provisioners are by the name of the class.
	Provisioners map[string]string `json:"provisioners,omitempty"`
	// Mapped are the classes that the restore exchanges, with where that is said.
	Mapped   map[string]string `json:"mapped,omitempty"`
	MappedBy string            `json:"mappedBy,omitempty"`
	// Unmapped says why the mapping is not known.
	Unmapped string `json:"unmapped,omitempty"`
	// Restored are the classes that the restore brings itself.
	Restored []string `json:"restored,omitempty"`
}

// NodePorts are the ports of nodes that Services of the cluster have.
type NodePorts struct {
	Read
	// Owners are by the port: "namespace/name".
	Owners map[int64]string `json:"owners,omitempty"`
}

// RestoreServer is the program that carries restores out.
type RestoreServer struct {
	Read
	Ref   Ref    `json:"ref"`
	Image string `json:"image,omitempty"`
	// Priorities is the value of --restore-resource-priorities; empty is the default order.
	Priorities string `json:"priorities,omitempty"`
	// AllVersions tells that it restores an object in another API version where the
	// backup holds that, too (EnableAPIGroupVersions).
	AllVersions bool `json:"allVersions,omitempty"`
	// Helper is the image of the init container that waits for files of volumes, where
	// a ConfigMap names one; HelperRead is how the reading of these ended.
	Helper     string `json:"helper,omitempty"`
	HelperFrom Ref    `json:"helperFrom,omitzero"`
	HelperRead Read   `json:"helperRead,omitzero"`
}

// UsedRegistries are those from which running pods have their images.
type UsedRegistries struct {
	Read
	Pods map[string]int64 `json:"pods,omitempty"` // how many pods, by registry
}

// NodeZones are the zones in which the nodes of the cluster are.
type NodeZones struct {
	Read
	Zones []string `json:"zones,omitempty"`
	// Unlabelled counts nodes that name no zone.
	Unlabelled int64 `json:"unlabelled,omitempty"`
}
