package velero

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Server is what the server adds to a backup that says nothing about it: its flags
// (velero@v1.18.3 pkg/cmd/server/config/config.go), without their dashes.
type Server map[string]string

// Foresight says before a backup what will become of the volumes in its scope, by
// the same rules by which [Read] says afterwards why one was not copied. It is
// given the objects of the cluster one by one.
type Foresight struct {
	*Selection
	contents  *contents
	record    *backup.ArchiveRecord
	server    Server
	manifest  map[string]any
	snapshots snapshotting
	left      map[string]string // the claims that are not taken, and why
	meant     map[string]bool   // those that somebody wants so
	hidden    map[string]bool   // namespaces that are labelled to be left out
}

// Foresee begins with the manifest of the Backup. An error is one of the manifest.
func Foresee(manifest map[string]any, server Server) (*Foresight, error) {
	selection, err := selectionOf(manifest)
	if err != nil {
		return nil, err
	}
	var object stored
	if err := recode(manifest, &object); err != nil {
		return nil, err
	}
	f := &Foresight{
		Selection: selection, contents: newContents(), record: object.record(), server: server, manifest: manifest,
		left: map[string]string{}, meant: map[string]bool{}, hidden: map[string]bool{},
	}
	f.contents.live = true
	policy := &f.record.Volumes
	policy.FileSystem = f.orServer(policy.FileSystem, "default-volumes-to-fs-backup")
	policy.Move = f.orServer(policy.Move, "default-snapshot-move-data")
	if policy.Policies == "" {
		policy.Policies = server["global-backup-volume-policies-configmap"]
	}
	f.snapshots.csi = strings.Contains(server["features"], "EnableCSI")
	return f, nil
}

// orServer is what the spec says, else the server's flag.
func (f *Foresight) orServer(answer backup.Answer, name string) backup.Answer {
	if answer != backup.Unknown || f.server == nil {
		return answer
	}
	return backup.AnswerOf(f.server[name] == "true")
}

// AddNamespace takes a namespace with the label that keeps it out of all backups.
func (f *Foresight) AddNamespace(object map[string]any) error {
	var found struct{ Metadata struct{ Name string } }
	err := recode(object, &found)
	f.hidden[found.Metadata.Name] = true
	return err
}

// AddPod takes a pod of the cluster. An error is one of the object, as for the others.
func (f *Foresight) AddPod(object map[string]any) error {
	p := &pod{}
	if err := recode(object, p); err != nil {
		return err
	}
	taken := f.takes(p.Metadata.Namespace) && f.resource("pods", "pod", "po") && f.labelled(p.Metadata.Labels) && p.Metadata.Labels[ExcludeLabel] != "true"
	if taken {
		f.contents.keep(p)
	}
	return nil
}

// AddClaim takes a claim of the cluster. All pods come first: what a pod uses is
// taken with it, whatever the label selector says.
func (f *Foresight) AddClaim(object map[string]any) error {
	var found claim
	if err := recode(object, &found); err != nil {
		return err
	}
	if !f.takes(found.Metadata.Namespace) {
		return nil
	}
	key := found.Metadata.Namespace + "/" + found.Metadata.Name
	switch {
	case found.Metadata.Labels[ExcludeLabel] == "true":
		f.left[key], f.meant[key] = "the claim is labelled "+ExcludeLabel, true
	case !f.resource("persistentvolumeclaims", "persistentvolumeclaim", "pvc"):
		f.left[key], f.meant[key] = "the filters of the backup leave claims out", true
	case !f.labelled(found.Metadata.Labels) && len(f.contents.users[key]) == 0:
		f.left[key] = "the label selector of the backup misses the claim, and every pod that uses it"
	}
	f.contents.claims[key] = found
	return nil
}

// takes tells whether objects of a namespace are taken.
func (f *Foresight) takes(namespace string) bool {
	return f.namespace(namespace) && !f.hidden[namespace]
}

// AddVolume takes a PersistentVolume of the cluster.
func (f *Foresight) AddVolume(object map[string]any) error {
	var found persistentVolume
	if err := recode(object, &found); err != nil {
		return err
	}
	f.contents.pvs[found.Metadata.Name] = found
	return nil
}

