// Package velero reads what Velero leaves in a bucket, without its server and
// without a cluster: which backups are there, what each holds, and the log.
//
// [Layout] knows the keys, a [Bucket] gives the objects. [ReadBackup] and
// [ReadRestore] decode all files into one [backup.Archive], item by item and
// with limits: a file that is missing, cut off, broken or too large is a state of
// that file and never an empty list. [Items] streams the tarball. What it
// amounts to is judged by package diagnose.
//
// Facts are from velero@v1.18.3 unless a comment says otherwise; keys that only
// earlier versions write say so where they are listed. e-backup of Huawei Cloud
// has the layout of Velero 1.4 and restores without the prefix "restore-".
package velero
