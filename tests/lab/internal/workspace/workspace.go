// Package workspace finds the repository and names the folders in which the lab keeps its things.
package workspace

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const mainModule = "module github.com/kubectl-backup/kubectl-backup"

// cacheVariable is the environment variable that moves the cache of built programs.
const cacheVariable = "KUBECTL_BACKUP_CACHE"

// NameVariable is the environment variable that names one of several labs of a checkout; without it there is one
// that needs no name.
const NameVariable = "LAB_NAME"

// Workspace is a checkout of the repository together with the lab's folders in it.
type Workspace struct {
	// Root is the folder that holds the go.mod of the main module.
	Root string
	// Name tells several labs of the checkout apart; it may be empty.
	Name string
	// Cache holds the built programs, one folder a component and version.
	Cache string
}

// Find looks for the repository in dir and the folders above it.
func Find(dir string) (Workspace, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Workspace{}, fmt.Errorf("resolve %s: %w", dir, err)
	}
	for at := dir; ; at = filepath.Dir(at) {
		found, err := isMainModule(filepath.Join(at, "go.mod"))
		if err != nil {
			return Workspace{}, err
		}
		if found {
			return Workspace{Root: at, Name: os.Getenv(NameVariable), Cache: cache(at)}, nil
		}
		if at == filepath.Dir(at) {
			return Workspace{}, fmt.Errorf("no repository of kubectl-backup in %s or above it", dir)
		}
	}
}

func isMainModule(file string) (bool, error) {
	content, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read module file: %w", err)
	}
	for line := range strings.Lines(string(content)) {
		if strings.TrimSpace(line) == mainModule {
			return true, nil
		}
	}
	return false, nil
}

func cache(root string) string {
	if moved := os.Getenv(cacheVariable); moved != "" {
		return filepath.Join(moved, "lab")
	}
	return filepath.Join(root, ".cache", "lab")
}

// Source is the folder of the lab's own source.
func (w Workspace) Source(elem ...string) string {
	return filepath.Join(append([]string{w.Root, "tests", "lab"}, elem...)...)
}

// State is a path below the folder that holds everything a lab writes while it runs.
func (w Workspace) State(elem ...string) string {
	folder := ".lab"
	if w.Name != "" {
		folder += "-" + w.Name
	}
	return filepath.Join(append([]string{w.Root, folder}, elem...)...)
}

// Kubeconfig is the kubeconfig file of a user; the empty name is the cluster's admin.
func (w Workspace) Kubeconfig(user string) string {
	if user == "" {
		return w.State("kubeconfig")
	}
	return w.State("kubeconfig-" + user)
}
