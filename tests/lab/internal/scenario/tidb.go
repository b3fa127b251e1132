package scenario

import (
	"context"
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/lab"
)

// tidbScenario is a manifest, what to wait for after it, and what becomes of its Backup then.
type tidbScenario struct {
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

const tidbNamespace = "tidb-test"

func tidbScenarios() []tidbScenario {
	return []tidbScenario{
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

func (s tidbScenario) title() (name, about string) { return s.name, s.about }

func (s tidbScenario) setUp(ctx context.Context, l *lab.Lab) error {
	deleting, err := l.Kubectl(ctx, nil, "get", "backups.pingcap.com", s.backup, "-n", tidbNamespace,
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
	_, err = fmt.Fprintf(l.Out, "%s: backup.pingcap.com/%s in namespace %s\n", s.name, s.backup, tidbNamespace)
	return err
}

func (s tidbScenario) begin(ctx context.Context, l *lab.Lab) error {
	if err := l.Apply(ctx, s.manifest); err != nil {
		return err
	}
	if err := s.wait(ctx, l, s.reaches); err != nil {
		return err
	}
	if !s.deleted {
		return nil
	}
	_, err := l.Kubectl(ctx, nil, "delete", "backups.pingcap.com", s.backup, "-n", tidbNamespace, "--wait=false")
	return err
}

// wait waits until the Backup has a condition, with whatever status.
func (s tidbScenario) wait(ctx context.Context, l *lab.Lab, condition string) error {
	_, err := l.Kubectl(ctx, nil, "wait", "backups.pingcap.com", s.backup, "-n", tidbNamespace, "--timeout=60s",
		fmt.Sprintf(`--for=jsonpath={.status.conditions[?(@.type==%q)].type}=%s`, condition, condition))
	return err
}
