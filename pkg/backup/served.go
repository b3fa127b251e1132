package backup

// Served is one resource that the API server serves, as discovery says.
type Served struct {
	Group      string   `json:"group"`
	Version    string   `json:"version"`
	Resource   string   `json:"resource"`
	Kind       string   `json:"kind"`
	Singular   string   `json:"singular,omitempty"`
	ShortNames []string `json:"shortNames,omitempty"`
	Namespaced bool     `json:"namespaced"`
	Verbs      []string `json:"verbs,omitempty"`
	// Preferred tells that Version is the group's preferred one.
	Preferred bool `json:"preferred,omitempty"`
}

// Ref makes a reference to an object of this resource.
func (s Served) Ref(namespace, name string) Ref {
	if !s.Namespaced {
		namespace = ""
	}
	return Ref{Group: s.Group, Version: s.Version, Resource: s.Resource, Kind: s.Kind, Namespace: namespace, Name: name}
}
