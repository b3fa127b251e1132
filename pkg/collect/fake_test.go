package collect_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// recorded is a fake cluster that answers from recorded objects. It knows
// nothing of a real server but what the collector asks for.
type recorded struct {
	served  []backup.Served
	objects map[string][]map[string]any // by resource.group
	logs    map[string]string           // by pod
	secrets map[string]map[string][]byte
	deny    []string // resources that may not be read

	mu    sync.Mutex
	asked []string // every call, for tests of what is not contacted
}

func (r *recorded) ask(call string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = append(r.asked, call)
}

func newRecorded(t *testing.T, dir string) *recorded {
	t.Helper()
	r := &recorded{objects: map[string][]map[string]any{}, logs: map[string]string{}, served: []backup.Served{
		{Version: "v1", Resource: "pods", Kind: "Pod", Namespaced: true, Verbs: []string{"list"}},
		{Version: "v1", Resource: "secrets", Kind: "Secret", Namespaced: true, Verbs: []string{"list"}},
		{Version: "v1", Resource: "serviceaccounts", Kind: "ServiceAccount", Namespaced: true, Verbs: []string{"list"}},
		{Group: "batch", Version: "v1", Resource: "jobs", Kind: "Job", Namespaced: true, Verbs: []string{"list"}},
		{Group: "pingcap.com", Version: "v1alpha1", Resource: "backups", Kind: "Backup", Namespaced: true, Preferred: true, Verbs: []string{"list"}},
		{Group: "pingcap.com", Version: "v1alpha1", Resource: "tidbclusters", Kind: "TidbCluster", Namespaced: true, Preferred: true, Verbs: []string{"list"}},
	}}
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no recorded objects in %s: %v", dir, err)
	}
	for _, file := range files {
		r.load(t, file)
	}
	logs, _ := filepath.Glob(filepath.Join(dir, "logs", "*.log"))
	for _, file := range logs {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r.logs[podOf(file)] = string(text)
	}
	return r
}

// podOf is the pod of a log file's name: "clean-backup-test-6lt2f.log".
func podOf(file string) string { return strings.TrimSuffix(filepath.Base(file), ".log") }

func (r *recorded) load(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := yaml.Unmarshal(text, &object); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	items, isList := object["items"].([]any)
	if !isList {
		items = []any{object}
	}
	for _, item := range items {
		one := item.(map[string]any)
		key := resourceOf(one["kind"].(string), one["apiVersion"].(string))
		r.objects[key] = append(r.objects[key], one)
	}
}

func resourceOf(kind, apiVersion string) string {
	group, _, found := strings.Cut(apiVersion, "/")
	if !found {
		return strings.ToLower(kind) + "s"
	}
	return strings.ToLower(kind) + "s." + group
}

func (r *recorded) Info(context.Context) backup.ClusterInfo {
	return backup.ClusterInfo{Context: "recorded", Server: "https://127.0.0.1:6443"}
}

func (r *recorded) Discover(context.Context) ([]backup.Served, []backup.Gap, error) {
	return r.served, nil, nil
}

func (r *recorded) check(verb string, s backup.Served, name string) error {
	resource := s.Ref("", "").GroupResource()
	r.ask(verb + " " + resource)
	if slices.Contains(r.deny, resource) {
		denied := apierrors.NewForbidden(schema.GroupResource{Group: s.Group, Resource: s.Resource}, name, fmt.Errorf("not allowed"))
		return &cluster.Error{What: verb + " " + resource, Rule: verb + " " + resource, Err: denied}
	}
	return nil
}

func (r *recorded) Get(_ context.Context, s backup.Served, namespace, name string) (map[string]any, error) {
	if err := r.check("get", s, name); err != nil {
		return nil, err
	}
	for _, object := range r.objects[s.Ref("", "").GroupResource()] {
		if text(object, "namespace") == namespace && text(object, "name") == name {
			return object, nil
		}
	}
	absent := apierrors.NewNotFound(schema.GroupResource{Group: s.Group, Resource: s.Resource}, name)
	return nil, &cluster.Error{What: "get " + name, Err: absent}
}

func (r *recorded) List(_ context.Context, s backup.Served, namespace string, opts cluster.ListOptions, each func(map[string]any) error) error {
	if err := r.check("list", s, ""); err != nil {
		return err
	}
	selector, err := labels.Parse(opts.LabelSelector)
	if err != nil {
		return err
	}
	wanted, byName := strings.CutPrefix(opts.FieldSelector, "metadata.name=")
	for _, object := range r.objects[s.Ref("", "").GroupResource()] {
		have := labels.Set{}
		raw, _ := object["metadata"].(map[string]any)["labels"].(map[string]any)
		for key, value := range raw {
			have[key], _ = value.(string)
		}
		if namespace != "" && text(object, "namespace") != namespace || !selector.Matches(have) || byName && text(object, "name") != wanted {
			continue
		}
		if err := each(object); err != nil {
			return err
		}
	}
	return nil
}

func (r *recorded) Logs(_ context.Context, _, pod, _ string, _ cluster.LogOptions) (io.ReadCloser, error) {
	r.ask("logs " + pod)
	return io.NopCloser(bytes.NewBufferString(r.logs[pod])), nil
}

func (r *recorded) Secret(_ context.Context, namespace, name string) (map[string][]byte, error) {
	r.ask("secret " + namespace + "/" + name)
	if data, ok := r.secrets[namespace+"/"+name]; ok {
		return data, nil
	}
	return nil, &cluster.Error{What: "get Secret", Err: apierrors.NewNotFound(schema.GroupResource{Resource: "secrets"}, name)}
}

func (r *recorded) MayI(context.Context, string, backup.Ref, string) (backup.Answer, string, error) {
	return backup.Yes, "", nil
}

func text(object map[string]any, field string) string {
	value, _ := object["metadata"].(map[string]any)[field].(string)
	return value
}
