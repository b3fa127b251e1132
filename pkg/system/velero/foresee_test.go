package velero

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

type raw = map[string]any

// aCluster has one volume of each sort: of CSI, of NFS and of a hostPath, and a
// claim that no pod uses.
func aCluster(t *testing.T, spec raw, server Server, podPhase string, annotations raw) *Foresight {
	t.Helper()
	f, err := Foresee(raw{"kind": "Backup", "metadata": raw{"name": "b", "namespace": "velero"}, "spec": spec}, server)
	if err != nil {
		t.Fatal(err)
	}
	meta := func(name string, labels raw) raw { return raw{"name": name, "namespace": "shop", "labels": labels} }
	claimVolume := func(name string) raw { return raw{"name": name, "persistentVolumeClaim": raw{"claimName": name}} }
	pod := raw{
		"metadata": raw{"name": "web-0", "namespace": "shop", "annotations": annotations, "labels": raw{"app": "web"}}, "status": raw{"phase": podPhase},
		"spec": raw{"volumes": []any{claimVolume("csi"), claimVolume("nfs"), claimVolume("host"), raw{"name": "logs", "hostPath": raw{"path": "/var/log"}}}},
	}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(f.AddNamespace(raw{"metadata": raw{"name": "hidden"}}))
	check(f.AddPod(pod))
	check(f.AddPod(raw{"metadata": raw{"name": "other", "namespace": "hidden"}}))
	check(f.AddClaim(raw{"metadata": raw{"name": "secret", "namespace": "hidden"}}))
	for _, name := range []string{"csi", "nfs", "host", "idle"} {
		check(f.AddClaim(raw{"metadata": meta(name, nil), "status": raw{"phase": "Bound"}, "spec": raw{"volumeName": "pv-" + name, "storageClassName": "fast"}}))
	}
	for name, source := range map[string]raw{"csi": {"csi": raw{"driver": "d"}}, "nfs": {"nfs": raw{"server": "x"}}, "host": {"hostPath": raw{"path": "/x"}}, "idle": {"nfs": raw{}}} {
		check(f.AddVolume(raw{"metadata": raw{"name": "pv-" + name}, "spec": source}))
	}
	return f
}

// told are the claims with state and method, as "csi Copied CSISnapshot".
func told(f *Foresight) string {
	var out []string
	for _, v := range f.Volumes() {
		if v.Claim == "" {
			continue
		}
		word := string(v.State)
		if v.State == backup.VolumeCopied {
			word = string(v.Method)
		}
		if v.Meant {
			word += "(meant)"
		}
		out = append(out, v.Claim+" "+word)
	}
	return strings.Join(out, ", ")
}

