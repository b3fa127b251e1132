// Package write changes a Kubernetes cluster. It is the only package that
// holds a client which can.
//
// What it can do is narrow on purpose: a guarded JSON Patch of one object, a
// delete of one object by its UID, a create. It refuses what could take away more
// than was judged: a patch that does not test the object's UID, a patch of
// the list of finalizers as a whole, and any subresource, /finalize among them.
package write
