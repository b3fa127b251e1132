package compose

import (
	"maps"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
)

// setByKubectl is what `kubectl apply` remembers of another object.
func setByKubectl(key string) bool { return key == "kubectl.kubernetes.io/last-applied-configuration" }

// setByServers are the labels and annotations that a server or a tool of GitOps set
// on the object that is copied: they say something of that one alone, and a tool
// that finds its mark on an object it does not know deletes it.
func setByServers(key string) bool {
	for _, prefix := range []string{
		// velero@v1.18.3 pkg/apis/velero/v1/labels_annotations.go
		"velero.io/storage-location", "velero.io/schedule-name", "velero.io/gc-failure", "velero.io/source-cluster-k8s-",
		"velero.io/resource-timeout", "velero.io/global-backup-volume-policy-configmap",
		// pingcap/tidb-operator@v1.6.1 pkg/apis/label/label.go: with it the schedule would take the copy for its own and delete it
		"tidb.pingcap.com/backup-schedule",
		// That of the instance is also Argo CD's.
		"argocd.argoproj.io/", "kustomize.toolkit.fluxcd.io/", "helm.toolkit.fluxcd.io/", "meta.helm.sh/", "app.kubernetes.io/managed-by", "app.kubernetes.io/instance",
	} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return setByKubectl(key)
}

// Like puts into a manifest what another object was asked for: the field at its
// path from into the path to, and the labels and annotations that people gave it.
func Like(object, other map[string]any, from, to string) error {
	other = runtime.DeepCopyJSON(other)
	if err := copyTexts(object, other, setByServers); err != nil {
		return err
	}
	if spec, ok := Get(other, from).(map[string]any); ok {
		return Put(object, to, spec)
	}
	return nil
}

// FromManifest puts into a manifest what a file says: spec, labels and annotations.
func FromManifest(object, manifest map[string]any) error {
	if err := copyTexts(object, manifest, func(string) bool { return false }); err != nil {
		return err
	}
	if spec, ok := manifest["spec"]; ok {
		return Put(object, "spec", spec)
	}
	return nil
}

// copyTexts copies labels and annotations but for those that are another's.
func copyTexts(object, other map[string]any, foreign func(key string) bool) error {
	for _, path := range []string{"metadata.labels", "metadata.annotations"} {
		texts, _ := Get(other, path).(map[string]any)
		if texts = without(texts, foreign); len(texts) == 0 {
			continue
		}
		if err := Put(object, path, texts); err != nil {
			return err
		}
	}
	return nil
}

func without(texts map[string]any, foreign func(key string) bool) map[string]any {
	out := maps.Clone(texts)
	maps.DeleteFunc(out, func(key string, _ any) bool { return foreign(key) })
	return out
}
