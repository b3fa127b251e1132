package backup

import "time"

// Verification is the judgement about one archive: whether what the storage
// holds is what the backup says.
type Verification struct {
	APIVersion string      `json:"apiVersion"`
	Kind       string      `json:"kind"` // "Verification"
	At         time.Time   `json:"at"`
	Cluster    ClusterInfo `json:"cluster,omitzero"`
	// Object is the backup in the cluster; its zero value where only a bucket was read.
	Object Object `json:"object,omitzero"`
	// Restorable tells whether it can be restored in full, as far as was looked.
	// Of a restore it is unknown: there is nothing to restore from it.
	Restorable Answer    `json:"restorable"`
	Verdict    string    `json:"verdict"` // one sentence
	Status     Status    `json:"status"`
	Findings   []Finding `json:"findings"`
	Archive    Archive   `json:"archive"`
	Gaps       []Gap     `json:"gaps,omitempty"`
	// Recovery is how it comes out of its bucket into another cluster, where only a
	// bucket was read and nothing speaks against it.
	Recovery []Fix `json:"recovery,omitempty"`
}

// Verifications are those of many backups.
type Verifications struct {
	APIVersion string         `json:"apiVersion"`
	Kind       string         `json:"kind"` // "VerificationList"
	At         time.Time      `json:"at"`
	Cluster    ClusterInfo    `json:"cluster,omitzero"`
	Verdict    string         `json:"verdict"` // one sentence about all
	Status     Status         `json:"status"`
	Items      []Verification `json:"items"`
	Gaps       []Gap          `json:"gaps,omitempty"`
}
