package lab

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/build"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/pki"
)

// Up builds what is missing, starts what does not run, and waits until everything is ready.
func (l *Lab) Up(ctx context.Context, withoutTiDB bool) error {
	built, err := build.All(ctx, l.Workspace, withoutTiDB, l.Out)
	if err != nil {
		return err
	}
	l.state.Built = built
	if err := l.prepare(); err != nil {
		return err
	}
	if err := l.startControlPlane(ctx); err != nil {
		return err
	}
	if err := l.startNodes(ctx); err != nil {
		return err
	}
	if err := l.startVelero(ctx); err != nil {
		return err
	}
	if withoutTiDB {
		return nil
	}
	return l.startTiDB(ctx)
}

func (l *Lab) prepare() error {
	if err := l.state.complete(); err != nil {
		return err
	}
	if err := pki.Write(l.Workspace.State("pki")); err != nil {
		return err
	}
	if err := l.storageFolders(); err != nil {
		return err
	}
	return l.writeAccess()
}

func (l *Lab) startControlPlane(ctx context.Context) error {
	for _, group := range [][]daemon{
		{l.etcd(), l.storage()},
		{l.apiServer()},
		{l.controllerManager(), l.scheduler()},
	} {
		for _, d := range group {
			if err := l.start(ctx, d); err != nil {
				return err
			}
		}
		if err := l.await(ctx, group...); err != nil {
			return err
		}
	}
	return l.prepareStorage(ctx)
}

func (l *Lab) startNodes(ctx context.Context) error {
	if err := l.applyDefinitions(ctx, l.state.Built[build.KwokDefinitions]); err != nil {
		return err
	}
	if err := l.start(ctx, l.kwok()); err != nil {
		return err
	}
	for _, manifest := range []string{"nodes.yaml", "storage.yaml"} {
		if err := l.Apply(ctx, manifest); err != nil {
			return err
		}
	}
	if err := l.applyReader(ctx); err != nil {
		return err
	}
	if err := l.await(ctx, l.kwok()); err != nil {
		return err
	}
	if _, err := l.Kubectl(ctx, nil, "wait", "--for=condition=Ready", "node", "--all", "--timeout=60s"); err != nil {
		return err
	}
	_, err := l.Kubectl(ctx, nil, "rollout", "status", "statefulset/minio", "-n", "s3", "--timeout=60s")
	return err
}

func (l *Lab) startTiDB(ctx context.Context) error {
	if err := l.applyDefinitions(ctx, l.state.Built[build.TiDBDefinitions]); err != nil {
		return err
	}
	if err := l.Apply(ctx, "tidb.yaml"); err != nil {
		return err
	}
	if err := l.start(ctx, l.tidb()); err != nil {
		return err
	}
	if err := l.await(ctx, l.tidb()); err != nil {
		return err
	}
	_, err := l.Kubectl(ctx, nil, "rollout", "status", "deployment/tidb-controller-manager", "-n", "tidb-admin", "--timeout=60s")
	return err
}

// Running reports ErrNotRunning unless the API server answers.
func (l *Lab) Running(ctx context.Context) error {
	if len(l.state.Processes) == 0 {
		return ErrNotRunning
	}
	if err := l.apiServer().ready(ctx); err != nil {
		return fmt.Errorf("%w (%w)", ErrNotRunning, err)
	}
	return nil
}

// Down ends every process of the lab in the reverse order of starting. Data stays for the next Up.
func (l *Lab) Down(ctx context.Context) error {
	var problems []error
	daemons := l.daemons()
	for i := len(daemons) - 1; i >= 0; i-- {
		name := daemons[i].name
		if err := l.state.Processes[name].Stop(ctx, stopGrace); err != nil {
			problems = append(problems, err)
			continue
		}
		delete(l.state.Processes, name)
	}
	return errors.Join(append(problems, l.state.save())...)
}

// Purge removes all data of the lab; what it built stays in the cache.
func (l *Lab) Purge() error {
	if err := os.RemoveAll(l.Workspace.State()); err != nil {
		return fmt.Errorf("remove the lab's data: %w", err)
	}
	return nil
}

// daemons lists everything a lab may run, in the order of starting.
func (l *Lab) daemons() []daemon {
	return []daemon{
		l.etcd(), l.storage(), l.apiServer(), l.controllerManager(), l.scheduler(), l.kwok(), l.tidb(), l.velero(),
	}
}
