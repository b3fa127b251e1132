package velero

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// volumeSources is all that speaks of the volumes of one backup. A list is only
// used where its file was sound.
type volumeSources struct {
	record     *backup.ArchiveRecord
	info       []backup.ArchivedVolume
	podVolumes []backup.ArchivedVolume
	snapshots  []backup.ArchivedVolume
	csi        []backup.ArchivedVolume
	operations []backup.ItemOperation
	resources  []backup.ArchivedKind
	messages   []backup.ArchiveMessage
	contents   *contents // nil where the tarball was not read
	// read tells whether the files that speak of volumes were all sound.
	read bool
}

// volumes makes one entry of all that is said about one volume, and one for each
// claim of which nothing is said.
func (s *volumeSources) volumes() []backup.ArchivedVolume {
	m := &merged{byClaim: map[string]int{}, byPod: map[string]int{}, byPV: map[string]int{}}
	for _, list := range [][]backup.ArchivedVolume{s.info, s.podVolumes, s.snapshots, s.csi} {
		for _, v := range list {
			s.contents.complete(&v)
			m.add(v)
		}
	}
	s.addOperations(m)
	s.addDisks(m)
	s.addForgotten(m)
	s.explain(m)
	slices.SortStableFunc(m.all, func(a, b backup.ArchivedVolume) int {
		return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name(), b.Name()))
	})
	return m.all
}

// merged are volumes with the ways to find one again.
type merged struct {
	all     []backup.ArchivedVolume
	byClaim map[string]int
	byPod   map[string]int
	byPV    map[string]int
}

// add takes a volume over, or what it says beyond an earlier file. The first file
// that speaks of a volume has the word.
func (m *merged) add(v backup.ArchivedVolume) {
	if i, ok := m.find(v); ok {
		refine(&m.all[i], v)
		m.index(i)
		return
	}
	m.all = append(m.all, v)
	m.index(len(m.all) - 1)
}

func (m *merged) find(v backup.ArchivedVolume) (int, bool) {
	for _, by := range m.keys(v) {
		if i, ok := by.index[by.key]; ok && by.key != "" {
			return i, true
		}
	}
	return 0, false
}

func (m *merged) index(i int) {
	for _, by := range m.keys(m.all[i]) {
		if _, taken := by.index[by.key]; by.key != "" && !taken {
			by.index[by.key] = i
		}
	}
}

type volumeKey struct {
	index map[string]int
	key   string
}

func (m *merged) keys(v backup.ArchivedVolume) []volumeKey {
	keys := []volumeKey{{m.byPV, v.PV}}
	if v.Claim != "" {
		keys = append(keys, volumeKey{m.byClaim, v.Namespace + "/" + v.Claim})
	}
	if v.Pod != "" {
		keys = append(keys, volumeKey{m.byPod, v.Namespace + "/" + v.Pod + "/" + v.PodVolume})
	}
	return keys
}

// refine adds to a volume what another file says about it. A copy is better than
// none: Velero lists a volume as skipped that another method copied.
func refine(v *backup.ArchivedVolume, from backup.ArchivedVolume) {
	if v.State == backup.VolumeNotCopied && from.State != backup.VolumeNotCopied {
		claim, pv := cmp.Or(from.Claim, v.Claim), cmp.Or(from.PV, v.PV)
		capacity := cmp.Or(from.Capacity, v.Capacity)
		*v = from
		v.Claim, v.PV, v.Capacity = claim, pv, capacity
		return
	}
	v.Claim, v.PV, v.Pod, v.PodVolume = cmp.Or(v.Claim, from.Claim), cmp.Or(v.PV, from.PV), cmp.Or(v.Pod, from.Pod), cmp.Or(v.PodVolume, from.PodVolume)
	v.Node, v.Handle, v.Driver = cmp.Or(v.Node, from.Node), cmp.Or(v.Handle, from.Handle), cmp.Or(v.Driver, from.Driver)
	v.NativePhase, v.Bytes, v.Capacity = cmp.Or(v.NativePhase, from.NativePhase), cmp.Or(v.Bytes, from.Bytes), cmp.Or(v.Capacity, from.Capacity)
	if v.Method == from.Method {
		v.Why, v.Meant = cmp.Or(v.Why, from.Why), v.Meant || from.Meant
	}
}

// complete adds what the objects in the tarball say: claim, PV and capacity.
func (c *contents) complete(v *backup.ArchivedVolume) {
	if c == nil {
		return
	}
	if v.Claim == "" && v.PV != "" {
		owner := c.pvs[v.PV].Spec.ClaimRef
		v.Namespace, v.Claim = owner.Namespace, owner.Name
	}
	if v.Claim == "" && v.Pod != "" {
		v.Claim = c.claimOf(v.Namespace, v.Pod, v.PodVolume)
	}
	if found, ok := c.claims[v.Namespace+"/"+v.Claim]; ok {
		v.PV = cmp.Or(v.PV, found.Spec.VolumeName)
		v.Capacity = cmp.Or(v.Capacity, found.Spec.Resources.Requests.Storage.bytes())
	}
	v.Capacity = cmp.Or(v.Capacity, c.pvs[v.PV].Spec.Capacity.Storage.bytes())
}

func (c *contents) claimOf(namespace, podName, volume string) string {
	p := c.byName[namespace+"/"+podName]
	if p == nil {
		return ""
	}
	for _, v := range p.Spec.Volumes {
		if v.Name == volume && v.PersistentVolumeClaim != nil {
			return v.PersistentVolumeClaim.ClaimName
		}
	}
	return ""
}

// addOperations takes over what plugins did in the background for a claim.
func (s *volumeSources) addOperations(m *merged) {
	for _, operation := range s.operations {
		if operation.Item.Resource != "persistentvolumeclaims" {
			continue
		}
		i, known := m.byClaim[operation.Item.Namespace+"/"+operation.Item.Name]
		if !known {
			v := backup.ArchivedVolume{
				Namespace: operation.Item.Namespace, Claim: operation.Item.Name, Source: backup.FileOperations,
				Method: backup.MethodNone, Driver: operation.Plugin, State: backup.VolumeUnknown,
			}
			s.contents.complete(&v)
			m.add(v)
			i = len(m.all) - 1
		}
		v := &m.all[i]
		switch operation.Phase {
		case backup.PhaseFailed:
			if v.State != backup.VolumeCopied {
				v.State, v.Why = backup.VolumeFailed, cmp.Or(operation.Error, operation.Note, v.Why)
			}
		case backup.PhasePending, backup.PhaseRunning:
			v.State, v.Why = backup.VolumeMoving, cmp.Or(v.Why, operation.Note)
		}
	}
}
