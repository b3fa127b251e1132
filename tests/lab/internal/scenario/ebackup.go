package scenario

import (
	"context"
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/lab"
)

// eBackup is Huawei's e-backup, which has Velero's kinds with more fields. No program of it runs: its objects say what
// they would say. The definitions are one for the whole cluster, so that the real Velero beside it has them, too.
type eBackup struct {
	// gone puts Velero's own definitions back.
	gone bool
}

func (e eBackup) title() (name, about string) {
	if e.gone {
		return "ebackup-gone", "Velero's own definitions again, and no object of e-backup"
	}
	return "ebackup", "e-backup's fields in Velero's kinds, in the whole cluster, and objects of it"
}

func (e eBackup) setUp(ctx context.Context, l *lab.Lab) error {
	name, _ := e.title()
	if e.gone {
		if _, err := l.Kubectl(ctx, nil, "delete", "namespace", "ebackup", "--ignore-not-found"); err != nil {
			return err
		}
	}
	if err := l.DefineVelero(ctx, !e.gone); err != nil {
		return err
	}
	if e.gone {
		_, err := fmt.Fprintf(l.Out, "%s: nothing is left of e-backup\n", name)
		return err
	}
	if err := l.Apply(ctx, "ebackup.yaml"); err != nil {
		return err
	}
	_, err := fmt.Fprintf(l.Out, "%s: objects in namespace ebackup; scenario ebackup-gone ends it\n", name)
	return err
}
