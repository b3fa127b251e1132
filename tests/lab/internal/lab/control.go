package lab

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// serverSelector finds the pods of a server of Velero.
const serverSelector = "deploy=velero"

// guarded are the kinds of Velero whose finalizers would hold a namespace without its server.
const guarded = "restores.velero.io,datauploads.velero.io,datadownloads.velero.io,podvolumebackups.velero.io,podvolumerestores.velero.io"

// ControlVelero acts on the Velero of a namespace: stop, start, restart or kill its server, install or remove it. The
// location of one that is installed is the folder of that name in the bucket.
func (l *Lab) ControlVelero(ctx context.Context, action, namespace string) error {
	switch action {
	case "stop":
		return l.scaleVelero(ctx, namespace, 0)
	case "start":
		if err := l.scaleVelero(ctx, namespace, 1); err != nil {
			return err
		}
		return l.awaitVelero(ctx, namespace)
	case "restart":
		if err := l.ControlVelero(ctx, "stop", namespace); err != nil {
			return err
		}
		return l.ControlVelero(ctx, "start", namespace)
	case "kill":
		// The container ends as if memory had run out, and is started again in the same pod.
		_, err := l.Kubectl(ctx, nil, "annotate", "pods", "-n", namespace, "-l", serverSelector, "--overwrite",
			"lab.kubectl-backup.dev/kill="+strconv.FormatInt(time.Now().UnixNano(), 10))
		return err
	case "install":
		if err := l.InstallVelero(ctx, namespace); err != nil {
			return err
		}
		return l.awaitLocation(ctx, namespace) // a new one says nothing before its server runs
	case "remove":
		return l.removeVelero(ctx, namespace)
	default:
		return fmt.Errorf("unknown action %q; velero knows stop, start, restart, kill, install and remove", action)
	}
}

func (l *Lab) scaleVelero(ctx context.Context, namespace string, replicas int) error {
	if _, err := l.Kubectl(ctx, nil, "scale", "deployment/velero", "-n", namespace, fmt.Sprintf("--replicas=%d", replicas)); err != nil {
		return err
	}
	if replicas > 0 {
		return nil
	}
	_, err := l.Kubectl(ctx, nil, "wait", "pods", "-n", namespace, "-l", serverSelector, "--for=delete", "--timeout=60s")
	return err
}

// removeVelero deletes what an installation has made, but for the namespace, and lets go of what its server guarded.
func (l *Lab) removeVelero(ctx context.Context, namespace string) error {
	// The server goes first: it would guard what is deleted after it.
	for _, objects := range [][]string{
		{"deployment/velero", "daemonset/node-agent", "clusterrolebinding/velero-" + namespace},
		{"backupstoragelocations.velero.io," + guarded, "--all"},
	} {
		if _, err := l.Kubectl(ctx, nil, append([]string{"delete", "--ignore-not-found", "--wait=false", "-n", namespace}, objects...)...); err != nil {
			return err
		}
	}
	names, err := l.Kubectl(ctx, nil, "get", guarded, "-n", namespace, "-o", "name")
	if err != nil {
		return err
	}
	for name := range strings.FieldsSeq(names) {
		// One that is gone by now is as good.
		_, _ = l.Kubectl(ctx, nil, "patch", name, "-n", namespace, "--type=merge", "-p", `{"metadata":{"finalizers":null}}`)
	}
	return nil
}

// ControlStorage stops or starts the S3 server. Its Service and its pod stay, and lead nowhere meanwhile.
func (l *Lab) ControlStorage(ctx context.Context, action string) error {
	switch action {
	case "stop":
		return l.state.Processes[l.storage().name].Stop(ctx, stopGrace)
	case "start":
		if err := l.start(ctx, l.storage()); err != nil {
			return err
		}
		return l.await(ctx, l.storage())
	default:
		return fmt.Errorf("unknown action %q; s3 knows stop and start", action)
	}
}
