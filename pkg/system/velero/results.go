package velero

import (
	"context"
	"maps"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// result is velero@v1.18.3 pkg/util/results/result.go.
type result struct {
	Velero     []string            `json:"velero"`
	Cluster    []string            `json:"cluster"`
	Namespaces map[string][]string `json:"namespaces"`
}

// readResults reads the errors and warnings of a run, errors first.
func readResults(ctx context.Context, bucket Bucket, key string, limit int64) ([]backup.ArchiveMessage, error) {
	results, err := oneOf[map[string]result](ctx, bucket, key, limit)
	if err != nil {
		return nil, err
	}
	messages := results["errors"].messages(nil, backup.SeverityCause)
	return results["warnings"].messages(messages, backup.SeverityWarning), nil
}

func (r result) messages(to []backup.ArchiveMessage, severity backup.Severity) []backup.ArchiveMessage {
	add := func(scope string, texts []string) {
		for _, text := range texts {
			to = append(to, backup.ArchiveMessage{Severity: severity, Scope: scope, Text: text})
		}
	}
	add("velero", r.Velero)
	add("cluster", r.Cluster)
	for _, namespace := range slices.Sorted(maps.Keys(r.Namespaces)) {
		add("namespace "+namespace, r.Namespaces[namespace])
	}
	return to
}
