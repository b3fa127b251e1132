package backup

// VolumesPreflight is what would become of the volumes in the scope of a backup
// that is to be made, as far as the cluster tells before.
type VolumesPreflight struct {
	// Lookup is Found where all that decides was read; Error says what was not.
	Lookup Lookup `json:"lookup"`
	Error  string `json:"error,omitempty"`
	// Volumes are those that were found, with the pods that use them.
	Volumes []ForeseenVolume `json:"volumes,omitempty"`
}

// ForeseenVolume is one volume of which it is known before a backup what will
// become of it. Its state is Copied, NotCopied or Unknown.
type ForeseenVolume struct {
	ArchivedVolume
	// OptIn is the value of its pod's annotation that would have its files copied;
	// empty where no annotation helps.
	OptIn string `json:"optIn,omitempty"`
	// ByDefault tells that its files would be copied if those of all volumes were.
	ByDefault bool `json:"byDefault,omitempty"`
}
