// Package cluster reads a Kubernetes cluster.
//
// A [Reader] is a live cluster ([Live]) or anything recorded from one. What a
// source can do beyond reading objects it says by implementing one of the
// optional interfaces ([Watcher], [LogSource], [AccessReviewer],
// [SecretReader], [Dialer]); what a source lacks is unknown to whoever asks.
//
// Nothing here changes a cluster; the client that writes is in
// [github.com/kubectl-backup/kubectl-backup/pkg/cluster/write]. Objects are
// plain maps as the server sent them, whole numbers as int64 and others as
// float64, so that no API module of a backup system is needed. No body of a
// request or an answer is logged at any verbosity.
package cluster
