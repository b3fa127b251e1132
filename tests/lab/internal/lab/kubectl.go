package lab

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"text/template"
)

//go:embed manifests
var manifests embed.FS

// Kubectl runs the lab's kubectl as admin and returns its output. It keeps its cache inside of the lab.
func (l *Lab) Kubectl(ctx context.Context, stdin io.Reader, args ...string) (string, error) {
	command := exec.CommandContext(ctx, l.state.Built["kubectl"], append([]string{"--kubeconfig", l.Workspace.Kubeconfig("")}, args...)...)
	command.Env = append(os.Environ(), "KUBECACHEDIR="+l.Workspace.State("kubectl-cache"), "KUBERC=off")
	command.Stdin = stdin
	var out, problems bytes.Buffer
	command.Stdout, command.Stderr = &out, &problems
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("kubectl %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(problems.String()))
	}
	return out.String(), nil
}

// Apply applies one of the lab's manifests after filling in ports, paths and keys.
func (l *Lab) Apply(ctx context.Context, manifest string) error {
	parsed, err := template.New(manifest).ParseFS(manifests, "manifests/tidb-common.yaml", "manifests/"+manifest)
	if err != nil {
		return fmt.Errorf("parse manifest: %w", err)
	}
	var filled bytes.Buffer
	if err := parsed.Execute(&filled, l.values()); err != nil {
		return fmt.Errorf("fill manifest: %w", err)
	}
	_, err = l.Kubectl(ctx, &filled, "apply", "-f", "-")
	return err
}

// values are what a manifest may name.
func (l *Lab) values() map[string]any {
	return map[string]any{
		"StorageAddress":  l.address(portStorage),
		"StoragePort":     l.state.Ports[portStorage],
		"AccessKey":       l.state.Storage.Root.AccessKey,
		"SecretKey":       l.state.Storage.Root.SecretKey,
		"OperatorLog":     l.operatorLog(),
		"StorageEndpoint": storageService,
	}
}

// applyDefinitions applies CustomResourceDefinitions and waits until the API server serves them.
func (l *Lab) applyDefinitions(ctx context.Context, file string) error {
	if _, err := l.Kubectl(ctx, nil, "apply", "--server-side", "--force-conflicts", "-f", file); err != nil {
		return err
	}
	_, err := l.Kubectl(ctx, nil, "wait", "--for=condition=Established", "--timeout=30s", "-f", file)
	return err
}
