package build

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// kwokFiles takes kwok's CustomResourceDefinitions and Stages from its module.
func kwokFiles(ctx context.Context, b *builder, c component, folder string) error {
	out, err := b.goCommand(ctx, c, "list", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/kwok")
	if err != nil {
		return err
	}
	kustomize := filepath.Join(strings.TrimSpace(out), "kustomize")
	definitions, err := filepath.Glob(filepath.Join(kustomize, "crd", "bases", "*.yaml"))
	if err != nil {
		return fmt.Errorf("list kwok's definitions: %w", err)
	}
	if err := concatenate(filepath.Join(folder, KwokDefinitions), definitions, nil); err != nil {
		return err
	}
	stage := filepath.Join(kustomize, "stage")
	return concatenate(filepath.Join(folder, KwokStages), []string{
		filepath.Join(stage, "node", "fast", "node-initialize.yaml"),
		filepath.Join(stage, "node", "heartbeat-with-lease", "node-heartbeat-with-lease.yaml"),
		filepath.Join(stage, "pod", "fast", "pod-ready.yaml"),
		filepath.Join(stage, "pod", "fast", "pod-complete.yaml"),
		filepath.Join(stage, "pod", "fast", "pod-delete.yaml"),
	}, withoutBackupPods)
}

// withoutBackupPods narrows the Stages by which a pod becomes ready or complete: the pods of backup jobs and of
// Velero's server are played by the lab's own kubelets, which run their programs, and so are restored pods that wait
// in Velero's init container.
func withoutBackupPods(stage []byte) ([]byte, error) {
	const list = "    matchExpressions:\n"
	for _, name := range []string{"pod-ready", "pod-complete"} {
		if !bytes.Contains(stage, []byte("name: "+name+"\n")) {
			continue
		}
		if bytes.Count(stage, []byte(list)) != 1 {
			return nil, fmt.Errorf("stage %s of kwok has no single list of match expressions", name)
		}
		return bytes.Replace(stage, []byte(list), []byte(list+
			"    - key: '.metadata.labels[\"app.kubernetes.io/managed-by\"]'\n"+
			"      operator: 'NotIn'\n"+
			"      values:\n"+
			"      - 'backup-operator'\n"+
			"      - 'restore-operator'\n"+
			"      - 'backup-schedule-operator'\n"+
			"    - key: '.metadata.labels[\"deploy\"]'\n"+
			"      operator: 'NotIn'\n"+
			"      values:\n"+
			"      - 'velero'\n"+
			"    - key: '.spec.initContainers.[].name'\n"+
			"      operator: 'NotIn'\n"+
			"      values:\n"+
			"      - 'restore-wait'\n"+
			"      - 'restic-wait'\n"), 1), nil
	}
	return stage, nil
}

// tidbDefinitions generates the CustomResourceDefinitions from the Go types of the TiDB operator.
func tidbDefinitions(ctx context.Context, b *builder, c component, folder string) error {
	generated, err := os.MkdirTemp(folder, "crds-")
	if err != nil {
		return fmt.Errorf("create folder: %w", err)
	}
	defer os.RemoveAll(generated)
	if _, err := b.run(ctx, c, b.built["controller-gen"], "crd:maxDescLen=0,allowDangerousTypes=true",
		"paths=github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1", "output:dir="+generated); err != nil {
		return err
	}
	// The other kinds are left out: a TidbCluster's definition alone has more than a megabyte.
	return concatenate(filepath.Join(folder, TiDBDefinitions), []string{
		filepath.Join(generated, "pingcap.com_backups.yaml"),
		filepath.Join(generated, "pingcap.com_backupschedules.yaml"),
		filepath.Join(generated, "pingcap.com_restores.yaml"),
	}, nil)
}

// concatenate joins YAML files to one with several documents; edit may change each.
func concatenate(target string, sources []string, edit func([]byte) ([]byte, error)) error {
	if len(sources) == 0 {
		return fmt.Errorf("nothing to put into %s", filepath.Base(target))
	}
	var all bytes.Buffer
	for _, source := range sources {
		content, err := os.ReadFile(source)
		if err != nil {
			return fmt.Errorf("read manifest: %w", err)
		}
		if edit != nil {
			if content, err = edit(content); err != nil {
				return err
			}
		}
		all.WriteString("---\n")
		all.Write(bytes.TrimPrefix(content, []byte("---\n")))
	}
	if err := os.WriteFile(target, all.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write manifests: %w", err)
	}
	return nil
}
