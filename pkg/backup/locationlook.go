package backup

import "time"

// LocationLook is what was seen of a location, by this machine and by the server
// of the backup system. It decides nothing.
type LocationLook struct {
	Root   RootLook   `json:"root"`
	Secret SecretLook `json:"secret"`
	Server ServerLook `json:"server"`
	// Defaults are the locations of the namespace that call themselves the default.
	Defaults       []Ref  `json:"defaults,omitempty"`
	DefaultsLookup Lookup `json:"defaultsLookup,omitempty"`
}

// RootLook is what this machine saw at the prefix of a location. Names are untrusted text.
type RootLook struct {
	// Verdict says how it was looked, and why nothing was seen where Listed is not yes.
	Verdict StorageVerdict `json:"verdict"`
	Listed  Answer         `json:"listed"`
	Folders []string       `json:"folders,omitempty"` // with their slash
	Objects []string       `json:"objects,omitempty"` // those that lie in no folder
	// Complete is false where there are more.
	Complete bool `json:"complete"`
}

// SecretLook is what is known of the Secret that a location names, never a value.
type SecretLook struct {
	Ref    CredentialsRef `json:"ref"`
	Lookup Lookup         `json:"lookup,omitempty"`
	Error  string         `json:"error,omitempty"`
	// Named tells that the location names it itself, and does not leave it to the
	// server to take its own.
	Named bool `json:"named,omitempty"`
	// Keys are the names of its keys.
	Keys []string `json:"keys,omitempty"`
	// Unusable says why no credentials can be made of it, or is empty.
	Unusable string `json:"unusable,omitempty"`
	// Flaws are what is wrong with the form of its values: line breaks, encodings.
	Flaws []string `json:"flaws,omitempty"`
	// Labelled and Typed tell whether it has the label and the type that e-backup wants.
	Labelled Answer `json:"labelled"`
	Typed    Answer `json:"typed"`
}

// ServerLook is what the server wrote into the location, and whether it is there.
type ServerLook struct {
	Message   string     `json:"message,omitempty"` // untrusted text
	Validated *time.Time `json:"lastValidationTime,omitempty"`
	Synced    *time.Time `json:"lastSyncedTime,omitempty"`
	// Every is how often it validates: spec.validationFrequency, nil for its default; zero is never.
	Every    *Duration `json:"validationFrequency,omitempty"`
	ReadOnly bool      `json:"readOnly,omitempty"`
	Default  bool      `json:"default,omitempty"`
	// Deployments are those of the server in the namespace of the location.
	Deployments []Deployment `json:"deployments,omitempty"`
	Lookup      Lookup       `json:"lookup,omitempty"`
}

// LocationCheck is the result of a check of one location: what this machine and
// what the server see, apart.
type LocationCheck struct {
	APIVersion string      `json:"apiVersion"`
	Kind       string      `json:"kind"` // "LocationCheck"
	At         time.Time   `json:"at"`
	Cluster    ClusterInfo `json:"cluster"`
	Object     Object      `json:"object"`
	Verdict    string      `json:"verdict"` // one sentence
	Status     Status      `json:"status"`
	Here       []Finding   `json:"fromHere"`
	Server     []Finding   `json:"fromServer"`
	// Vantage and Identity are how this machine looked.
	Vantage  string `json:"vantage,omitempty"`
	Identity string `json:"identity,omitempty"`
	Gaps     []Gap  `json:"gaps,omitempty"`
}
