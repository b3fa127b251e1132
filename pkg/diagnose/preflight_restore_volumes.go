package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// largeVolume is from where on a copy of files takes so long that people move volumes
// in another way (manual of e-backup: 500 GB).
const largeVolume = 500 << 30

func restoreClassEntries() []entry {
	return []entry{
		{Code{
			Code: "BK-B330", Title: "storage classes of the backup are missing here",
			Explain: "A claim of a class that does not exist stays Pending, and so do the pods that use it and the copy of its data.",
			Why:     "The cluster has other classes than the one of the backup.",
			Fix:     "Make the class, or map it: for Velero a ConfigMap labelled velero.io/change-storage-class=RestoreItemAction with OLD: NEW, for e-backup --storage-class-mapping.",
			Danger:  nothingLost, Source: "the claims in the backup and the StorageClasses of the cluster; velero@v1.18.3 pkg/restore/actions/change_storageclass_action.go",
		}, onContents("BK-B330", "claims", judgeRestoreClasses)},
		{Code{
			Code: "BK-B331", Title: "storage classes are of another type than then",
			Explain: "The class has the same name and another provisioner. Files are copied all the same; a CSI snapshot is of no use to another driver.",
			Why:     "The storage system was exchanged, or the backup is of another cluster.",
			Fix:     "Compare the classes, and map them if another one is meant. Snapshots can only be restored by the driver that took them.",
			Danger:  nothingLost, Source: "the PersistentVolumes in the backup and the StorageClasses of the cluster",
		}, onRestore(judgeRestoreProvisioners)},
	}
}

// restoredClass is a class as the claims in a backup name it.
type restoredClass struct {
	name, becomes string
	claims        []string
	fresh         bool // a volume is made by the class, not taken over
	drivers       []string
	snapshots     bool // CSI snapshots, which only their driver can read
}

// classes are those that claims name, by the order of the claims.
func (r restoring) classes(c *backup.RestoreContents) []*restoredClass {
	methods := map[string]backup.VolumeMethod{}
	for _, v := range r.look.Volumes {
		methods[v.Namespace+"/"+v.Claim] = v.Method
	}
	byName, all := map[string]*restoredClass{}, []*restoredClass(nil)
	for _, claim := range c.Claims {
		if claim.Class == "" {
			continue
		}
		class := byName[claim.Class]
		if class == nil {
			class = &restoredClass{name: claim.Class, becomes: orElse(r.look.Classes.Mapped[claim.Class], claim.Class)}
			byName[claim.Class] = class
			all = append(all, class)
		}
		name := claim.Namespace + "/" + claim.Name
		class.claims = append(class.claims, name)
		switch methods[name] {
		case backup.MethodPodVolume, backup.MethodCSIMoved:
			class.fresh = true
		case backup.MethodCSISnapshot:
			class.fresh, class.snapshots = true, true
		}
		if claim.Driver != "" && !slices.Contains(class.drivers, claim.Driver) {
			class.drivers = append(class.drivers, claim.Driver)
		}
	}
	return all
}

func judgeRestoreClasses(r restoring, c *backup.RestoreContents) []backup.Finding {
	const code = "BK-B330"
	has := r.look.Classes
	switch {
	case has == nil:
		return nil
	case has.Lookup != backup.Found:
		return one(unknown(code, r.subject, notRead("the storage classes", has.Read)))
	}
	var all []backup.Finding
	classes := r.classes(c)
	for _, class := range classes {
		if _, there := has.Provisioners[class.becomes]; there || slices.Contains(has.Restored, class.becomes) {
			continue
		}
		severity := backup.SeverityWarning
		if class.fresh && has.Unmapped == "" && r.spec["resourceModifier"] == nil {
			severity = backup.SeverityCause // nothing makes the claim one of another class
		}
		title := fmt.Sprintf("storage class %s does not exist, which %s wants: %s", class.becomes, counted(int64(len(class.claims)), "claim"), few(class.claims, 0))
		if class.becomes != class.name {
			title += ", mapped by " + has.MappedBy
		}
		all = append(all, problem(code, severity, r.subject, title))
	}
	if len(all) == 0 {
		return one(fine(code, r.subject, "each storage class of its claims exists"))
	}
	return all
}

