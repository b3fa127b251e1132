//go:build e2e

package main

import (
	"fmt"
	"time"
)

// completedBackup is a finished snapshot backup of the size that they have in
// the field, about 2.7 KB. It keeps its data when deleted, so that the operator
// adds no finalizer and has nothing to do.
func completedBackup(i int) map[string]any {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Minute)
	stamp := func(after time.Duration) string { return start.Add(after).Format(time.RFC3339) }
	condition := func(kind string, after time.Duration) map[string]any {
		return map[string]any{"type": kind, "status": "True", "lastTransitionTime": stamp(after)}
	}
	name := fmt.Sprintf("backup-%05d", i)
	return map[string]any{
		"apiVersion": "pingcap.com/v1alpha1", "kind": "Backup",
		"metadata": map[string]any{
			"name": name, "namespace": namespace,
			"labels": map[string]any{"app.kubernetes.io/instance": "basic", "tidb.pingcap.com/backup-schedule": "nightly"},
		},
		"spec": map[string]any{
			"backupMode": "snapshot", "cleanPolicy": "Retain", "calcSizeLevel": "all",
			"br": map[string]any{"cluster": "basic", "clusterNamespace": namespace, "sendCredToTikv": true, "logLevel": "info"},
			"s3": map[string]any{
				"provider": "aws", "region": "us-east-1", "bucket": "backup", "prefix": "nightly/" + name,
				"endpoint": "http://minio.s3.svc:9000", "secretName": "s3-secret",
			},
		},
		"status": map[string]any{
			"phase": "Complete", "backupPath": "s3://backup/nightly/" + name, "backupSize": 41_000_000_000 + i,
			"backupSizeReadable": "41 GB", "commitTs": fmt.Sprint(461_000_000_000_000_000 + i),
			"timeStarted": stamp(0), "timeCompleted": stamp(10 * time.Minute), "timeTaken": "10m0s",
			"conditions": []any{
				condition("Scheduled", 0), condition("Prepare", time.Second), condition("Running", 2*time.Second),
				condition("Complete", 10*time.Minute),
			},
			"progresses": []any{
				map[string]any{"step": "Full Backup", "progress": 100, "lastTransitionTime": stamp(9 * time.Minute)},
				map[string]any{"step": "Checksum", "progress": 100, "lastTransitionTime": stamp(10 * time.Minute)},
			},
		},
	}
}
