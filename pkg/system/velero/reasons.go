package velero

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// maxReasons bounds what is said about one volume that many pods use.
const maxReasons = 4

// whyNotCopied says why the data of a claim is not in the backup, from what the
// backup itself holds: its spec, the claim, its volume and the pods that use it.
// Meant tells that somebody wanted it so.
func (c *contents) whyNotCopied(record *backup.ArchiveRecord, namespace, name string) (why string, meant bool) {
	field, noData := record.NoData()
	if noData && !c.optedIn(namespace, name) {
		return joined(field, c.unnamed(record, namespace, name)), true
	}
	found, known := c.claims[namespace+"/"+name]
	if known && found.Status.Phase == "Pending" {
		return "the claim " + c.was() + " not bound, so that there " + c.was() + " nothing to copy", true
	}
	var reasons []string
	if volume, ok := c.pvs[found.Spec.VolumeName]; ok && volume.Spec.HostPath != nil {
		reasons = append(reasons, "its volume is a hostPath, which Velero copies in no way")
	}
	fromPods, meant := c.podReasons(record, namespace, name)
	reasons = append(reasons, fromPods...)
	if record != nil && record.Volumes.Snapshots == backup.No {
		reasons = append(reasons, "spec.snapshotVolumes is false")
	}
	if record != nil && record.Volumes.Policies != "" {
		reasons = append(reasons, fmt.Sprintf("the volume policies in ConfigMap %s may skip it", record.Volumes.Policies))
	}
	if len(reasons) > maxReasons {
		reasons = append(reasons[:maxReasons], "…")
	}
	return strings.Join(reasons, "; "), meant
}

// optedIn tells whether a pod names the claim's volume in its annotation: Velero then
// copies it whatever the spec says of volumes.
func (c *contents) optedIn(namespace, name string) bool {
	return slices.ContainsFunc(c.users[namespace+"/"+name], func(user mount) bool {
		return names(user.pod.Metadata.Annotations[optInAnnotation], user.volume)
	})
}

// unnamed says which pod could have named the volume.
func (c *contents) unnamed(record *backup.ArchiveRecord, namespace, name string) string {
	users := c.users[namespace+"/"+name]
	if len(users) == 0 || record.RunMode != "" {
		return ""
	}
	return fmt.Sprintf("pod %s does not name volume %q in annotation %s", users[0].pod.Metadata.Name, users[0].volume, optInAnnotation)
}

func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "; ")
}

// podReasons are those of the pods that use the claim.
func (c *contents) podReasons(record *backup.ArchiveRecord, namespace, name string) (reasons []string, meant bool) {
	users := c.users[namespace+"/"+name]
	for _, user := range users {
		reason, wanted := c.reason(user.pod, record, user.volume)
		meant = meant || wanted
		if reason != "" {
			reasons = append(reasons, reason)
		}
	}
	switch {
	case len(users) == 0 && c.live:
		reasons = append(reasons, "no pod in the backup uses it")
	case len(users) == 0:
		reasons = append(reasons, "no pod in the backup uses it, and no snapshot was taken")
	}
	return reasons, meant
}

// was is the word for what the objects were at the time of the backup.
func (c *contents) was() string {
	if c.live {
		return "is"
	}
	return "was"
}

// reason follows velero@v1.18.3 pkg/util/podvolume/pod_volume.go and pkg/podvolume/backupper.go.
func (c *contents) reason(p *pod, record *backup.ArchiveRecord, volume string) (why string, meant bool) {
	byDefault := record != nil && record.Volumes.FileSystem == backup.Yes
	switch {
	case byDefault && names(p.Metadata.Annotations[optOutAnnotation], volume):
		return fmt.Sprintf("pod %s opts it out (%s)", p.Metadata.Name, optOutAnnotation), true
	case !byDefault && !names(p.Metadata.Annotations[optInAnnotation], volume) && c.live:
		return fmt.Sprintf("pod %s does not opt it in", p.Metadata.Name), false
	case !byDefault && !names(p.Metadata.Annotations[optInAnnotation], volume):
		return fmt.Sprintf("pod %s does not name volume %q in annotation %s, and spec.defaultVolumesToFsBackup is not set", p.Metadata.Name, volume, optInAnnotation), false
	case p.Status.Phase != "Running":
		return fmt.Sprintf("pod %s %s %s, and Velero skips the volumes of a pod that does not run", p.Metadata.Name, c.was(), orElse(p.Status.Phase, "not started")), false
	}
	return "", false
}

// names tells whether a comma-separated list holds a name, as Velero splits it.
func names(list, name string) bool { return slices.Contains(strings.Split(list, ","), name) }

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
