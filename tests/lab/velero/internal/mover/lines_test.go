package mover

import (
	"testing"
	"time"
)

func TestFormat(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	data, vsphere := kindNamed(t, "DataUpload", "velero.io"), kindNamed(t, "Upload", "datamover.cnsdp.vmware.com")
	object := upload("InProgress")
	object.SetNamespace("velero")
	for want, got := range map[string]string{
		`time="2026-01-02T03:04:05Z" level=info msg="Data upload is prepared and should be processed by node-1 (node-1)" controller=dataupload dataupload=velero/du`:         format(data, object, "node-1", lines(data, "Accepted", step{phase: "Prepared"})[0], now),
		`time="2026-01-02T03:04:05Z" level=info msg="Upload status updated from New to InProgress" controller=upload generation=0 name=du namespace=velero phase=InProgress`: format(vsphere, object, "node-1", lines(vsphere, "New", step{phase: "InProgress"})[1], now),
		`time="2026-01-02T03:04:05Z" level=info msg="Upload ongoing, Part: 4 Bytes Uploaded: 40 MB"`:                                                                         format(vsphere, object, "node-1", lines(vsphere, "InProgress", step{phase: "InProgress", percent: 40})[0], now),
	} {
		if got != want+"\n" {
			t.Errorf("line is\n%swant\n%s", got, want)
		}
	}
}

func TestEveryStepOfAKindSpeaks(t *testing.T) {
	for _, k := range kinds() {
		steps, err := parseScript(k.script)
		if err != nil {
			t.Fatal(err)
		}
		from := ""
		for _, s := range steps {
			if moving := from == "InProgress" && s.phase == from; !moving && len(lines(k, from, s)) == 0 {
				t.Errorf("%s says nothing when it becomes %s", k.name, s.phase)
			}
			from = s.phase
		}
	}
}

func TestReflectedPhases(t *testing.T) {
	snapshot := kindNamed(t, "Snapshot", "backupdriver.cnsdp.vmware.com")
	for _, end := range kindNamed(t, "Upload", "datamover.cnsdp.vmware.com").ends {
		if !snapshot.ended(reflected(end)) {
			t.Errorf("an Upload that is %s leaves its Snapshot %q, which is no end", end, reflected(end))
		}
	}
	if reflected("New") != "" {
		t.Error("a new Upload changes its Snapshot")
	}
}
