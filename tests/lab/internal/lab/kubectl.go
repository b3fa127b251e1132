package lab

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/template"
	"time"
)

const definitionLimit = 30 * time.Second

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
	return l.ApplyWith(ctx, manifest, nil)
}

// ApplyWith applies a manifest that names further values.
func (l *Lab) ApplyWith(ctx context.Context, manifest string, values map[string]any) error {
	parsed, err := template.New(manifest).ParseFS(manifests, "manifests/tidb-common.yaml", "manifests/"+manifest)
	if err != nil {
		return fmt.Errorf("parse manifest: %w", err)
	}
	all := l.values()
	maps.Copy(all, values)
	var filled bytes.Buffer
	if err := parsed.Execute(&filled, all); err != nil {
		return fmt.Errorf("fill manifest: %w", err)
	}
	_, err = l.Kubectl(ctx, &filled, "apply", "-f", "-")
	return err
}

// applyReader applies the ClusterRole that the plugin's documentation offers, so that tests can bind it. Its Roles
// belong into the namespaces of the tests.
func (l *Lab) applyReader(ctx context.Context) error {
	_, err := l.Kubectl(ctx, nil, "apply", "-f", filepath.Join(l.Workspace.Root, "docs", "rbac", "reader.yaml"))
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
	return l.awaitDefinitions(ctx)
}

// awaitDefinitions waits until the API server serves all definitions. It asks for all at once, which `kubectl wait` does
// one after the other.
func (l *Lab) awaitDefinitions(ctx context.Context) error {
	const established = `{{range .items}}{{.metadata.name}}{{range .status.conditions}}{{if eq .type "Established"}} {{.status}}{{end}}{{end}}{{"\n"}}{{end}}`
	ctx, cancel := context.WithTimeout(ctx, definitionLimit)
	defer cancel()
	for {
		states, err := l.Kubectl(ctx, nil, "get", "crd", "-o", "go-template="+established)
		if err != nil {
			return err
		}
		missing := slices.DeleteFunc(slices.Collect(strings.Lines(states)), func(line string) bool { return strings.HasSuffix(line, " True\n") })
		if len(missing) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("not served after %s: %s", definitionLimit, strings.Join(missing, ""))
		case <-time.After(200 * time.Millisecond):
		}
	}
}
