// Package scenario sets up named situations in a running lab.
package scenario

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/lab"
)

// scenario is a manifest, what to wait for after it, and what becomes of its Backup then.
type scenario struct {
	name  string
	about string
	// manifest is applied first; it holds one Backup of that name in the namespace tidb-test.
	manifest string
	backup   string
	// reaches is the condition that the Backup has to get.
	reaches string
	// deleted says that the Backup is deleted then, and endsIn is the condition that its deletion gets stuck with.
	deleted bool
	endsIn  string
}

const namespace = "tidb-test"

func all() []scenario {
	return []scenario{
		{
			name:     "tidb-stuck",
			about:    "a failed TiDB Backup hangs in deletion, because its clean-up cannot reach the storage",
			manifest: "tidb-stuck.yaml", backup: "backup-test",
			reaches: "Failed", deleted: true, endsIn: "CleanFailed",
		},
		{
			name:     "tidb-complete",
			about:    "a TiDB Backup with all its data in the bucket",
			manifest: "tidb-complete.yaml", backup: "backup-complete",
			reaches: "Complete",
		},
		{
			name:     "tidb-partial",
			about:    "a TiDB Backup that failed after it had written a part of its data",
			manifest: "tidb-partial.yaml", backup: "backup-partial",
			reaches: "Failed",
		},
		{
			name:     "tidb-clean-pending",
			about:    "a TiDB Backup with data hangs in deletion, because the pod of its clean-up fits on no node",
			manifest: "tidb-clean-pending.yaml", backup: "backup-pending",
			reaches: "Complete", deleted: true, endsIn: "Clean",
		},
	}
}

// List prints the scenarios.
func List(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	for _, s := range all() {
		fmt.Fprintf(table, "%s\t%s\n", s.name, s.about)
	}
	return table.Flush()
}

// SetUp brings a situation about and waits until it stands. One that stands already is left as it is.
func SetUp(ctx context.Context, l *lab.Lab, name string) error {
	for _, s := range all() {
		if s.name == name {
			return s.setUp(ctx, l)
		}
	}
	return fmt.Errorf("unknown scenario %q; see: lab scenario", name)
}

func (s scenario) setUp(ctx context.Context, l *lab.Lab) error {
	deleting, err := l.Kubectl(ctx, nil, "get", "backups.pingcap.com", s.backup, "-n", namespace,
		"--ignore-not-found", "-o", "jsonpath={.metadata.deletionTimestamp}")
	if err != nil {
		return err
	}
	if deleting == "" {
		if err := s.begin(ctx, l); err != nil {
			return err
		}
	}
	if s.deleted {
		if err := s.wait(ctx, l, s.endsIn); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(l.Out, "%s: backup.pingcap.com/%s in namespace %s\n", s.name, s.backup, namespace)
	return err
}

func (s scenario) begin(ctx context.Context, l *lab.Lab) error {
	if err := l.Apply(ctx, s.manifest); err != nil {
		return err
	}
	if err := s.wait(ctx, l, s.reaches); err != nil {
		return err
	}
	if !s.deleted {
		return nil
	}
	_, err := l.Kubectl(ctx, nil, "delete", "backups.pingcap.com", s.backup, "-n", namespace, "--wait=false")
	return err
}

// wait waits until the Backup has a condition, with whatever status.
func (s scenario) wait(ctx context.Context, l *lab.Lab, condition string) error {
	_, err := l.Kubectl(ctx, nil, "wait", "backups.pingcap.com", s.backup, "-n", namespace, "--timeout=60s",
		fmt.Sprintf(`--for=jsonpath={.status.conditions[?(@.type==%q)].type}=%s`, condition, condition))
	return err
}
