package manager

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/credentials"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1"
	"gocloud.dev/blob"
	"gocloud.dev/blob/s3blob"
)

// anyRegion is what the program takes when the Backup names none.
const anyRegion = "us-east-1"

// session connects to the storage that the Backup's spec names, with the credentials in the environment.
func (r *run) session(backup *v1alpha1.Backup) (*session.Session, error) {
	s3 := backup.Spec.S3
	if s3 == nil {
		return nil, fmt.Errorf("backup %s has a storage that the lab does not play", r)
	}
	config := aws.NewConfig().
		WithRegion(anyRegion).
		WithS3ForcePathStyle(s3.Provider != "alibaba" && s3.Provider != "netease").
		WithHTTPClient(r.resolver.HTTPClient()).
		WithCredentials(credentials.NewStaticCredentials(r.Env["AWS_ACCESS_KEY_ID"], r.Env["AWS_SECRET_ACCESS_KEY"], ""))
	if s3.Region != "" {
		config = config.WithRegion(s3.Region)
	}
	if s3.Endpoint != "" {
		config = config.WithEndpoint(s3.Endpoint)
	}
	made, err := session.NewSession(config)
	if err != nil {
		return nil, fmt.Errorf("make session: %w", err)
	}
	return made, nil
}

// bucket opens the place of the spec, not that of status.backupPath. An empty prefix becomes "/", which no key begins
// with: pingcap/tidb-operator@v1.6.0 cmd/backup-manager/app/util/remote.go.
func (r *run) bucket(ctx context.Context, backup *v1alpha1.Backup) (*blob.Bucket, error) {
	session, err := r.session(backup)
	if err != nil {
		return nil, err
	}
	bucket, err := s3blob.OpenBucket(ctx, session, backup.Spec.S3.Bucket, nil)
	if err != nil {
		return nil, fmt.Errorf("open bucket: %w", err)
	}
	return blob.PrefixedBucket(bucket, strings.Trim(backup.Spec.S3.Prefix, "/")+"/"), nil
}

// path is what the program writes into status.backupPath.
func path(backup *v1alpha1.Backup) string {
	s3 := backup.Spec.S3
	return strings.TrimSuffix("s3://"+s3.Bucket+"/"+s3.Prefix, "/")
}