func judgeRestoreProvisioners(r restoring) []backup.Finding {
	c, has := r.look.Contents, r.look.Classes
	if c == nil || has == nil || c.Lookup != backup.Found || has.Lookup != backup.Found {
		return nil
	}
	var all []backup.Finding
	for _, class := range r.classes(c) {
		now := has.Provisioners[class.becomes]
		if now == "" || len(class.drivers) == 0 || slices.Contains(class.drivers, now) {
			continue
		}
		severity := backup.SeverityWarning
		if class.snapshots {
			severity = backup.SeverityCause
		}
		all = append(all, problem("BK-B331", severity, r.subject, fmt.Sprintf("storage class %s is of %s, the volumes in the backup are of %s", class.becomes, now, strings.Join(class.drivers, ", "))))
	}
	return all
}

func restoreZonesEntry() entry {
	return entry{Code{
		Code: "BK-B420", Title: "snapshots are of a zone in which there is no node",
		Explain: "A volume is made in the zone of its snapshot, and only nodes in that zone can use it.",
		Why:     "The cluster has nodes in other zones than then, or the backup is of another cluster.",
		Fix:     "Add a node in the zone, or make a backup that moves the data (--snapshot-move-data) and restore that.",
		Danger:  nothingLost, Source: "the zone of the snapshot or of the PersistentVolume in the backup; the label topology.kubernetes.io/zone of nodes",
	}, onContents("BK-B420", "zones of volumes", judgeRestoreZones)}
}

func judgeRestoreZones(r restoring, c *backup.RestoreContents) []backup.Finding {
	const code = "BK-B420"
	nodes := r.look.Zones
	if nodes == nil {
		return nil
	}
	zonesOf := map[string][]string{}
	for _, claim := range c.Claims {
		zonesOf[claim.Namespace+"/"+claim.Name] = claim.Zones
	}
	bound, lost := int64(0), []string(nil)
	for _, v := range r.look.Volumes {
		zones := zonesOf[v.Namespace+"/"+v.Claim]
		if v.Zone != "" {
			zones = []string{v.Zone}
		}
		if v.Method != backup.MethodNativeSnapshot && v.Method != backup.MethodCSISnapshot || len(zones) == 0 {
			continue
		}
		bound++
		if !slices.ContainsFunc(zones, func(zone string) bool { return slices.Contains(nodes.Zones, zone) }) {
			lost = append(lost, fmt.Sprintf("%s (%s)", v.Name(), strings.Join(zones, ", ")))
		}
	}
	switch {
	case bound == 0:
		return one(fine(code, r.subject, "no snapshot in it is bound to a zone"))
	case nodes.Lookup != backup.Found:
		return one(unknown(code, r.subject, notRead("the zones of the nodes", nodes.Read)))
	case len(lost) == 0:
		return one(fine(code, r.subject, counted(bound, "snapshot")+" of zones in which there are nodes"))
	case nodes.Unlabelled > 0:
		return one(unknown(code, r.subject, fmt.Sprintf("%s name no zone, so that it is not known whether snapshots can be used: %s", counted(nodes.Unlabelled, "node"), few(lost, 0))))
	}
	return one(problem(code, backup.SeverityCause, r.subject, "snapshots are of zones in which there is no node: "+few(lost, 0)))
}

func restoreSizesEntry() entry {
	return entry{Code{
		Code: "BK-B430", Title: "volumes are too large for a copy of files",
		Explain: "The files of the volume are copied one by one through the pod's node. Of more than 500 GiB that takes many hours and much memory, and the restore may run into a timeout.",
		Why:     "The backup copied the volume as files.",
		Fix:     "Raise the timeout (--item-operation-timeout, --fs-backup-timeout of the server), or move such volumes with the storage system's own means.",
		Danger:  nothingLost, Source: "the volume information of the backup; manual of e-backup",
	}, onRestore(judgeRestoreSizes)}
}

func judgeRestoreSizes(r restoring) []backup.Finding {
	const code = "BK-B430"
	if r.look.Source == nil || r.look.Source.Archive == nil {
		return nil
	}
	var large []string
	for _, v := range r.look.Volumes {
		size := v.Bytes
		if size == nil || v.Capacity != nil && *v.Capacity > *size {
			size = v.Capacity
		}
		if v.Method == backup.MethodPodVolume && size != nil && *size > largeVolume {
			large = append(large, fmt.Sprintf("%s (%s)", v.Name(), bytesText(*size)))
		}
	}
	switch {
	case len(large) > 0:
		return one(problem(code, backup.SeverityWarning, r.subject, "volumes over 500 GiB are copied as files: "+few(large, 0)))
	case r.look.VolumesRead != backup.Yes:
		return one(unknown(code, r.subject, "how large its volumes are is not known: not all that speaks of them could be read"))
	}
	return one(fine(code, r.subject, "no volume over 500 GiB is copied as files"))
}
