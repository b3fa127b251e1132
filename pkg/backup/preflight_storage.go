package backup

// StoragePreflight is what was seen of the place in which a new object will store
// its data.
type StoragePreflight struct {
	// Location is the object that names the place, in a system that keeps places in
	// objects of their own; empty where the new object names its place itself.
	Location Ref `json:"location,omitzero"`
	// Named tells that the new object names that object, and does not leave it to
	// the server to take the default one.
	Named  bool   `json:"named,omitempty"`
	Lookup Lookup `json:"lookup,omitempty"` // of Location
	Error  string `json:"error,omitempty"`
	// Repeats tells that each run makes a folder of its own below the place, as
	// those of a schedule do.
	Repeats bool `json:"repeats,omitempty"`
	// Seen is the evidence about Location or, without one, about the new object
	// as if it were there; nil where it could not be read.
	Seen *Evidence `json:"seen,omitempty"`
}
