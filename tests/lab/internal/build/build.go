// Package build makes the programs of the lab from Go modules and keeps them in the cache.
package build

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/workspace"
)

// Files of the cache that are not programs.
const (
	// KwokDefinitions holds the CustomResourceDefinitions of kwok.
	KwokDefinitions = "kwok-crds.yaml"
	// KwokStages holds the Stages by which kwok plays nodes and pods.
	KwokStages = "kwok-stages.yaml"
	// TiDBDefinitions holds the CustomResourceDefinitions of the TiDB operator.
	TiDBDefinitions = "pingcap-crds.yaml"
)

// Built names what was built: absolute paths by the name of the program or file.
type Built map[string]string

type builder struct {
	workspace workspace.Workspace
	out       io.Writer
	built     Built
}

// All builds what the cache lacks and returns everything; with withoutTiDB only what a cluster without the
// TiDB operator needs. It writes a line to out for every component that it had to build.
func All(ctx context.Context, ws workspace.Workspace, withoutTiDB bool, out io.Writer) (Built, error) {
	b := &builder{workspace: ws, out: out, built: Built{}}
	for _, c := range components() {
		if withoutTiDB && slices.Contains([]string{"controller-gen", tidbComponent}, c.name) {
			continue
		}
		if err := b.component(ctx, c); err != nil {
			return nil, fmt.Errorf("build %s: %w", c.name, err)
		}
	}
	return b.built, nil
}

func (b *builder) component(ctx context.Context, c component) error {
	hash, err := version(b.workspace.Source(c.module), c.sources)
	if err != nil {
		return err
	}
	if c.revision > 0 {
		hash += fmt.Sprintf("-%d", c.revision)
	}
	folder := filepath.Join(b.workspace.Cache, c.name+"-"+hash)
	if _, err := os.Stat(folder); err != nil {
		if err := b.make(ctx, c, folder); err != nil {
			return err
		}
	}
	// A process is recognised by the resolved path of its program.
	folder, err = filepath.EvalSymlinks(folder)
	if err != nil {
		return fmt.Errorf("resolve cache folder: %w", err)
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("read cache folder: %w", err)
	}
	for _, file := range files {
		b.built[file.Name()] = filepath.Join(folder, file.Name())
	}
	return nil
}

// make fills a folder under a temporary name and renames it, so that a folder in the cache is always whole.
func (b *builder) make(ctx context.Context, c component, folder string) error {
	started := time.Now()
	fmt.Fprintf(b.out, "building %s ... ", c.name)
	if err := os.MkdirAll(b.workspace.Cache, 0o755); err != nil {
		return fmt.Errorf("create cache: %w", err)
	}
	unfinished, err := os.MkdirTemp(b.workspace.Cache, c.name+".unfinished-")
	if err != nil {
		return fmt.Errorf("create cache folder: %w", err)
	}
	defer os.RemoveAll(unfinished)
	for _, p := range c.programs {
		if _, err := b.goCommand(ctx, c, "build", "-trimpath", "-buildvcs=false", "-ldflags="+linkerFlags(c),
			"-o", filepath.Join(unfinished, p.binary), p.source); err != nil {
			return err
		}
	}
	if c.after != nil {
		if err := c.after(ctx, b, c, unfinished); err != nil {
			return err
		}
	}
	if err := os.Rename(unfinished, folder); err != nil {
		return fmt.Errorf("keep what was built: %w", err)
	}
	fmt.Fprintf(b.out, "%s\n", time.Since(started).Round(100*time.Millisecond))
	return nil
}

func linkerFlags(c component) string {
	flags := "-s -w"
	for _, name := range slices.Sorted(maps.Keys(c.variables)) {
		flags += " -X " + name + "=" + c.variables[name]
	}
	return flags
}

// goCommand runs the go tool in the component's module, apart from settings of the caller's shell.
func (b *builder) goCommand(ctx context.Context, c component, args ...string) (string, error) {
	return b.run(ctx, c, "go", args...)
}

func (b *builder) run(ctx context.Context, c component, program string, args ...string) (string, error) {
	command := exec.CommandContext(ctx, program, args...)
	command.Dir = b.workspace.Source(c.module)
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	out, err := command.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return "", fmt.Errorf("%s %s: %w\n%s", filepath.Base(program), args[0], err, exit.Stderr)
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", program, err)
	}
	return string(out), nil
}
