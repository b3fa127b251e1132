package lab

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/velero"
)

// VeleroNamespace is where the lab installs Velero.
const VeleroNamespace = "velero"

// velero runs Velero's server in the place of its pod, and plays what the server needs around it.
func (l *Lab) velero() daemon {
	return daemon{
		name: "lab-velero", port: portVelero, program: "lab-velero",
		args: []string{
			"--kubeconfig=" + l.Workspace.Kubeconfig(""),
			"--velero=" + l.state.Built["velero"],
			"--plugins=" + filepath.Dir(l.state.Built["velero-plugin-for-aws"]),
			"--pods=" + l.Workspace.State("pods"),
			"--logs=" + l.Workspace.State("logs", "pods"),
			"--gateway-address=" + l.address(portGateway),
			"--health-address=" + l.address(portVelero),
		},
		ready: l.healthy(l.url("http", portVelero) + "/healthz"),
	}
}

func (l *Lab) startVelero(ctx context.Context) error {
	if err := l.DefineVelero(ctx, false); err != nil {
		return err
	}
	for _, definitions := range []string{"csi-snapshot.yaml", "vsphere.yaml"} {
		if err := l.Apply(ctx, definitions); err != nil {
			return err
		}
	}
	if err := l.awaitDefinitions(ctx); err != nil {
		return err
	}
	if err := l.InstallVelero(ctx, VeleroNamespace); err != nil {
		return err
	}
	if err := l.Apply(ctx, "velero.yaml"); err != nil {
		return err
	}
	if err := l.start(ctx, l.velero()); err != nil {
		return err
	}
	if err := l.await(ctx, l.velero()); err != nil {
		return err
	}
	return l.awaitVelero(ctx, VeleroNamespace)
}

// InstallVelero installs Velero into a namespace as its own `install` does. Its location is the folder of that name in
// the lab's bucket for it: a location that is the whole bucket would be unavailable beside the folders of others.
func (l *Lab) InstallVelero(ctx context.Context, namespace string) error {
	_, rest, err := l.veleroManifest(ctx, namespace)
	if err != nil {
		return err
	}
	return l.applyObjects(ctx, rest)
}

// DefineVelero applies Velero's definitions, with the fields of e-backup or without.
func (l *Lab) DefineVelero(ctx context.Context, eBackup bool) error {
	definitions, _, err := l.veleroManifest(ctx, VeleroNamespace)
	if err != nil {
		return err
	}
	if eBackup {
		if definitions, err = velero.EBackup(definitions); err != nil {
			return err
		}
	}
	return l.applyObjects(ctx, definitions)
}

func (l *Lab) veleroManifest(ctx context.Context, namespace string) (definitions, rest []byte, err error) {
	credentials := l.Workspace.State("velero-credentials")
	content := fmt.Sprintf("[default]\naws_access_key_id=%s\naws_secret_access_key=%s\n",
		l.state.Storage.Root.AccessKey, l.state.Storage.Root.SecretKey)
	if err := os.WriteFile(credentials, []byte(content), 0o600); err != nil {
		return nil, nil, fmt.Errorf("write credentials: %w", err)
	}
	command := exec.CommandContext(ctx, l.state.Built["velero"], velero.InstallArgs(velero.Install{
		Namespace: namespace, Bucket: veleroBucket, Prefix: namespace, Credentials: credentials,
		Service: storageService, Public: l.url("http", portStorage),
	})...)
	command.Env = append(os.Environ(), "HOME="+l.Workspace.State(), "KUBECONFIG="+l.Workspace.Kubeconfig(""))
	manifest, err := command.Output()
	if err != nil {
		return nil, nil, fmt.Errorf("velero install: %w", err)
	}
	return velero.Prepare(manifest)
}

func (l *Lab) applyObjects(ctx context.Context, objects []byte) error {
	_, err := l.Kubectl(ctx, bytes.NewReader(objects), "apply", "--server-side", "--force-conflicts", "-f", "-")
	return err
}

// awaitVelero waits until the server runs and reaches its storage.
func (l *Lab) awaitVelero(ctx context.Context, namespace string) error {
	if _, err := l.Kubectl(ctx, nil, "rollout", "status", "deployment/velero", "-n", namespace, "--timeout=60s"); err != nil {
		return err
	}
	return l.awaitLocation(ctx, namespace)
}

// awaitLocation waits until a server has found that the location can be used.
func (l *Lab) awaitLocation(ctx context.Context, namespace string) error {
	_, err := l.Kubectl(ctx, nil, "wait", "backupstoragelocations.velero.io/default", "-n", namespace, "--timeout=2m",
		"--for=jsonpath={.status.phase}=Available")
	return err
}
