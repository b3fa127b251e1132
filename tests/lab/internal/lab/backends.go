package lab

import (
	"context"
	"fmt"
	"os"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/build"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/objectstore"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/pki"
)

// Buckets of the S3 server.
const (
	plainBucket     = "backup"
	versionedBucket = "versioned"
	veleroBucket    = "velero"
)

// kwok plays the nodes and their kubelets.
func (l *Lab) kwok() daemon {
	return daemon{
		name: "kwok", port: portKwok, program: "kwok",
		args: []string{
			"--kubeconfig=" + l.Workspace.Kubeconfig(""),
			"--config=" + l.state.Built[build.KwokStages],
			"--enable-crds=Logs,ClusterLogs,Exec,ClusterExec,PortForward,ClusterPortForward",
			"--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
			"--node-ip=127.0.0.1", l.portFlag("--node-port", portKwok),
			"--server-address=" + l.address(portKwok),
			"--tls-cert-file=" + l.certificate(pki.ServingCert),
			"--tls-private-key-file=" + l.certificate(pki.ServingKey),
			"--node-lease-duration-seconds=40",
		},
		ready: l.healthy(l.url("https", portKwok) + "/healthz"),
	}
}

func (l *Lab) storage() daemon {
	return daemon{
		name: "versitygw", port: portStorage, program: "versitygw",
		args: []string{
			"--port", l.address(portStorage),
			// OBS, as e-backup uses it, has buckets by the name of the host. Other hosts are not concerned.
			"--virtual-domain", storageHost,
			"--iam-dir", l.Workspace.State("s3", "iam"),
			"posix", "--versioning-dir", l.Workspace.State("s3", "versions"), l.Workspace.State("s3", "buckets"),
		},
		env: []string{
			"ROOT_ACCESS_KEY=" + l.state.Storage.Root.AccessKey,
			"ROOT_SECRET_KEY=" + l.state.Storage.Root.SecretKey,
		},
		ready: l.answers(l.url("http", portStorage)),
	}
}

// tidb plays the TiDB operator and runs the programs of its backup pods.
func (l *Lab) tidb() daemon {
	return daemon{
		name: "lab-tidb", port: portTiDB, program: "lab-tidb",
		args: []string{
			"--kubeconfig=" + l.Workspace.Kubeconfig(""),
			"--logs=" + l.Workspace.State("logs", "pods"),
			"--operator-log=" + l.operatorLog(),
			"--health-address=" + l.address(portTiDB),
		},
		ready: l.healthy(l.url("http", portTiDB) + "/healthz"),
	}
}

// operatorLog is the operator's log as a container runtime writes it, which kwok serves for kubectl logs.
func (l *Lab) operatorLog() string {
	return l.Workspace.State("logs", "pods", "tidb-controller-manager.log")
}

func (l *Lab) storageFolders() error {
	for _, folder := range []string{"iam", "versions", "buckets"} {
		if err := os.MkdirAll(l.Workspace.State("s3", folder), 0o700); err != nil {
			return fmt.Errorf("create folder of the S3 server: %w", err)
		}
	}
	return nil
}

// storageOwner is the owner of the S3 server.
func (l *Lab) storageOwner() objectstore.Client {
	return objectstore.Client{
		Endpoint:  l.url("http", portStorage),
		AccessKey: l.state.Storage.Root.AccessKey,
		SecretKey: l.state.Storage.Root.SecretKey,
	}
}

// PutVeleroObject writes an object into the bucket of Velero.
func (l *Lab) PutVeleroObject(ctx context.Context, key string, content []byte) error {
	return l.storageOwner().PutObject(ctx, veleroBucket, key, content)
}

func (l *Lab) prepareStorage(ctx context.Context) error {
	client := l.storageOwner()
	for _, bucket := range []string{plainBucket, versionedBucket, veleroBucket} {
		if err := client.CreateBucket(ctx, bucket); err != nil {
			return fmt.Errorf("create bucket %s: %w", bucket, err)
		}
	}
	if err := client.EnableVersioning(ctx, versionedBucket); err != nil {
		return fmt.Errorf("enable versioning of bucket %s: %w", versionedBucket, err)
	}
	limited := l.state.Storage.Limited
	if err := client.CreateAccount(ctx, limited.AccessKey, limited.SecretKey); err != nil {
		return fmt.Errorf("create the limited account: %w", err)
	}
	return nil
}
