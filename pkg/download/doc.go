// Package download writes what came from a bucket into a folder of this machine.
//
// A name comes from a key or from a tarball and is not trusted: everything goes
// through an [os.Root], so that none leads out of the folder. No file that is
// there is replaced. A file has another name until it is whole, and what is
// larger than the limit is not written.
package download
