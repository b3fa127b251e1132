package backup

import "time"

// Lingering is an object that is still there, and what it says of its own end.
type Lingering struct {
	Ref Ref `json:"ref"`
	// Deleted is metadata.deletionTimestamp: for a graceful deletion it lies a
	// grace period after the request.
	Deleted *time.Time `json:"deletionTimestamp,omitempty"`
	// GraceSeconds is metadata.deletionGracePeriodSeconds. Above zero the object
	// goes only when the kubelet confirms its end, finalizers or not.
	GraceSeconds *int64   `json:"deletionGracePeriodSeconds,omitempty"`
	Finalizers   []string `json:"finalizers,omitempty"`
	// Controller is the owner that manages it.
	Controller *Ref `json:"controller,omitempty"`
	// Phase, Node and NodeReady are set for pods.
	Phase     string `json:"phase,omitempty"`
	Node      string `json:"node,omitempty"`
	NodeReady Answer `json:"nodeReady"`
}

// Ended tells whether a pod reports that all its containers have ended for good.
func (l Lingering) Ended() bool { return l.Phase == "Succeeded" || l.Phase == "Failed" }

// Blocker is one thing that a finalizer waits for.
type Blocker struct {
	Lingering
	// Rule is the index of the finalizer's rule that found it.
	Rule int `json:"rule"`
	// Because says in words why it blocks, to follow a colon. It may hold untrusted text.
	Because string `json:"because"`
	// Self marks a state of the object itself, Missing an object that does not exist.
	Self    bool `json:"self,omitempty"`
	Missing bool `json:"missing,omitempty"`
	// Via is the object between it and the target: the ReplicaSet between a pod
	// and a Deployment.
	Via *Ref `json:"via,omitempty"`
	// Proof is what of the object says so, and Values are what commands of the
	// rule name as {value.NAME}; both are of checks only.
	Proof  string            `json:"proof,omitempty"`
	Values map[string]string `json:"values,omitempty"`
}

// Blocking is what holds one finalizer of the target.
type Blocking struct {
	Finalizer string `json:"finalizer"`
	// Lookup is Found if every candidate was read and judged.
	Lookup   Lookup    `json:"lookup"`
	Blockers []Blocker `json:"blockers,omitempty"`
	// Unreadable says for each question without an answer why.
	Unreadable []string `json:"unreadable,omitempty"`
}

// BlockerRule is what a profile says of one sort of blockers.
type BlockerRule struct {
	Resource string        `json:"resource,omitempty"` // as kubectl takes it; empty for the object itself
	Fixes    []FixTemplate `json:"fixes,omitempty"`
}

// FixTemplate is a fix whose commands name objects by placeholders: {self.name},
// {self.namespace}, {item.name}, {item.namespace} and {item.names}, which is
// every blocker of a group. Words are separated by single spaces.
type FixTemplate struct {
	Does     string   `json:"does" yaml:"does"`
	DoesNot  string   `json:"doesNot,omitempty" yaml:"doesNot"`
	Effect   Effect   `json:"effect,omitempty" yaml:"effect"`
	Danger   string   `json:"danger,omitempty" yaml:"danger"`
	Commands []string `json:"commands,omitempty" yaml:"commands"`
}

// OwnerReference is an owner reference of the target, and what is there.
type OwnerReference struct {
	// Ref is what the reference says; a namespaced owner is in the target's namespace.
	Ref Ref `json:"ref"`
	// Namespaced tells whether the owner's kind lives in namespaces; unknown for
	// a kind that the cluster does not serve.
	Namespaced Answer `json:"namespaced"`
	Lookup     Lookup `json:"lookup,omitempty"`
	// FoundUID is the UID of the object that has the name now.
	FoundUID string `json:"foundUID,omitempty"`
	// Elsewhere is the namespace in which the object with the UID really is.
	Elsewhere string `json:"elsewhere,omitempty"`
}
