package backup

// BucketLocation is a bucket in the words of a BackupStorageLocation of Velero
// (velero@v1.18.3 pkg/apis/velero/v1/backupstoragelocation_types.go).
type BucketLocation struct {
	Provider string            `json:"provider"` // "aws", "gcp", "azure"
	Bucket   string            `json:"bucket"`
	Prefix   string            `json:"prefix,omitempty"`
	Config   map[string]string `json:"config,omitempty"`
}
