package backup

import "time"

// PlanList is what unstick would do with several objects.
type PlanList struct {
	APIVersion string      `json:"apiVersion"`
	Kind       string      `json:"kind"` // "PlanList"
	At         time.Time   `json:"at"`
	Cluster    ClusterInfo `json:"cluster"`
	// Items has a plan for each object, in the order in which they are carried out.
	Items []Plan `json:"items"`
	// Free, Refused and Undecided count the plans by what becomes of them; only
	// those that are free are carried out.
	Free      int `json:"free"`
	Refused   int `json:"refused"`
	Undecided int `json:"undecided"`
	// NotDeleting counts objects that were selected and are not being deleted.
	NotDeleting int `json:"notDeleting,omitempty"`
	// Digest binds a confirmation to all plans that are carried out, in their
	// order; it is empty where there is none.
	Digest string `json:"digest,omitempty"`
	// Gaps are what could not be listed when the objects were selected.
	Gaps []Gap `json:"gaps,omitempty"`
}

// ResultList is how the plans of a PlanList ended.
type ResultList struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"` // "ResultList"
	// Digest is that of the plans that were confirmed.
	Digest string   `json:"digest,omitempty"`
	Items  []Result `json:"items"`
	// NotDone are the objects that were left alone, and why.
	NotDone []NotDone `json:"notDone,omitempty"`
}

// NotDone is an object that a batch left alone.
type NotDone struct {
	Ref Ref    `json:"ref"`
	Why string `json:"why"`
}
