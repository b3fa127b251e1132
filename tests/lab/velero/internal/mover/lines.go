package mover

import (
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// line is one log line of an agent about an object.
type line struct {
	level string
	// text may hold NODE, NAME, FROM and TO for what they say.
	text string
	// bare says that the line does not name its object, as those of the library that moves the data.
	bare bool
	// pod says that the pod of the one object writes it, not the agent.
	pod bool
}

// lines are what the real programs write when an object enters a phase. The texts of Velero are those of
// github.com/vmware-tanzu/velero@v1.18.3 pkg/controller, those of the vSphere plugin of
// github.com/vmware-tanzu/velero-plugin-for-vsphere pkg/controller, so that what reads logs is tested on real lines.
func lines(k *kind, from string, s step) []line {
	var found []line
	switch k.name {
	case "DataUpload", "DataDownload":
		found = dataLines(k)[s.phase]
	case "PodVolumeBackup", "PodVolumeRestore":
		found = volumeLines(k)[s.phase]
	case "Upload":
		found = uploadLines[s.phase]
	case "Snapshot":
		found = []line{{text: "updateSnapshotStatusPhase: Snapshot NAME updated phase from FROM to TO"}}
	default:
		found = []line{{text: k.name + " status updated from FROM to TO"}}
	}
	if s.phase == "InProgress" && from == "InProgress" {
		found = progressLines(k, s.percent)
	}
	filled := make([]line, 0, len(found))
	for _, l := range found {
		l.text = strings.NewReplacer("FROM", from, "TO", s.phase).Replace(l.text)
		filled = append(filled, l)
	}
	return filled
}

func dataLines(k *kind) map[string][]line {
	title, noun := "Data upload", "dataUpload"
	if k.name == "DataDownload" {
		title, noun = "Data download", "dataDownload"
	}
	return map[string][]line{
		"Accepted": {{text: title + " starting"}, {text: title + " is accepted"}, {text: "Snapshot is exposed"}},
		"Prepared": {
			{text: title + " is prepared and should be processed by NODE (NODE)"},
			{pod: true, text: "Starting micro service in node NODE for NAME"},
		},
		"InProgress": {
			{text: "Exposed snapshot is ready and creating data path routine"}, {text: "Init cancelable " + noun},
			{text: title + " is marked as in progress"}, {text: "Start cancelable " + noun},
			{pod: true, text: "Run cancelable " + noun}, {pod: true, text: "Async fs backup data path started"},
		},
		"Completed": {
			{pod: true, text: "Async fs backup completed"}, {text: "Async fs backup data path completed"},
			{text: "Cleaning up exposed environment"}, {text: title + " completed"},
		},
		"Failed":    {{level: "error", text: "Async fs backup data path failed"}, {text: "update " + strings.ToLower(title) + " status to Failed"}},
		"Canceling": {{text: "In progress " + strings.ToLower(title) + " is being canceled"}},
		"Canceled":  {{level: "warning", text: strings.ToLower(title) + " is canceled"}},
	}
}

func volumeLines(k *kind) map[string][]line {
	short := "PVB"
	if k.name == "PodVolumeRestore" {
		short = "PVR"
	}
	return map[string][]line{
		"Accepted": {{text: "Accepting " + short}, {text: "Exposing " + short}, {text: short + " is exposed"}},
		"Prepared": {{text: short + " is prepared and should be processed by NODE (NODE)"}},
		"InProgress": {
			{text: "Exposed " + short + " is ready and creating data path routine"}, {text: "Init cancelable " + short},
			{text: short + " is marked as in progress"}, {text: "Start cancelable " + short},
			{pod: true, text: "Async fs backup data path started"},
		},
		"Completed": {{pod: true, text: "Async fs backup completed"}, {text: "Cleaning up exposed environment"}, {text: short + " completed"}},
		"Failed":    {{level: "error", text: "Async fs backup data path failed"}, {text: "update " + short + " status to Failed"}},
		"Canceling": {{text: "In progress " + short + " is being canceled"}},
		"Canceled":  {{level: "warning", text: short + " is canceled"}},
	}
}

var uploadLines = map[string][]line{
	"New":        {{text: "Upload status updated from FROM to TO"}},
	"InProgress": {{text: "Upload starting"}, {text: "Upload status updated from FROM to TO"}},
	"Completed": {
		{text: "Segment upload completed", bare: true}, {text: "Upload status updated from FROM to TO"}, {text: "Upload Completed"},
	},
	"UploadError": {
		{level: "error", text: "CopyToRepo Error Received: the upload was interrupted"},
		{text: "Upload status updated from FROM to TO"}, {text: "Re-adding failed upload to the queue"},
	},
	"UploadFailedAfterRetry": {{level: "error", text: "Upload status updated from FROM to TO"}},
	"Canceling":              {{text: "Upload status updated from FROM to TO"}},
	"Canceled":               {{text: "The upload of PE was canceled"}, {text: "Upload status updated from FROM to TO"}},
	"CleanupFailed":          {{level: "error", text: "Upload status updated from FROM to TO"}},
}

// progressLines are written while data moves. Those of the vSphere plugin do not say whose data it is.
func progressLines(k *kind, percent int) []line {
	if k.agent != dataManager {
		return nil
	}
	return []line{{bare: true, text: fmt.Sprintf("Upload ongoing, Part: %d Bytes Uploaded: %d MB", max(1, percent/10), percent)}}
}

// format writes a line as logrus does for people, the form that all of these programs use by default.
func format(k *kind, object *unstructured.Unstructured, node string, l line, now time.Time) string {
	name := object.GetNamespace() + "/" + object.GetName()
	text := strings.NewReplacer("NODE", node, "NAME", name).Replace(l.text)
	level := l.level
	if level == "" {
		level = "info"
	}
	var out strings.Builder
	fmt.Fprintf(&out, "time=%q level=%s msg=%q", now.UTC().Format(time.RFC3339), level, text)
	if l.bare {
		return out.String() + "\n"
	}
	if backup := object.GetLabels()["velero.io/backup-name"]; backup != "" && k.name == "PodVolumeBackup" {
		fmt.Fprintf(&out, " backup=%s/%s", object.GetNamespace(), backup)
	}
	fmt.Fprintf(&out, " controller=%s", k.controller)
	if k.field == "name" {
		fmt.Fprintf(&out, " generation=%d name=%s namespace=%s phase=%s", object.GetGeneration(), object.GetName(),
			object.GetNamespace(), phaseOf(object))
	} else {
		fmt.Fprintf(&out, " %s=%s", k.field, name)
	}
	return out.String() + "\n"
}
