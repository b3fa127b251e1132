package velero

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// ReadDrilling streams the tarball of a backup once and keeps what a drill compares:
// each object of the chosen namespaces, all where none are named. An error is
// a *DamageError, which says that the tarball is no good, or a *SourceError.
func ReadDrilling(ctx context.Context, bucket Bucket, key string, limits Limits, chosen []string) (backup.DrillContents, error) {
	d := &drilling{chosen: chosen, all: map[string]bool{}, policies: map[string]string{}}
	limits = limits.orDefault()
	_, err := Items(ctx, bucket, key, limits, func(item Item, data io.Reader) error {
		if item.Version != "" {
			return nil
		}
		return damaged(key, d.look(item, &limitReader{key: key, from: data, left: limits.Item}))
	})
	if err != nil {
		return backup.DrillContents{}, err
	}
	d.found.All = slices.Sorted(maps.Keys(d.all))
	for i, claim := range d.found.Claims {
		d.found.Claims[i].Policy = d.policies[claim.PV]
	}
	return d.found, nil
}

// drilling is one such reading.
type drilling struct {
	chosen   []string
	all      map[string]bool
	policies map[string]string // reclaim policies of volumes
	found    backup.DrillContents
}

// drilled is what is read of each object. Of custom resources it is the metadata
// alone: their fields may have any type.
type drilled struct {
	drilledMetadata
	drilledFields
}

type drilledMetadata struct {
	Metadata struct {
		Labels          map[string]string
		OwnerReferences []struct{ Kind string }
	}
}

// drilledFields are those of the kinds of Kubernetes that a drill looks at.
type drilledFields struct {
	Type string // of a Secret
	Spec struct {
		Replicas                      *int64
		Suspend                       bool
		Type                          string
		Ports                         []json.RawMessage
		ExternalIPs                   []string
		VolumeName                    string
		StorageClassName              *string
		Resources                     struct{ Requests struct{ Storage quantity } }
		PersistentVolumeReclaimPolicy string
	}
	Status struct {
		Phase                  string
		CompletionTime         string
		Capacity               struct{ Storage quantity }
		ReadyReplicas          int64
		NumberReady            int64
		DesiredNumberScheduled int64
	}
}

// fielded are the kinds whose fields are read.
func fielded(resource string) bool {
	return slices.Contains([]string{
		"persistentvolumes", "persistentvolumeclaims", "services", "pods", "secrets", "jobs.batch", "cronjobs.batch",
		"deployments.apps", "statefulsets.apps", "daemonsets.apps",
	}, resource)
}

func decodeDrilled(item Item, data io.Reader) (drilled, error) {
	var object drilled
	if fielded(item.Resource) {
		err := decodeItem(item, data, &object)
		return object, err
	}
	err := decodeItem(item, data, &object.drilledMetadata)
	return object, err
}

func (d *drilling) look(item Item, data io.Reader) error {
	if item.Namespace != "" {
		d.all[item.Namespace] = true
	}
	wanted := item.Namespace != "" && (len(d.chosen) == 0 || slices.Contains(d.chosen, item.Namespace))
	if !wanted && item.Resource != "persistentvolumes" && item.Resource != "namespaces" {
		return nil
	}
	object, err := decodeDrilled(item, data)
	if err != nil {
		return err
	}
	switch item.Resource {
	case "persistentvolumes":
		d.policies[item.Name] = object.Spec.PersistentVolumeReclaimPolicy
	case "namespaces":
		d.security(item.Name, object.Metadata.Labels)
	default:
		d.found.Objects = append(d.found.Objects, backup.DrillObject{
			Resource: item.Resource, Namespace: item.Namespace, Name: item.Name,
			Made: object.made(item), Ended: object.ended(item),
		})
		d.special(item, object)
	}
	return nil
}

// security keeps the Pod Security labels of a namespace, without which its pods
// may be refused elsewhere.
func (d *drilling) security(namespace string, labels map[string]string) {
	for key, value := range labels {
		if !strings.HasPrefix(key, "pod-security.kubernetes.io/") {
			continue
		}
		if d.found.Security == nil {
			d.found.Security = map[string]map[string]string{}
		}
		if d.found.Security[namespace] == nil {
			d.found.Security[namespace] = map[string]string{}
		}
		d.found.Security[namespace][key] = value
	}
}

// special keeps what is more than a name.
func (d *drilling) special(item Item, object drilled) {
	switch item.Resource {
	case "persistentvolumeclaims":
		d.found.Claims = append(d.found.Claims, object.claim(item))
	case "services":
		if s := object.Spec; s.Type == "LoadBalancer" || s.Type == "NodePort" || len(s.ExternalIPs) > 0 {
			d.found.Services = append(d.found.Services, backup.DrillService{
				Namespace: item.Namespace, Name: item.Name, Type: s.Type, Ports: len(s.Ports), External: len(s.ExternalIPs) > 0,
			})
		}
	case "cronjobs.batch":
		if !object.Spec.Suspend {
			d.found.CronJobs++
		}
	case "pods":
		d.found.Pods++
	case "deployments.apps", "statefulsets.apps", "daemonsets.apps":
		d.found.Workloads = append(d.found.Workloads, object.workload(item))
	}
}

func (o drilled) claim(item Item) backup.DrillClaim {
	claim := backup.DrillClaim{Namespace: item.Namespace, Name: item.Name, Phase: o.Status.Phase, PV: o.Spec.VolumeName}
	if o.Spec.StorageClassName != nil {
		claim.Class = *o.Spec.StorageClassName
	}
	for _, amount := range []quantity{o.Status.Capacity.Storage, o.Spec.Resources.Requests.Storage} {
		if bytes := amount.bytes(); bytes != nil && claim.Bytes == 0 {
			claim.Bytes = *bytes
		}
	}
	return claim
}

func (o drilled) workload(item Item) backup.DrillWorkload {
	w := backup.DrillWorkload{Resource: item.Resource, Namespace: item.Namespace, Name: item.Name, Wanted: 1, Ready: o.Status.ReadyReplicas}
	if o.Spec.Replicas != nil {
		w.Wanted = *o.Spec.Replicas
	}
	if item.Resource == "daemonsets.apps" {
		w.Wanted, w.Ready = o.Status.DesiredNumberScheduled, o.Status.NumberReady
	}
	return w
}

// made tells of what controllers make by themselves: what has an owner, and what
// Kubernetes puts into every namespace or beside a Service or a ServiceAccount.
func (o drilled) made(item Item) bool {
	switch item.Resource {
	case "endpoints", "endpointslices.discovery.k8s.io", "events", "events.events.k8s.io", "leases.coordination.k8s.io", "controllerrevisions.apps":
		return true
	case "secrets": // Velero leaves out tokens (velero@v1.18.3 pkg/restore/actions/secret_action.go)
		return len(o.Metadata.OwnerReferences) > 0 || o.Type == "kubernetes.io/service-account-token"
	}
	return len(o.Metadata.OwnerReferences) > 0
}

// ended tells of Jobs and pods that are not restored since they had ended
// (velero@v1.18.3 pkg/restore/restore.go, isCompleted).
func (o drilled) ended(item Item) bool {
	switch item.Resource {
	case "pods":
		return o.Status.Phase == "Succeeded" || o.Status.Phase == "Failed"
	case "jobs.batch":
		return o.Status.CompletionTime != ""
	}
	return false
}
