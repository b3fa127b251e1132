//go:build e2e

package e2e

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"k8s.io/client-go/tools/clientcmd"
)

// setup gives a script its own namespace with the Secret and the ServiceAccount
// that a backup needs, a kubeconfig that points there, and a home of its own.
func (l *lab) setup(env *testscript.Env) error {
	random := make([]byte, 3)
	if _, err := rand.Read(random); err != nil {
		return err
	}
	namespace := "t-" + hex.EncodeToString(random)
	bin := filepath.Join(env.WorkDir, ".bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return err
	}
	for name, program := range map[string]string{"kubectl": l.kubectl, "velero": l.veleroProgram} {
		if err := os.Symlink(program, filepath.Join(bin, name)); err != nil {
			return err
		}
	}
	kubeconfig := filepath.Join(env.WorkDir, ".kubeconfig")
	if err := writeKubeconfig(kubeconfig, l.kubeconfig, namespace); err != nil {
		return err
	}
	repository, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return err
	}
	for name, value := range map[string]string{
		"REPO": repository,
		"NS":   namespace, "PREFIX": namespace, "ENDPOINT": l.service, "S3": l.endpoint, "KUBECONFIG": kubeconfig,
		"HOME": env.WorkDir, "XDG_STATE_HOME": filepath.Join(env.WorkDir, ".state"), "TZ": "UTC",
		"KUBECACHEDIR": filepath.Join(l.state, "kubectl-cache"), "NO_COLOR": "1",
		"PATH": env.Getenv("PATH") + string(os.PathListSeparator) + bin, "LAB_STATE": l.state,
		"LIMITED_ID": l.limitedAccess, "LIMITED_SECRET": l.limitedSecret,
	} {
		env.Setenv(name, value)
	}
	env.Values[environmentKey{}] = env.Vars
	env.Defer(func() { l.remove(namespace) })
	return l.prepare(namespace)
}

// prepare makes the namespace and what the Jobs of a backup need there.
func (l *lab) prepare(namespace string) error {
	manifest := fmt.Sprintf(`
apiVersion: v1
kind: Namespace
metadata: {name: %[1]s, labels: {kubectl-backup.dev/test: e2e}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: tidb-backup-manager, namespace: %[1]s}
---
apiVersion: v1
kind: Secret
metadata: {name: s3-secret, namespace: %[1]s}
stringData: {access_key: %[2]s, secret_key: %[3]s}
---
apiVersion: v1
kind: Secret
metadata: {name: s3-limited, namespace: %[1]s}
stringData: {access_key: %[4]s, secret_key: %[5]s}
`, namespace, l.accessKey, l.secretKey, l.limitedAccess, l.limitedSecret)
	return l.kubectlIn(manifest, "apply", "-f", "-")
}

// remove lets go of the namespace. Finalizers are dropped by hand here because
// nothing in it matters any more; the plugin itself never does so.
func (l *lab) remove(namespace string) {
	// Deleted first: the operator puts its finalizer on whatever lives.
	_ = l.command("delete", "backups.pingcap.com", "--all", "-n", namespace, "--wait=false").Run()
	out, err := l.command("get", "backups.pingcap.com,jobs.batch", "-n", namespace, "-o", "name").Output()
	if err == nil {
		for name := range strings.FieldsSeq(string(out)) {
			_ = l.command("patch", "-n", namespace, name, "--type=merge", "-p", `{"metadata":{"finalizers":null}}`).Run()
		}
	}
	_ = l.command("delete", "namespace", namespace, "--wait=false", "--ignore-not-found").Run()
}

// writeKubeconfig copies a kubeconfig whose commands work in another namespace.
func writeKubeconfig(path, from, namespace string) error {
	config, err := clientcmd.LoadFromFile(from)
	if err != nil {
		return err
	}
	config.Contexts[config.CurrentContext].Namespace = namespace
	return clientcmd.WriteToFile(*config, path)
}

// command is the lab's kubectl with the lab's kubeconfig and no other.
func (l *lab) command(args ...string) *exec.Cmd {
	return exec.Command(l.kubectl, append([]string{"--kubeconfig", l.kubeconfig}, args...)...)
}

func (l *lab) kubectlIn(stdin string, args ...string) error {
	cmd := l.command(args...)
	cmd.Stdin = strings.NewReader(stdin)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("kubectl %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return nil
}
