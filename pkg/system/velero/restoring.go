package velero

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Of each list that a tarball fills no more is kept than this; a setting that is
// larger than maxSetting bytes is not looked through.
const (
	maxRestoring = 20000
	maxMentions  = 200
	maxSetting   = 2 << 20
)

// Restoring says what of a tarball is asked for before a restore.
type Restoring struct {
	Limits Limits
	// Selected tells whether an object is restored.
	Selected func(Item) bool
	// Renamed are the namespaces that get another name.
	Renamed []string
}

// ReadRestoring streams the tarball of a backup once and keeps what a restore of
// the selected objects depends on. An error is a *DamageError, which says that the
// tarball is no good, or a *SourceError.
func ReadRestoring(ctx context.Context, bucket Bucket, key string, what Restoring) (backup.RestoreContents, error) {
	r := &restoring{Restoring: what, seek: newSeeker(what.Renamed), volumes: map[string]restoringPV{}}
	r.Limits = r.Limits.orDefault()
	_, err := Items(ctx, bucket, key, r.Limits, func(item Item, data io.Reader) error {
		if item.Version != "" {
			return nil
		}
		return r.look(key, item, &limitReader{key: key, from: data, left: r.Limits.Item})
	})
	if err != nil {
		return backup.RestoreContents{}, err
	}
	return r.contents(), nil
}

// restoring is one such reading.
type restoring struct {
	Restoring
	seek    *seeker
	claims  []restoringClaim
	volumes map[string]restoringPV
	found   backup.RestoreContents
}

type restoringClaim struct {
	Metadata struct {
		Namespace, Name string
		Annotations     map[string]string
	}
	Spec struct{ StorageClassName, VolumeName string }
}

type restoringPV struct {
	Metadata struct {
		Name        string
		Annotations map[string]string
	}
	Spec struct {
		CSI          *struct{ Driver string }
		NodeAffinity struct {
			Required struct {
				NodeSelectorTerms []struct {
					MatchExpressions []struct {
						Key    string
						Values []string
					}
				}
			}
		}
	}
}

// look keeps what an object tells. PersistentVolumes are looked at whether they
// are restored or not: they say what is behind a claim.
func (r *restoring) look(key string, item Item, data io.Reader) error {
	if item.Resource == "persistentvolumes" {
		var found restoringPV
		err := decodeItem(item, data, &found)
		if len(r.volumes) < maxRestoring {
			r.volumes[item.Name] = found
		}
		return damaged(key, err)
	}
	if !r.Selected(item) {
		return nil
	}
	switch item.Resource {
	case "persistentvolumeclaims":
		var found restoringClaim
		if err := decodeItem(item, data, &found); err != nil {
			return damaged(key, err)
		}
		if len(r.claims) == maxRestoring {
			r.found.Cut = true
			return nil
		}
		r.claims = append(r.claims, found)
	case "services":
		var found restoringService
		if err := decodeItem(item, data, &found); err != nil {
			return damaged(key, err)
		}
		r.service(found)
	case "configmaps":
		return damaged(key, r.setting(item, data, &configMap{}))
	case "pods", "deployments.apps", "statefulsets.apps", "daemonsets.apps", "replicasets.apps", "jobs.batch", "cronjobs.batch":
		return damaged(key, r.setting(item, data, &workload{}))
	}
	return nil
}

// setting looks through an object for names; one that is very large is left out.
func (r *restoring) setting(item Item, data io.Reader, into settings) error {
	text, err := io.ReadAll(io.LimitReader(data, maxSetting+1))
	if err != nil {
		return err
	}
	if len(text) > maxSetting {
		r.found.Cut = true
		return nil
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s %s/%s: %w", item.Resource, item.Namespace, item.Name, err)
	}
	into.each(func(field, value string) { r.seek.look(item, field, value) })
	return nil
}

type restoringService struct {
	Metadata struct {
		Namespace, Name string
		Annotations     map[string]string
	}
	Spec servicePorts
}

type servicePorts struct {
	ClusterIP string
	Ports     []struct{ NodePort int64 }
}

// lastApplied is where `kubectl apply` keeps what a person wrote.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// service keeps the address and the ports of a Service. Velero keeps those node
// ports that somebody chose (velero@v1.18.3 pkg/restore/actions/service_action.go).
func (r *restoring) service(from restoringService) {
	if len(r.found.Services) == maxRestoring {
		r.found.Cut = true
		return
	}
	service := backup.RestoreService{Namespace: from.Metadata.Namespace, Name: from.Metadata.Name, Ports: from.Spec.ports()}
	if from.Spec.ClusterIP != "None" {
		service.ClusterIP = from.Spec.ClusterIP
	}
	var applied struct{ Spec servicePorts }
	if json.Unmarshal([]byte(from.Metadata.Annotations[lastApplied]), &applied) == nil {
		service.Explicit = applied.Spec.ports()
	}
	r.found.Services = append(r.found.Services, service)
}

func (s servicePorts) ports() []int64 {
	var out []int64
	for _, port := range s.Ports {
		if port.NodePort > 0 {
			out = append(out, port.NodePort)
		}
	}
	return out
}

// contents joins the claims with their volumes, and the settings with what they name.
func (r *restoring) contents() backup.RestoreContents {
	for _, c := range r.claims {
		pv := r.volumes[c.Spec.VolumeName]
		claim := backup.RestoreClaim{
			Namespace: c.Metadata.Namespace, Name: c.Metadata.Name, Class: c.Spec.StorageClassName,
			Driver: pv.Metadata.Annotations["pv.kubernetes.io/provisioned-by"], Zones: pv.zones(),
		}
		if claim.Class == "" {
			claim.Class = c.Metadata.Annotations["volume.beta.kubernetes.io/storage-class"]
		}
		if pv.Spec.CSI != nil {
			claim.Driver = pv.Spec.CSI.Driver
		}
		r.found.Claims = append(r.found.Claims, claim)
	}
	r.found.Mentions = r.seek.mentions(r.found.Services)
	r.found.Cut = r.found.Cut || r.seek.cut
	r.found.Lookup = backup.Found
	return r.found
}

// zones are those in which the volume can be used.
func (v restoringPV) zones() []string {
	var out []string
	for _, term := range v.Spec.NodeAffinity.Required.NodeSelectorTerms {
		for _, e := range term.MatchExpressions {
			if strings.HasSuffix(e.Key, "/zone") {
				out = append(out, e.Values...)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
