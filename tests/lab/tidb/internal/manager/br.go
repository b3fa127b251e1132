package manager

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/awserr"
	"github.com/aws/aws-sdk-go/service/s3"
	"github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1"
)

// BackupAnnotation on a Backup chooses how its run goes. Without it the run completes if the storage lets it.
const BackupAnnotation = "lab.kubectl-backup.dev/backup"

// Values of BackupAnnotation.
const (
	// BackupComplete writes everything and succeeds.
	BackupComplete = "complete"
	// BackupLockOnly writes the lock and fails.
	BackupLockOnly = "lock-only"
	// BackupPartial writes the lock, a checkpoint and some data, and fails.
	BackupPartial = "partial"
	// BackupBeforeWrite fails without a single request to the storage.
	BackupBeforeWrite = "before-write"
	// BackupHang writes the lock and never ends.
	BackupHang = "hang"
	// BackupSlow completes in a few seconds, with a line of the log for each file.
	BackupSlow = "slow"
)

// metaHead are the first fields of backupmeta, a message of protobuf: the cluster's ID and its version
// (pingcap/kvproto proto/brpb.proto). What comes after them is no part of it here.
const metaHead = "\x08\x2a" + "\x12\x08" + "\"8.1.0\"\n"

// brResult is what a successful run reports.
type brResult struct {
	path     string
	size     int64
	commitTs string
}

// brRun is a stand-in for BR, TiDB's backup program: it has no TiKV to read from, and writes small objects under the
// names that BR gives to its files (pingcap/tidb br/pkg/metautil/metafile.go and br/pkg/checkpoint). It connects to
// the storage as BR does, so that its failures there are real ones.
type brRun struct {
	*run
	client *s3.S3
	bucket string
	prefix string
	size   int64
}

// br runs the stand-in and logs its output as the program does with br's.
func (r *run) br(ctx context.Context, backup *v1alpha1.Backup) (brResult, error) {
	storage := backup.Spec.S3
	if storage == nil {
		return brResult{}, fmt.Errorf("backup %s has a storage that the lab does not play", r)
	}
	cluster := backup.Spec.BR.Cluster + "-pd." + backup.Spec.BR.ClusterNamespace + ":2379"
	r.log.Info("backup.go:297", "Running br command with args: [backup full --pd=%s --storage=%s --s3.region=%s --s3.provider=%s --s3.endpoint=%s]",
		cluster, path(backup), storage.Region, storage.Provider, storage.Endpoint)
	session, err := r.session(backup)
	if err != nil {
		return brResult{}, err
	}
	run := &brRun{run: r, client: s3.New(session), bucket: storage.Bucket, prefix: strings.Trim(storage.Prefix, "/")}
	if err := run.write(ctx, storage.Endpoint); err != nil {
		// Quotes inside of the text stay as they are, which is how br's line was recorded.
		line := fmt.Errorf("[%s] [ERROR] [backup.go:54] [\"failed to backup\"] [error=\"%w\"]", brTime(), err)
		r.log.Info("backup.go:334", "%s", line)
		r.log.Info("backup.go:334", "")
		return brResult{}, line
	}
	// A timestamp of TiDB has 18 bits of counter below the milliseconds.
	commitTs := strconv.FormatInt(time.Now().UnixMilli()<<18, 10)
	r.log.Info("backup.go:334", "[%s] [INFO] [collector.go:77] [\"Full Backup success summary\"] [BackupTS=%s] [Size=%d]", brTime(), commitTs, run.size)
	return brResult{path: path(backup), size: run.size, commitTs: commitTs}, nil
}

func brTime() string { return time.Now().UTC().Format("2006/01/02 15:04:05.000 +00:00") }

func (b *brRun) write(ctx context.Context, endpoint string) error {
	variant := b.Annotations[BackupAnnotation]
	if variant == BackupBeforeWrite {
		return fmt.Errorf("RequestError: send request failed: Head \"%s/%s/%s\": dial tcp: connect: connection refused", endpoint, b.bucket, b.key("backup.lock"))
	}
	if err := b.lock(ctx); err != nil {
		return err
	}
	switch variant {
	case BackupHang:
		<-ctx.Done()
		return ctx.Err()
	case BackupLockOnly:
		return errors.New("[BR:KV:ErrKVStorage]tikv storage occur I/O error: rpc error: code = Unavailable desc = connection error")
	case BackupPartial:
		if err := b.put(ctx, "checkpoints/backup/checkpoint.meta", "1/2_3_8c1f_448_default.sst", "1/4_3_2b7e_449_write.sst"); err != nil {
			return err
		}
		return errors.New("[BR:KV:ErrKVStorage]tikv storage occur I/O error: no space left on device")
	}
	names := []string{"1/2_3_8c1f_448_default.sst", "1/4_3_2b7e_449_write.sst", "4/6_3_90da_450_default.sst", "backupmeta"}
	if variant == BackupSlow {
		return b.putSlowly(ctx, names)
	}
	return b.put(ctx, names...)
}

// putSlowly writes an object each second or so.
func (b *brRun) putSlowly(ctx context.Context, names []string) error {
	for i, name := range names {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(1500 * time.Millisecond):
		}
		if err := b.put(ctx, name); err != nil {
			return err
		}
		b.log.Info("backup.go:334", "[%s] [INFO] [client.go:212] [\"wrote file %d of %d\"]", brTime(), i+1, len(names))
	}
	return nil
}

// lock writes backup.lock, unless a run before has left its own.
func (b *brRun) lock(ctx context.Context) error {
	_, err := b.client.HeadObjectWithContext(ctx, &s3.HeadObjectInput{Bucket: &b.bucket, Key: aws.String(b.key("backup.lock"))})
	if err == nil {
		return fmt.Errorf("[BR:Common:ErrInvalidArgument]invalid argument: backup lock file and sst file exist in s3://%s/%s", b.bucket, b.prefix)
	}
	var answer awserr.RequestFailure
	if !errors.As(err, &answer) {
		return flatten(err)
	}
	if code := answer.StatusCode(); code != http.StatusNotFound && code != http.StatusForbidden && code != http.StatusBadRequest {
		return flatten(err)
	}
	// The answer to HEAD has no body; writing tells whether the object, the bucket or the right was missing.
	return b.put(ctx, "backup.lock")
}

func (b *brRun) put(ctx context.Context, names ...string) error {
	for _, name := range names {
		content := []byte(strings.Repeat(name+"\n", 64))
		if name == "backupmeta" {
			content = append([]byte(metaHead), content...)
		}
		_, err := b.client.PutObjectWithContext(ctx, &s3.PutObjectInput{
			Bucket: &b.bucket, Key: aws.String(b.key(name)), Body: bytes.NewReader(content),
		})
		if err != nil {
			return flatten(err)
		}
		if strings.HasSuffix(name, ".sst") {
			b.size += int64(len(content))
		}
	}
	return nil
}

func (b *brRun) key(name string) string {
	return strings.TrimPrefix(b.prefix+"/"+name, "/")
}

// flatten puts an error of the SDK on one line.
func flatten(err error) error {
	var failure awserr.Error
	if errors.As(err, &failure) && failure.OrigErr() != nil {
		return fmt.Errorf("%s: %s: %w", failure.Code(), failure.Message(), failure.OrigErr())
	}
	return errors.New(strings.Join(strings.Fields(err.Error()), " "))
}
