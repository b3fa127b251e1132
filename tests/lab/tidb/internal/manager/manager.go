// Package manager plays tidb-backup-manager v1.6, the program in the pods of backup and clean-up Jobs. The clean-up
// is the real work on the real storage; of a backup, the part of BR is a stand-in (see backup.go). Log lines and
// conditions follow recordings of pingcap/tidb-operator@v1.6.1.
package manager

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1"
	"k8s.io/client-go/rest"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/tidb/internal/backups"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/tidb/internal/klogline"
)

// Invocation is what a container is started with.
type Invocation struct {
	Args        []string
	Env         map[string]string
	Annotations map[string]string
	// Stderr takes the log.
	Stderr io.Writer
}

// Manager runs the program for any number of pods.
type Manager struct {
	backups  *backups.Client
	resolver *Resolver
}

// New prepares the program; its writes to the cluster carry its own name.
func New(config *rest.Config, resolver *Resolver) (*Manager, error) {
	config = rest.CopyConfig(config)
	config.UserAgent = "tidb-backup-manager/v1.6.1"
	client, err := backups.NewClient(config)
	if err != nil {
		return nil, err
	}
	return &Manager{backups: client, resolver: resolver}, nil
}

// run is one process of the program.
type run struct {
	*Manager
	Invocation
	namespace, name string
	log             klogline.Logger
}

// Run does what the arguments say and returns the exit code.
func (m *Manager) Run(ctx context.Context, invocation Invocation) int {
	r := &run{Manager: m, Invocation: invocation, log: klogline.Logger{Out: invocation.Stderr}}
	r.namespace, r.name = flagValue(invocation.Args, "--namespace="), flagValue(invocation.Args, "--backupName=")
	var err error
	switch command := firstOf(invocation.Args); command {
	case "backup":
		err = r.backup(ctx)
	case "clean":
		err = r.clean(ctx)
	case "restore", "import":
		err = r.restore(ctx)
	default:
		err = fmt.Errorf("unknown command %q for \"backup-manager\"", command)
	}
	if err != nil {
		fmt.Fprintf(invocation.Stderr, "error: %v\n", err)
		return 1
	}
	return 0
}

// String is the Backup's name as the log writes it.
func (r *run) String() string { return r.namespace + "/" + r.name }

func (r *run) condition(ctx context.Context, condition v1alpha1.BackupCondition, more ...func(*v1alpha1.BackupStatus)) error {
	if err := r.backups.SetCondition(ctx, r.namespace, r.name, condition, more...); err != nil {
		return err
	}
	r.log.Info("backup_status_updater.go:128", "Backup: [%s] updated successfully", r)
	return nil
}

func firstOf(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

func flagValue(args []string, prefix string) string {
	for _, arg := range args {
		if value, ok := strings.CutPrefix(arg, prefix); ok {
			return value
		}
	}
	return ""
}
