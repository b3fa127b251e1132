// Package backup is the model: plain types that every other package speaks.
//
// It does no I/O and imports nothing of this module. The flow through it is
// collect → judge → render: a profile turns a raw object into an [Object], the
// collector gathers [Evidence] about it, the checks turn evidence into
// [Finding]s, the gate turns evidence into a [Plan], and the renderer looks at
// them. What could not be read is [Unknown], never fine.
package backup

// APIVersion is the version of every structured result that is printed.
const APIVersion = "kubectl-backup.dev/v1alpha1"
