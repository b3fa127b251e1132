// Package bucketreader shows what a bucket holds of Velero as a cluster would:
// a [cluster.Reader] whose Backups are the copies that Velero uploaded. With it
// every verb that reads works where the cluster, or the object in it, is gone.
//
// A bucket holds no other objects. Whoever asks for one gets an error that says
// so, never "not found": that a bucket has no namespaces proves nothing about them.
package bucketreader
