package backup

import "time"

// Evidence is everything that was collected about one target. It decides
// nothing; checks and the gate judge it without any I/O, and it can be
// recorded as JSON and judged again.
type Evidence struct {
	APIVersion string      `json:"apiVersion"`
	Kind       string      `json:"kind"` // "Evidence"
	At         time.Time   `json:"at"`
	Cluster    ClusterInfo `json:"cluster"`
	Object     Object      `json:"object"`
	// ResourceVersion is that of the collected object.
	ResourceVersion string    `json:"resourceVersion"`
	Namespace       Namespace `json:"namespace"`
	// Owners has one entry for each OwnerSelector of the object's finalizers.
	Owners []Owner `json:"owners,omitempty"`
	// Neighbours are other objects of known systems that name a place in
	// storage which overlaps; NeighboursLookup tells whether all could be listed.
	Neighbours       []Neighbour `json:"neighbours,omitempty"`
	NeighboursLookup Lookup      `json:"neighboursLookup,omitempty"`
	// Dependents are objects that the garbage collector deletes with this one.
	Dependents       []Dependent `json:"dependents,omitempty"`
	DependentsLookup Lookup      `json:"dependentsLookup,omitempty"`
	// Blocking has an entry for each finalizer of which a profile or the garbage
	// collector's rules say what it waits for.
	Blocking []Blocking `json:"blocking,omitempty"`
	// Checked has an entry for each check of a profile that found something, or
	// that could not be answered.
	Checked []Checked `json:"checked,omitempty"`
	// Pods are those whose end the target waits for: the target itself, or the pods of a Job.
	Pods       []Lingering `json:"pods,omitempty"`
	PodsLookup Lookup      `json:"podsLookup,omitempty"`
	Job        *JobEnd     `json:"job,omitempty"` // where the target is a Job
	// Nodes are those that the target, its pods and its blockers name.
	Nodes           []Node           `json:"nodes,omitempty"`
	OwnerReferences []OwnerReference `json:"ownerReferences,omitempty"`
	Events          []Event          `json:"events,omitempty"` // of the object, its works and their pods, by time
	EventsLookup    Lookup           `json:"eventsLookup,omitempty"`
	// Storage has one verdict for each location of the object, in its order.
	Storage []StorageVerdict `json:"storage,omitempty"`
	// Contents counts each location of the object where that was asked for.
	Contents []Contents `json:"contents,omitempty"`
	// Access tells for each write that a way out needs whether this identity may do it.
	Access []Access `json:"access,omitempty"`
	// Control is what of the control plane can stand in the way of a deletion.
	Control Control `json:"control,omitzero"`
	// Archive is what the bucket holds of the target; nil where nobody read it.
	Archive *Archive `json:"archive,omitempty"`
	// RestoreResults are what is known of a restore that ended with errors; nil of any other target.
	RestoreResults *RestoreResults `json:"restoreResults,omitempty"`
	// Crashing are controllers of what a restore made that crash; nil where that was not looked for.
	Crashing *Crashing `json:"crashing,omitempty"`
	// Location is what was seen of the target, where that is a location that is checked.
	Location *LocationLook `json:"location,omitempty"`
	// Preflight is what was looked at where the target is yet to be made.
	Preflight *Preflight `json:"preflight,omitempty"`
	// Drill is what was looked at where the target is restored on trial.
	Drill *DrillLook `json:"drill,omitempty"`
	// Removal is what was looked at where the target is to be deleted, and
	// Cancellation where it is to be stopped.
	Removal      *Removal      `json:"removal,omitempty"`
	Cancellation *Cancellation `json:"cancellation,omitempty"`
	// Manifest is the object as the server sent it, redacted and without
	// managedFields; only where the details were asked for.
	Manifest map[string]any `json:"manifest,omitempty"`
	// Unset says in words what fields of its spec mean that are not set.
	Unset map[string]string `json:"unset,omitempty"`
	// Recovery is how the object comes out of its bucket into another cluster, where
	// the bucket is all that was read.
	Recovery []Fix `json:"recovery,omitempty"`
	Gaps     []Gap `json:"gaps,omitempty"`
	// Raw is the object as the server sent it, for journal and details.
	Raw map[string]any `json:"-"`
}

// ClusterInfo names the cluster; every output of a write starts with it.
type ClusterInfo struct {
	Context string `json:"context,omitempty"`
	Server  string `json:"server,omitempty"`
	CAHash  string `json:"caHash,omitempty"` // sha256 of the CA bundle, hex
	Version string `json:"version,omitempty"`
	// Release is the major and minor version of the server: "1.36".
	Release string `json:"release,omitempty"`
	User    string `json:"user,omitempty"`
}

// Namespace is the state of the object's namespace.
type Namespace struct {
	Name       string      `json:"name,omitempty"` // empty for cluster-scoped objects
	Lookup     Lookup      `json:"lookup,omitempty"`
	Deleted    *time.Time  `json:"deletionTimestamp,omitempty"`
	Conditions []Condition `json:"conditions,omitempty"`
	// Finalizers is spec.finalizers, the second list that holds a namespace.
	Finalizers []string `json:"specFinalizers,omitempty"`
}