// Volumes are all volumes in the scope, in order.
func (f *Foresight) Volumes() []backup.ForeseenVolume {
	var all []backup.ForeseenVolume
	for _, key := range slices.Sorted(maps.Keys(f.contents.claims)) {
		all = append(all, f.claim(key))
	}
	m := &merged{byClaim: map[string]int{}, byPod: map[string]int{}, byPV: map[string]int{}}
	sources := volumeSources{record: f.record, contents: f.contents}
	for _, p := range f.contents.pods {
		for _, volume := range p.Spec.Volumes {
			if volume.HostPath != nil { // a claim is there, or the pod does not run
				sources.addUnclaimed(m, p, volume)
			}
		}
	}
	for _, v := range m.all {
		all = append(all, backup.ForeseenVolume{ArchivedVolume: v})
	}
	return all
}

// claim says what will become of the data of one claim.
func (f *Foresight) claim(key string) backup.ForeseenVolume {
	namespace, name, _ := strings.Cut(key, "/")
	found := f.contents.claims[key]
	v := backup.ForeseenVolume{ArchivedVolume: backup.ArchivedVolume{Namespace: namespace, Claim: name, Method: backup.MethodNone, State: backup.VolumeNotCopied}}
	f.contents.complete(&v.ArchivedVolume)
	if why := f.left[key]; why != "" {
		v.Why, v.Meant = why, f.meant[key]
		return v
	}
	if by, ok := f.byFiles(key); ok {
		v.State, v.Method, v.Pod, v.PodVolume = backup.VolumeCopied, backup.MethodPodVolume, by.pod.Metadata.Name, by.volume
		return v
	}
	if f.bySnapshot(&v, found) {
		return v
	}
	why, meant := f.contents.whyNotCopied(f.record, namespace, name)
	v.Why, v.Meant = joined(why, v.Why), meant
	if v.Why == "" {
		v.Why = "no method of Velero is responsible for it"
	}
	if f.record.Volumes.Policies != "" && !v.Meant {
		v.State = backup.VolumeUnknown
	}
	f.ways(&v, key)
	return v
}

// byFiles is a pod through which the files of a claim will be copied.
func (f *Foresight) byFiles(key string) (mount, bool) {
	if f.hostPath(key) {
		return mount{}, false
	}
	for _, user := range f.contents.users[key] {
		if f.chosen(user) && user.pod.Status.Phase == "Running" {
			return user, true
		}
	}
	return mount{}, false
}

// chosen tells whether the files of a pod's claim are chosen, so that no snapshot
// is taken, even where the files are skipped later. With data that is moved from
// snapshots the default does not mean claims
// (velero@v1.18.3 internal/volumehelper/volume_policy_helper.go, shouldPerformFSBackupLegacy).
func (f *Foresight) chosen(user mount) bool {
	annotations := user.pod.Metadata.Annotations
	if f.record.Volumes.FileSystem != backup.Yes {
		return names(annotations[optInAnnotation], user.volume)
	}
	return f.record.Volumes.Move != backup.Yes && !names(annotations[optOutAnnotation], user.volume)
}

func (f *Foresight) hostPath(key string) bool {
	volume, known := f.contents.pvs[f.contents.claims[key].Spec.VolumeName]
	return known && volume.Spec.HostPath != nil
}

// ways says what a person can do to have the files of a claim copied.
func (f *Foresight) ways(v *backup.ForeseenVolume, key string) {
	if f.hostPath(key) || f.record.RunMode == "AppOnly" || f.record.RunMode == "DryRun" {
		return
	}
	for _, user := range f.contents.users[key] {
		if user.pod.Status.Phase != "Running" || f.chosen(user) {
			continue
		}
		v.Pod, v.PodVolume = user.pod.Metadata.Name, user.volume
		v.ByDefault = f.record.Volumes.FileSystem != backup.Yes
		if v.ByDefault {
			v.OptIn = strings.TrimPrefix(cmp.Or(user.pod.Metadata.Annotations[optInAnnotation], "")+","+user.volume, ",")
		}
		return
	}
}
