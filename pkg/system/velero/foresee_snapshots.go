package velero

import (
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// What chooses a VolumeSnapshotClass (velero@v1.18.3 pkg/util/csi/volume_snapshot.go).
const (
	classLabel            = "velero.io/csi-volumesnapshot-class"
	classAnnotation       = "velero.io/csi-volumesnapshot-class" // on a claim
	classBackupAnnotation = "velero.io/csi-volumesnapshot-class_"
	defaultClass          = "snapshot.storage.kubernetes.io/is-default-class"
)

// snapshotting is what snapshots can be taken with.
type snapshotting struct {
	csi       bool // the server has the feature EnableCSI
	classes   []snapshotClass
	providers []string // of the VolumeSnapshotLocations
}

type snapshotClass struct {
	Metadata struct {
		Name                string
		Labels, Annotations map[string]string
	}
	Driver string
}

// AddSnapshotClass takes a VolumeSnapshotClass of the cluster.
func (f *Foresight) AddSnapshotClass(object map[string]any) error {
	var found snapshotClass
	if err := recode(object, &found); err != nil {
		return err
	}
	f.snapshots.classes = append(f.snapshots.classes, found)
	return nil
}

// AddSnapshotLocation takes a VolumeSnapshotLocation of the backup's namespace.
func (f *Foresight) AddSnapshotLocation(object map[string]any) error {
	var found struct {
		Metadata struct{ Name string }
		Spec     struct{ Provider string }
	}
	if err := recode(object, &found); err != nil {
		return err
	}
	var manifest struct {
		Spec struct{ VolumeSnapshotLocations []string }
	}
	if err := recode(f.manifest, &manifest); err != nil {
		return err
	}
	if named := manifest.Spec.VolumeSnapshotLocations; len(named) == 0 || slices.Contains(named, found.Metadata.Name) {
		f.snapshots.providers = append(f.snapshots.providers, strings.TrimPrefix(found.Spec.Provider, "velero.io/"))
	}
	return nil
}

// bySnapshot tells whether a snapshot of a bound claim will be taken, or may be;
// where none will, v.Why says what is missing for one.
func (f *Foresight) bySnapshot(v *backup.ForeseenVolume, found claim) bool {
	volume, known := f.contents.pvs[found.Spec.VolumeName]
	files := slices.ContainsFunc(f.contents.users[v.Namespace+"/"+v.Claim], f.chosen)
	switch {
	case files || !known || f.record.Volumes.Snapshots == backup.No || f.record.RunMode == "AppOnly" || f.record.RunMode == "DryRun":
		return false
	case f.record.RunMode != "" && f.asks("Snapshot"):
		v.State, v.Why = backup.VolumeUnknown, "whether e-backup takes a snapshot is not known before"
		return true
	case f.record.RunMode != "": // e-backup takes none unless it is asked to
		return false
	case volume.Spec.CSI != nil && f.snapshots.csi:
		v.Driver = volume.Spec.CSI.Driver
		return f.byCSI(v, found)
	}
	return f.byLocation(v, volume)
}

// asks tells whether e-backup is asked for a method of copying volumes.
func (f *Foresight) asks(method string) bool {
	var manifest struct {
		Spec struct{ AppData struct{ Volumes string } }
	}
	return recode(f.manifest, &manifest) == nil && manifest.Spec.AppData.Volumes == method
}

func (f *Foresight) byCSI(v *backup.ForeseenVolume, found claim) bool {
	switch {
	case found.Spec.StorageClassName == nil:
		v.Why = "the claim has no storage class, without which Velero takes no CSI snapshot"
		return false
	case !f.classFor(v.Driver, found):
		v.Why = "no VolumeSnapshotClass of driver " + v.Driver + " is labelled " + classLabel
		return false
	}
	v.State, v.Method = backup.VolumeCopied, backup.MethodCSISnapshot
	if f.record.Volumes.Move == backup.Yes {
		v.Method = backup.MethodCSIMoved
	}
	return true
}

// classFor tells whether Velero finds a VolumeSnapshotClass for a driver: the one
// that the claim or the backup names, a labelled one, the default, or the only one.
func (f *Foresight) classFor(driver string, found claim) bool {
	var manifest struct {
		Metadata struct{ Annotations map[string]string }
	}
	_ = recode(f.manifest, &manifest) // it was read before
	named := []string{found.Metadata.Annotations[classAnnotation], manifest.Metadata.Annotations[classBackupAnnotation+strings.ToLower(driver)]}
	count := 0
	for _, class := range f.snapshots.classes {
		if class.Driver != driver {
			continue
		}
		count++
		_, labelled := class.Metadata.Labels[classLabel]
		_, preferred := class.Metadata.Annotations[defaultClass]
		if labelled || preferred || slices.ContainsFunc(named, func(name string) bool { return strings.EqualFold(name, class.Metadata.Name) }) {
			return true
		}
	}
	return count == 1
}

// ofProvider are the CSI drivers whose volumes a provider's plugin takes snapshots
// of, beside those that the API server once knew itself.
func ofProvider(provider string) (driver string, known bool) {
	switch provider {
	case "aws":
		return "ebs.csi.aws.com", true
	case "gcp":
		return "pd.csi.storage.gke.io", true
	case "azure":
		return "disk.csi.azure.com", true
	case "vsphere":
		return "csi.vsphere.vmware.com", true
	}
	return "", false
}

// byLocation is about snapshots that the plugin of a VolumeSnapshotLocation takes.
// What volumes a plugin takes is known of some providers alone.
func (f *Foresight) byLocation(v *backup.ForeseenVolume, volume persistentVolume) bool {
	for _, provider := range f.snapshots.providers {
		driver, known := ofProvider(provider)
		switch {
		case volume.Spec.HostPath != nil || volume.Spec.NFS != nil || volume.Spec.Local != nil:
		case volume.Spec.CSI == nil || !known:
			v.State, v.Why = backup.VolumeUnknown, "whether the plugin of provider "+provider+" takes a snapshot of it is not known before"
			return true
		case volume.Spec.CSI.Driver == driver:
			v.State, v.Method = backup.VolumeCopied, backup.MethodNativeSnapshot
			return true
		}
	}
	switch {
	case volume.Spec.HostPath != nil: // its own reason says it
	case volume.Spec.CSI != nil && !f.snapshots.csi && len(f.snapshots.providers) == 0:
		v.Why = "the server takes no CSI snapshots (--features=EnableCSI), and no VolumeSnapshotLocation is there"
	case len(f.snapshots.providers) == 0:
		v.Why = "no VolumeSnapshotLocation is there"
	default:
		v.Why = "no VolumeSnapshotLocation takes snapshots of such a volume"
	}
	return false
}
