//go:build e2e

package e2e

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
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
		"GOGC":       "400", // a quarter less time for programs that end soon
		"LIMITED_ID": l.limitedAccess, "LIMITED_SECRET": l.limitedSecret,
	} {
		env.Setenv(name, value)
	}
	env.Values[environmentKey{}] = env.Vars
	env.Defer(func() { _ = l.remove(namespace) }) // the script may have deleted it
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
	return l.cluster.apply(context.Background(), manifest, "")
}

// remove lets go of the namespace. Finalizers are dropped by hand here because
// nothing in it matters any more; the plugin itself never does so.
func (l *lab) remove(namespace string) error {
	ctx := context.Background()
	backups := schema.GroupVersionResource{Group: "pingcap.com", Version: "v1alpha1", Resource: "backups"}
	jobs := schema.GroupVersionResource{Group: "batch", Version: "v1", Resource: "jobs"}
	namespaces := schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}
	// Deleted first: the operator puts its finalizer on whatever lives.
	_ = l.cluster.Resource(backups).Namespace(namespace).DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{})
	_ = l.cluster.release(ctx, backups, namespace) // what goes meanwhile is no matter
	_ = l.cluster.release(ctx, jobs, namespace)
	return l.cluster.Resource(namespaces).Delete(ctx, namespace, metav1.DeleteOptions{})
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
