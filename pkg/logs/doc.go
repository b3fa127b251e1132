// Package logs reads the logs of a backup's containers.
//
// [Tail] reads the end of one log, and [Parse] takes one line apart, whichever of
// the formats of backup systems it has: klog (TiDB operator, controllers of
// Kubernetes), logfmt (Velero, restic), the bracket form of TiDB and BR, zap's
// console form, and JSON. Whatever has none of them is a message.
// [Filter] chooses lines by level, time and fields without taking them apart.
package logs
