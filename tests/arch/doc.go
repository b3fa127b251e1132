// Package arch holds the shape of the module: which package may import which,
// who may write to a cluster, who may print, and how long a file may be.
// docs/architecture.md says why.
package arch
