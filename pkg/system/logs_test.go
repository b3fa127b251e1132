package system_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

const loud = `
kinds:
- role: backup
  match: {group: example.org, resource: dumps}
  finished: self.?status.?finished
  phases: [{is: Completed}]
  logs:
  - {source: server, selector: '"app=" + self.metadata.name', container: main, keep: [{fields: [dump, Dump], value: self.metadata.name}, {value: '"id-" + text(self.spec.?id)'}]}
  - {source: everywhere, namespace: '"*"', selector: '"a=b"', copied: {begin: from, end: until}}
  - {source: elsewhere, namespace: '"there"', pod: '"one"', during: true}
  - {source: not now, when: 'false', selector: '"a=b"'}
  - {source: where is not known, selector: self.spec.missing}
  - {source: what counts is not known, selector: '"a=b"', keep: [{value: self.spec.missing}]}
`

func TestLogSources(t *testing.T) {
	kind := only(t, load(t, system.Options{Files: []string{profile(t, "mine", loud)}}), served("v1", true))
	raw := map[string]any{
		"metadata": map[string]any{"name": "d", "namespace": "n", "creationTimestamp": "2026-11-21T08:00:00Z"},
		"spec":     map[string]any{"id": "7"}, "status": map[string]any{"finished": "2026-11-21T09:00:00Z"},
	}
	got := kind.Logs(raw)
	want := []string{
		"server n app=d main dump=d Dump=d id-7", "everywhere  a=b copied from-until", "elsewhere there pod one from 08:00:00 until 09:00:00",
	}
	if texts := sourceTexts(got); !slices.Equal(texts, want) {
		t.Errorf("got %q", texts)
	}
}

// sourceTexts are sources, one in a line.
func sourceTexts(sources []backup.LogSource) []string {
	var out []string
	for _, s := range sources {
		text := s.Name + " " + s.Namespace + " " + s.Selector
		if s.Pod != "" {
			text += "pod " + s.Pod
		}
		if s.Container != "" {
			text += " " + s.Container
		}
		for _, m := range s.Keep {
			text += " " + strings.TrimPrefix(m.Field+"="+m.Value, "=")
		}
		if s.Copied != nil {
			text += " copied " + s.Copied.Begin + "-" + s.Copied.End
		}
		if !s.From.IsZero() {
			text += fmt.Sprintf(" from %s until %s", s.From.Format("15:04:05"), s.Until.Format("15:04:05"))
		}
		out = append(out, text)
	}
	return out
}

func TestLogSourcesOfTheBuiltInProfiles(t *testing.T) {
	t.Parallel()
	meta := map[string]any{"name": "demo", "namespace": "velero", "creationTimestamp": "2026-11-21T08:00:00Z"}
	ended := map[string]any{"phase": "Completed", "completionTimestamp": "2026-11-21T09:00:00Z"}
	for name, c := range map[string]struct {
		group, version, resource string
		spec, status             map[string]any
		want                     []string // the name of each source, and what its lines hold
	}{
		"backup": {"velero.io", "v1", "backups", nil, nil, []string{
			"server velero deploy=velero velero backup=velero/demo gc backup=velero/demo backup operations for backup=velero/demo backup=demo",
			"node-agent velero name in (node-agent, node-agent-windows, restic) backup=velero/demo",
		}},
		"restore":  {"velero.io", "v1", "restores", nil, nil, []string{"server velero deploy=velero velero restore=velero/demo", "restore-wait  velero.io/restore-name=demo restore-wait"}},
		"schedule": {"velero.io", "v1", "schedules", nil, nil, []string{"server velero deploy=velero velero schedule=velero/demo"}},
		"data upload that runs": {"velero.io", "v2alpha1", "datauploads", map[string]any{"sourceNamespace": "shop", "backupStorageLocation": "default"}, map[string]any{"phase": "InProgress"}, []string{
			"dataupload=velero/demo dataupload=demo copied Redirecting to log file-Completed to collect",
			"data-mover velero velero.io/data-upload=demo", "maintenance velero velero.io/repo-name=shop-default-kopia from 08:00:00",
		}},
		"pod volume backup": {"velero.io", "v1", "podvolumebackups", map[string]any{"pod": map[string]any{"namespace": "shop"}, "backupStorageLocation": "default", "uploaderType": "kopia"}, ended, []string{
			"podvolumebackup=velero/demo pvb=demo", "velero.io/repo-name=shop-default-kopia from 08:00:00 until 09:00:00",
		}},
		"snapshot of vSphere": {"backupdriver.cnsdp.vmware.com", "v1alpha1", "snapshots", nil, map[string]any{"snapshotID": "pvc:shop/db:aXZkOmRpc2s6c25hcA=="}, []string{
			"backup-driver  name=backup-driver name=demo velero/demo", "datamgr-for-vsphere-plugin  name=datamgr-for-vsphere-plugin name=upload-snap ivd:disk:snap",
		}},
		"upload of vSphere": {"veleroplugin.io", "v1", "uploads", nil, nil, []string{"datamgr-for-vsphere-plugin velero name=datamgr-for-vsphere-plugin name=demo"}},
		"restore of TiDB":   {"pingcap.com", "v1alpha1", "restores", nil, nil, []string{"operator  app.kubernetes.io/name=tidb-operator,app.kubernetes.io/component=controller-manager velero/demo"}},
		"schedule of TiDB":  {"pingcap.com", "v1alpha1", "backupschedules", nil, nil, []string{"operator "}},
	} {
		kinds := load(t, system.Options{}).Match([]backup.Served{{Group: c.group, Version: c.version, Resource: c.resource, Namespaced: true, Preferred: true}}, nil)
		if len(kinds) != 1 {
			t.Fatalf("%s: %d kinds", name, len(kinds))
		}
		raw := map[string]any{"metadata": meta, "spec": orEmpty(c.spec), "status": orEmpty(c.status)}
		got := strings.Join(sourceTexts(kinds[0].Logs(raw)), "\n")
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", name, want, got)
			}
		}
		if c.status["phase"] == "Completed" && strings.Contains(got, "data-mover") {
			t.Errorf("%s has ended, and a pod of it is looked for", name)
		}
	}
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}
