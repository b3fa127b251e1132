package completion

import (
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// module is in the build information of every build of the plugin.
const module = "github.com/kubectl-backup/kubectl-backup"

// place is where the program goes that kubectl asks for completions.
type place struct {
	plugin    string // the plugin as kubectl finds it, a file or a link
	completer string // what is to be put beside it
	copies    bool   // where links need a right that people do not have
}

// findPlace finds the running plugin on PATH, or where krew keeps its links.
func findPlace(program string, getenv func(string) string) (place, error) {
	self, err := os.Executable()
	if err != nil {
		return place{}, fmt.Errorf("find the running plugin: %w", err)
	}
	file, ending := program, ""
	if runtime.GOOS == "windows" {
		ending = ".exe"
	}
	candidates := []string{}
	if found, err := exec.LookPath(file + ending); err == nil {
		candidates = append(candidates, found)
	}
	if root := getenv("KREW_ROOT"); root != "" {
		candidates = append(candidates, filepath.Join(root, "bin", file+ending))
	}
	for _, candidate := range candidates {
		if sameFile(candidate, self) {
			name := strings.Replace(file, "kubectl-", "kubectl_complete-", 1) + ending
			return place{plugin: candidate, completer: filepath.Join(filepath.Dir(candidate), name), copies: runtime.GOOS == "windows"}, nil
		}
	}
	return place{}, &cli.HintedError{
		Err:  fmt.Errorf("the running plugin is not the %s that kubectl finds on PATH", file),
		Hint: "put " + file + " into a folder of PATH, then run the command again through kubectl",
	}
}

func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	two, err := os.Stat(b)
	return err == nil && os.SameFile(one, two)
}

// install makes the program and says where. What lies there already is kept
// unless it is the plugin's own.
func (p place) install() (string, error) {
	_, err := os.Lstat(p.completer)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return "", fmt.Errorf("look for %s: %w", p.completer, err)
	case p.links():
		return p.completer + " is there already", nil
	case !ours(p.completer):
		return "", &cli.HintedError{Err: fmt.Errorf("%s is there already and is not this plugin's", p.completer), Hint: "look what it is, and remove it if nothing needs it"}
	default:
		if err := os.Remove(p.completer); err != nil {
			return "", fmt.Errorf("replace %s: %w", p.completer, err)
		}
	}
	if p.copies {
		if err := copyFile(p.plugin, p.completer); err != nil {
			return "", fmt.Errorf("copy the plugin to %s: %w", p.completer, err)
		}
		return p.completer + " is now a copy of the plugin; repeat this after each upgrade", nil
	}
	// The link names the plugin's own link, so that it lives through upgrades.
	if err := os.Symlink(filepath.Base(p.plugin), p.completer); err != nil {
		return "", fmt.Errorf("link %s to the plugin: %w", p.completer, err)
	}
	return p.completer + " is now a link to the plugin", nil
}

// links tells whether the link that install makes is there.
func (p place) links() bool {
	target, err := os.Readlink(p.completer)
	return err == nil && !p.copies && target == filepath.Base(p.plugin)
}

// ours tells whether a file is a build of this plugin, or a link to one.
func ours(file string) bool {
	info, err := buildinfo.ReadFile(file)
	return err == nil && info.Main.Path == module && info.Path == module+"/cmd/kubectl-backup"
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755) //nolint:gosec // a program, for everybody who may run the plugin
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