func TestForesee(t *testing.T) {
	t.Parallel()
	const none = "csi NotCopied, host NotCopied, idle NotCopied, nfs NotCopied"
	csi := Server{"features": "EnableCSI"}
	labelled := raw{"metadata": raw{"name": "c", "labels": raw{classLabel: "true"}}, "driver": "d"}
	for _, c := range []struct {
		name        string
		spec        raw
		server      Server
		phase       string
		annotations raw
		class       raw
		provider    string
		want        string
	}{
		{name: "nothing is set", want: none},
		{name: "opted in", annotations: raw{optInAnnotation: "nfs,host"}, want: "csi NotCopied, host NotCopied, idle NotCopied, nfs PodVolumeBackup"},
		{name: "opted in, and the pod does not run", phase: "Pending", annotations: raw{optInAnnotation: "nfs"}, want: none},
		{name: "by default", spec: raw{"defaultVolumesToFsBackup": true}, annotations: raw{optOutAnnotation: "nfs"}, want: "csi PodVolumeBackup, host NotCopied, idle NotCopied, nfs NotCopied(meant)"},
		{name: "by the server's default", server: Server{"default-volumes-to-fs-backup": "true"}, want: "csi PodVolumeBackup, host NotCopied, idle NotCopied, nfs PodVolumeBackup"},
		{name: "by the default of e-backup", spec: raw{"runMode": "Normal", "defaultVolumesToRestic": true}, want: "csi PodVolumeBackup, host NotCopied, idle NotCopied, nfs PodVolumeBackup"},
		{name: "CSI", server: csi, class: labelled, want: "csi CSISnapshot, host NotCopied, idle NotCopied, nfs NotCopied"},
		{name: "CSI, the only class", server: csi, class: raw{"driver": "d"}, want: "csi CSISnapshot, host NotCopied, idle NotCopied, nfs NotCopied"},
		{name: "CSI, a class of another driver", server: csi, class: raw{"driver": "e"}, want: none},
		{name: "CSI, files win even if they are skipped", server: csi, class: labelled, phase: "Pending", annotations: raw{optInAnnotation: "csi"}, want: none},
		{name: "CSI, moved: the default is not for claims", server: csi, class: labelled, spec: raw{"defaultVolumesToFsBackup": true, "snapshotMoveData": true}, want: "csi CSISnapshot+moved, host NotCopied, idle NotCopied, nfs NotCopied"},
		{name: "no snapshots are wanted", server: csi, class: labelled, spec: raw{"snapshotVolumes": false}, want: "csi NotCopied(meant), host NotCopied(meant), idle NotCopied(meant), nfs NotCopied(meant)"},
		{name: "a provider's driver", provider: "velero.io/aws", want: none},
		{name: "a provider that nobody knows", provider: "acme", want: "csi Unknown, host NotCopied, idle NotCopied, nfs NotCopied"},
		{name: "policies decide", spec: raw{"resourcePolicy": raw{"kind": "configmap", "name": "p"}}, want: "csi Unknown, host Unknown, idle Unknown, nfs Unknown"},
		{name: "global policies decide", server: Server{"global-backup-volume-policies-configmap": "p"}, want: "csi Unknown, host Unknown, idle Unknown, nfs Unknown"},
		{name: "e-backup, snapshots", spec: raw{"runMode": "Normal", "appData": raw{"volumes": "Snapshot"}}, want: "csi Unknown, host Unknown, idle Unknown, nfs Unknown"},
		{name: "e-backup, no data", spec: raw{"runMode": "AppOnly"}, want: "csi NotCopied(meant), host NotCopied(meant), idle NotCopied(meant), nfs NotCopied(meant)"},
		{name: "another namespace", spec: raw{"includedNamespaces": []any{"sh*"}, "excludedNamespaces": []any{"shop"}}, want: ""},
		{name: "a selector: a pod takes its claims with it", spec: raw{"labelSelector": raw{"matchLabels": raw{"app": "web"}}}, annotations: raw{optInAnnotation: "nfs"}, want: "csi NotCopied, host NotCopied, idle NotCopied, nfs PodVolumeBackup"},
		{name: "claims are filtered out", spec: raw{"excludedResources": []any{"pvc"}}, want: "csi NotCopied(meant), host NotCopied(meant), idle NotCopied(meant), nfs NotCopied(meant)"},
		{name: "pods are filtered out", spec: raw{"includedNamespaceScopedResources": []any{"persistentvolumeclaims"}}, annotations: raw{optInAnnotation: "nfs"}, want: none},
	} {
		if c.phase == "" {
			c.phase = "Running"
		}
		if c.server == nil {
			c.server = Server{}
		}
		f := aCluster(t, c.spec, c.server, c.phase, c.annotations)
		if c.class != nil {
			if err := f.AddSnapshotClass(c.class); err != nil {
				t.Fatal(err)
			}
		}
		if c.provider != "" {
			if err := f.AddSnapshotLocation(raw{"metadata": raw{"name": "l"}, "spec": raw{"provider": c.provider}}); err != nil {
				t.Fatal(err)
			}
		}
		if got := told(f); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", c.name, got, c.want)
		}
	}
}

// Each volume has its reason, and what would help where something does.
func TestForeseeReasons(t *testing.T) {
	t.Parallel()
	f := aCluster(t, raw{"orLabelSelectors": []any{raw{"matchLabels": raw{"app": "web"}}}}, Server{"features": "EnableCSI"}, "Running", raw{optInAnnotation: "cache"})
	said := map[string]backup.ForeseenVolume{}
	for _, v := range f.Volumes() {
		said[v.Name()] = v
	}
	for name, want := range map[string]string{
		"shop/csi":        "pod web-0 does not opt it in; no VolumeSnapshotClass of driver d is labelled velero.io/csi-volumesnapshot-class",
		"shop/nfs":        "pod web-0 does not opt it in; no VolumeSnapshotLocation is there",
		"shop/host":       "its volume is a hostPath, which Velero copies in no way; pod web-0 does not opt it in",
		"shop/idle":       "the label selector of the backup misses the claim, and every pod that uses it",
		"shop/web-0:logs": "hostPath /var/log, which Velero copies in no way",
	} {
		if got := said[name].Why; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if nfs, host := said["shop/nfs"], said["shop/host"]; nfs.OptIn != "cache,nfs" || !nfs.ByDefault || host.OptIn != "" {
		t.Errorf("%+v, %+v", nfs, host)
	}
	if _, err := Foresee(raw{"spec": raw{"labelSelector": raw{"matchExpressions": []any{raw{"key": "a", "operator": "Near"}}}}}, nil); err == nil {
		t.Error("a selector that is none was taken")
	}
}

func TestSelectionNamespaces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ typed, want []string }{{nil, nil}, {[]string{"a", "b"}, []string{"a", "b"}}, {[]string{"a", "b*"}, nil}} {
		s := &Selection{IncludedNamespaces: c.typed}
		if got := s.Namespaces(); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v", c.typed, got)
		}
	}
}
