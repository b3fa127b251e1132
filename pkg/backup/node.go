package backup

import "time"

// Node is what is known of a node on which an end has to be confirmed.
type Node struct {
	Name   string `json:"name"`
	Lookup Lookup `json:"lookup,omitempty"`
	// Ready is unknown where the node does not say; a node that stopped
	// reporting has the condition status Unknown and is not ready.
	Ready  Answer     `json:"ready"`
	Reason string     `json:"reason,omitempty"` // "NodeStatusUnknown"
	Since  *time.Time `json:"since,omitempty"`  // of the condition Ready
	Taints []string   `json:"taints,omitempty"` // key:effect
	// Renewed is when its kubelet last renewed its lease.
	Renewed *time.Time `json:"leaseRenewed,omitempty"`
}

// Tainted tells whether the node has a taint with the key.
func (n Node) Tainted(key string) bool {
	for _, taint := range n.Taints {
		if len(taint) >= len(key) && taint[:len(key)] == key && (len(taint) == len(key) || taint[len(key)] == ':') {
			return true
		}
	}
	return false
}

// JobEnd is what a Job that is the target says about the end of its pods.
type JobEnd struct {
	// ReplacementPolicy is spec.podReplacementPolicy.
	ReplacementPolicy string `json:"podReplacementPolicy,omitempty"`
	// ManagedBy is spec.managedBy where another controller than Kubernetes' own runs the Job.
	ManagedBy string `json:"managedBy,omitempty"`
	Finished  bool   `json:"finished,omitempty"`
}
