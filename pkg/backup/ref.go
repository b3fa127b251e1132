package backup

import "strings"

// Ref names one object of a cluster. UID may be empty where only a name is known.
type Ref struct {
	Group     string `json:"group,omitempty"`
	Version   string `json:"version,omitempty"`
	Resource  string `json:"resource,omitempty"` // plural, lower case: "backups"
	Kind      string `json:"kind,omitempty"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
	UID       string `json:"uid,omitempty"`
}

// GroupResource is the resource as kubectl prints and takes it: "backups.pingcap.com".
func (r Ref) GroupResource() string {
	if r.Group == "" {
		return r.Resource
	}
	return r.Resource + "." + r.Group
}

// String is the target as kubectl takes it back: "backups.pingcap.com/demo".
func (r Ref) String() string { return r.GroupResource() + "/" + r.Name }

// Human is the reference for a sentence: "Backup tidb-test/demo".
func (r Ref) Human() string {
	kind := r.Kind
	if kind == "" {
		kind = strings.TrimSuffix(r.Resource, "s")
	}
	if r.Namespace == "" {
		return kind + " " + r.Name
	}
	return kind + " " + r.Namespace + "/" + r.Name
}

// Same tells whether two references name the same object; a missing UID matches any.
func (r Ref) Same(o Ref) bool {
	return r.Group == o.Group && r.Resource == o.Resource && r.Namespace == o.Namespace && r.Name == o.Name &&
		(r.UID == "" || o.UID == "" || r.UID == o.UID)
}
