package mover

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Annotations on an object choose how it goes. On the namespace of the volume they are for all objects of a kind,
// with a dash and the kind's name at their end, because Velero makes its objects itself.
const (
	// PhasesAnnotation lists the steps. The steps that are done are counted, so that a list may be made longer later;
	// one that stops before an end leaves the object there.
	PhasesAnnotation = "lab.kubectl-backup.dev/phases"
	// HangAnnotation set to true keeps the stand-in's hands off the object altogether.
	HangAnnotation = "lab.kubectl-backup.dev/hang"
	// MessageAnnotation becomes status.message when the object fails or is canceled.
	MessageAnnotation = "lab.kubectl-backup.dev/message"
	// BytesAnnotation is the size of the volume.
	BytesAnnotation = "lab.kubectl-backup.dev/bytes"
	// stepAnnotation counts the steps that are done.
	stepAnnotation = "lab.kubectl-backup.dev/step"
)

// settings is how an object shall go.
type settings struct {
	steps   []step
	hang    bool
	message string
	bytes   int64
}

// readSettings takes each annotation from the object, or from the namespace of its volume.
func readSettings(k *kind, object *unstructured.Unstructured, namespace map[string]string) (settings, error) {
	value := func(name, otherwise string) string {
		if own, found := object.GetAnnotations()[name]; found {
			return own
		}
		if shared, found := namespace[name+"-"+strings.ToLower(k.name)]; found {
			return shared
		}
		return otherwise
	}
	steps, err := parseScript(value(PhasesAnnotation, k.script))
	if err != nil {
		return settings{}, err
	}
	bytes, err := strconv.ParseInt(value(BytesAnnotation, usualBytes), 10, 64)
	if err != nil {
		return settings{}, fmt.Errorf("size of the volume: %w", err)
	}
	return settings{
		steps: steps, hang: value(HangAnnotation, "") == "true", message: value(MessageAnnotation, ""), bytes: bytes,
	}, nil
}

const usualBytes = "104857600"

// action is the one thing to do next with an object.
type action int

const (
	nothing action = iota
	addFinalizer
	removeFinalizer
	requestCancel
	cancelNow
	takeStep
)

// decide says what the real controller of a kind would do next.
func decide(k *kind, object *unstructured.Unstructured, set settings) (action, step) {
	if set.hang || !builtIn(object) {
		return nothing, step{}
	}
	phase, deleting := phaseOf(object), object.GetDeletionTimestamp() != nil
	guarded := k.finalizer != "" && slices.Contains(object.GetFinalizers(), k.finalizer)
	canceled := false
	if k.cancel != "" {
		canceled, _, _ = unstructured.NestedBool(object.Object, "spec", k.cancel)
	}
	switch {
	case k.ended(phase) && guarded:
		return removeFinalizer, step{}
	case k.ended(phase) && deleting:
		return nothing, step{}
	case !k.ended(phase) && deleting && !canceled && guarded:
		return requestCancel, step{}
	case !k.ended(phase) && canceled:
		return cancelNow, step{phase: cancelPhase(phase), percent: -1, after: usualPace}
	case k.finalizer != "" && !guarded && !deleting && !k.ended(phase):
		return addFinalizer, step{}
	}
	// A phase that no step has brought is a test's own.
	done := stepsDone(object.GetAnnotations())
	if started := phase != "" && phase != "New"; started && done == 0 {
		return nothing, step{}
	}
	if done < len(set.steps) {
		return takeStep, set.steps[done]
	}
	return nothing, step{}
}

func cancelPhase(phase string) string {
	if phase == "InProgress" {
		return "Canceling"
	}
	return "Canceled"
}

// builtIn reports whether node-agent is the one to move the data.
func builtIn(object *unstructured.Unstructured) bool {
	mover, _, _ := unstructured.NestedString(object.Object, "spec", "datamover")
	return mover == "" || mover == "velero"
}

func stepsDone(annotations map[string]string) int {
	done, err := strconv.Atoi(annotations[stepAnnotation])
	if err != nil {
		return 0
	}
	return done
}

func phaseOf(object *unstructured.Unstructured) string {
	phase, _, _ := unstructured.NestedString(object.Object, "status", "phase")
	return phase
}

// change is the status that an object gets by a step.
func change(k *kind, object *unstructured.Unstructured, set settings, next step, node string, now metav1.Time) map[string]any {
	at := now.UTC().Format("2006-01-02T15:04:05Z")
	status := map[string]any{"phase": next.phase}
	field := func(path ...string) bool {
		_, found, _ := unstructured.NestedFieldNoCopy(object.Object, append([]string{"status"}, path...)...)
		return found
	}
	percent := next.percent
	if next.phase == "Completed" && percent < 0 {
		percent = 100
	}
	if percent >= 0 && !k.anywhere {
		status["progress"] = map[string]any{"totalBytes": set.bytes, "bytesDone": set.bytes * int64(percent) / 100}
	}
	switch next.phase {
	case "Accepted":
		status["acceptedTimestamp"] = at
		if k.resource.Version == "v2alpha1" {
			status["acceptedByNode"] = node
		}
	case "InProgress":
		if !field("startTimestamp") && !k.anywhere {
			status["startTimestamp"] = at
		}
		if k.agent == dataManager {
			status["processingNode"] = node
		}
	}
	if k.resource.Version == "v2alpha1" && next.phase != "Accepted" {
		status["node"] = node
	}
	if k.ended(next.phase) {
		finish(k, object, set, status, next.phase, at)
	}
	return status
}

// finish adds what an object gets at its end.
func finish(k *kind, object *unstructured.Unstructured, set settings, status map[string]any, phase, at string) {
	if k.name != "CloneFromSnapshot" && k.name != "DeleteSnapshot" {
		status["completionTimestamp"] = at
	}
	if phase == "Completed" && k.snapshotID {
		// A manifest ID of kopia has this form; nothing in the repository has this one.
		status["snapshotID"] = string(object.GetUID())[:8] + "00000000000000000000000000000000"[:24]
	}
	if set.message != "" && phase != "Completed" {
		status["message"] = set.message
	}
}
