package velero

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// The annotations by which a pod says which of its volumes Velero copies
// (velero@v1.18.3 pkg/apis/velero/v1/labels_annotations.go).
const (
	optInAnnotation  = "backup.velero.io/backup-volumes"
	optOutAnnotation = "backup.velero.io/backup-volumes-excludes"
)

// contents is what of the tarball is kept: counts, and the objects that volumes hang on.
type contents struct {
	items  backup.ArchiveItems
	claims map[string]claim // by namespace/name
	pvs    map[string]persistentVolume
	pods   []*pod             // only those with a claim or a hostPath
	byName map[string]*pod    // the same, by namespace/name
	users  map[string][]mount // by namespace/name of the claim
	hooks  []backup.Hook      // those that pods are annotated with
	live   bool               // the objects are those of the cluster at present
}

// podHooks are the hooks that pods are annotated with; none where the tarball was not read.
func (c *contents) podHooks() []backup.Hook {
	if c == nil {
		return nil
	}
	return c.hooks
}

// mount is a volume of a pod that is a claim.
type mount struct {
	pod    *pod
	volume string
}

type claim struct {
	Metadata struct {
		Namespace, Name     string
		Labels, Annotations map[string]string
	}
	Spec struct {
		VolumeName       string
		StorageClassName *string
		Resources        struct{ Requests struct{ Storage quantity } }
	}
	Status struct{ Phase string }
}

type persistentVolume struct {
	Metadata struct{ Name string }
	Spec     struct {
		Capacity struct{ Storage quantity }
		ClaimRef struct{ Namespace, Name string }
		HostPath *struct{ Path string }
		CSI      *struct{ Driver string }
		// What no snapshot is taken of.
		NFS, Local *struct{}
	}
}

type pod struct {
	Metadata struct {
		Namespace, Name     string
		Labels, Annotations map[string]string
	}
	Spec struct {
		NodeName string
		Volumes  []podVolume
	}
	Status struct{ Phase string }
}

type podVolume struct {
	Name                  string
	HostPath              *struct{ Path string }
	PersistentVolumeClaim *struct{ ClaimName string }
}

func newContents() *contents {
	return &contents{claims: map[string]claim{}, pvs: map[string]persistentVolume{}, users: map[string][]mount{}, byName: map[string]*pod{}}
}

// readContents streams the tarball once.
func readContents(ctx context.Context, bucket Bucket, key string, limits Limits) (*contents, error) {
	out := newContents()
	counts := itemCounts{}
	format, err := Items(ctx, bucket, key, limits, func(item Item, data io.Reader) error {
		if item.Version != "" {
			return nil
		}
		counts.add(item)
		return out.look(key, item, &limitReader{key: key, from: data, left: limits.Item})
	})
	if err != nil {
		return nil, err
	}
	out.items.Format = format
	out.items.Total, out.items.Counts = counts.sorted()
	return out, nil
}

// look keeps the objects that volumes hang on.
func (c *contents) look(key string, item Item, data io.Reader) error {
	var err error
	switch item.Resource {
	case "persistentvolumeclaims":
		var found claim
		if err = decodeItem(item, data, &found); err == nil {
			c.claims[item.Namespace+"/"+item.Name] = found
		}
	case "persistentvolumes":
		var found persistentVolume
		if err = decodeItem(item, data, &found); err == nil {
			c.pvs[item.Name] = found
		}
	case "pods":
		found := &pod{}
		if err = decodeItem(item, data, found); err == nil {
			c.keep(found)
		}
	}
	return damaged(key, err)
}

func decodeItem(item Item, data io.Reader, into any) error {
	if err := json.NewDecoder(data).Decode(into); err != nil {
		return fmt.Errorf("%s %s/%s: %w", item.Resource, item.Namespace, item.Name, err)
	}
	return nil
}

// keep remembers a pod by what it mounts, and its hooks.
func (c *contents) keep(p *pod) {
	c.hooks = append(c.hooks, podHooks(p.Metadata.Namespace+"/"+p.Metadata.Name, p.Metadata.Annotations)...)
	holdsData := false
	for _, v := range p.Spec.Volumes {
		holdsData = holdsData || v.HostPath != nil
		if v.PersistentVolumeClaim == nil {
			continue
		}
		holdsData = true
		key := p.Metadata.Namespace + "/" + v.PersistentVolumeClaim.ClaimName
		c.users[key] = append(c.users[key], mount{p, v.Name})
	}
	if holdsData {
		c.pods = append(c.pods, p)
		c.byName[p.Metadata.Namespace+"/"+p.Metadata.Name] = p
	}
}