// Terminating tells whether new Jobs and pods are refused in the namespace.
func (n Namespace) Terminating() Answer {
	if n.Lookup != Found {
		return Unknown
	}
	return AnswerOf(n.Deleted != nil)
}

// Owner is what is known about the controller that removes a finalizer.
type Owner struct {
	Selector    OwnerSelector `json:"selector"`
	Lookup      Lookup        `json:"lookup,omitempty"` // of its Deployments: Absent is "none matches"
	Error       string        `json:"error,omitempty"`
	Deployments []Deployment  `json:"deployments,omitempty"`
	LeaseLookup Lookup        `json:"leaseLookup,omitempty"`
	Lease       *Lease        `json:"lease,omitempty"`
	// LastWrite is the latest time in managedFields at which it wrote to the object.
	LastWrite *time.Time `json:"lastWrite,omitempty"`
	LogErrors []string   `json:"logErrors,omitempty"` // its last error lines that name the object, redacted
	// Refusals are its last lines in which the API server refuses it a right.
	Refusals []string `json:"refusals,omitempty"`
	// Rights are what its ServiceAccount may do, as far as the cluster answers that.
	Rights []Access `json:"rights,omitempty"`
}

// Deployment is the readiness of one controller Deployment.
type Deployment struct {
	Ref      Ref    `json:"ref"`
	Replicas int64  `json:"replicas"`
	Ready    int64  `json:"ready"`
	Image    string `json:"image,omitempty"`
	// Account is the ServiceAccount that its pods run as.
	Account string `json:"serviceAccount,omitempty"`
	// Watches are the namespaces to which its arguments or environment limit it,
	// WatchedBy says which; none where nothing limits it.
	Watches   []string `json:"watchedNamespaces,omitempty"`
	WatchedBy string   `json:"watchedBy,omitempty"`
}

// Lease is a leader election lease.
type Lease struct {
	Ref     Ref       `json:"ref"`
	Holder  string    `json:"holder,omitempty"`
	Renewed time.Time `json:"renewed"`
	Seconds int64     `json:"leaseDurationSeconds"`
}

// Fresh tells whether the lease was renewed within three of its durations before now.
func (l Lease) Fresh(now time.Time) bool {
	return now.Sub(l.Renewed) < 3*time.Duration(max(l.Seconds, 5))*time.Second
}

// Alive tells whether the owner is there to do its part: a ready replica, and a
// fresh lease where one could be found.
func (o Owner) Alive(now time.Time) Answer {
	switch {
	case o.Lookup == Absent:
		return No
	case o.Lookup != Found:
		return Unknown
	}
	ready := int64(0)
	for _, d := range o.Deployments {
		ready += d.Ready
	}
	switch {
	case ready == 0:
		return No
	case o.Lease != nil:
		return AnswerOf(o.Lease.Fresh(now))
	}
	return Yes
}

// Neighbour is another object whose place in storage overlaps with the target's.
type Neighbour struct {
	System   string   `json:"system"`
	Ref      Ref      `json:"ref"`
	Phase    Phase    `json:"phase"`
	Location Location `json:"location"`
	// Same is true for the very same prefix, false for a nested one.
	Same bool `json:"same"`
}

// Dependent is an object with an owner reference to the target.
type Dependent struct {
	Ref      Ref    `json:"ref"`
	Blocks   bool   `json:"blockOwnerDeletion,omitempty"`
	Finished Answer `json:"finished"` // Jobs and pods: whether they ended
	// Deleted and Finalizers say whether the dependent itself is being deleted, and what holds it.
	Deleted    *time.Time `json:"deletionTimestamp,omitempty"`
	Finalizers []string   `json:"finalizers,omitempty"`
}

// Event is one event about the target or its works. The message is untrusted text.
type Event struct {
	At      time.Time `json:"at"`
	Type    string    `json:"type"`
	Reason  string    `json:"reason"`
	Object  Ref       `json:"object"`
	Message string    `json:"message"`
	Count   int64     `json:"count,omitempty"`
}

// Access is the answer of the cluster to "may I".
type Access struct {
	Verb    string `json:"verb"`
	Ref     Ref    `json:"ref"`
	Allowed Answer `json:"allowed"`
	Reason  string `json:"reason,omitempty"`
}

// Gap is something that could not be collected. Each is unknown for whoever judges.
type Gap struct {
	What string `json:"what"` // "pods in tidb-test"
	Why  string `json:"why"`
	// Lookup is Denied where a right is missing, Failed otherwise.
	Lookup Lookup `json:"lookup,omitempty"`
	// Rule is the RBAC rule that is missing, where the server denied: "list pods in tidb-test".
	Rule string `json:"rule,omitempty"`
	// Group is the API group whose resources could not be discovered, where that is the gap.
	Group string `json:"group,omitempty"`
}
