// Package cli holds what the verbs share: the streams, the global flags, and
// the registry, cluster and collector that are made from them.
package cli

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/term"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/cli-runtime/pkg/printers"

	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// Name is how all texts call the command. A program that is installed under
// another name, for which `name` in krew-manifest.yaml is the place, says that
// one instead: see pkg/plugin/name.go.
const Name = "kubectl backup"

// Program is the file name under which kubectl finds the plugin as [Name].
const Program = "kubectl-backup"

// Globals are the flags that every verb has, and where it reads and prints.
type Globals struct {
	genericiooptions.IOStreams
	Config *genericclioptions.ConfigFlags
	// Program is the file name of the plugin, without .exe.
	Program string

	Color         string
	UTC           bool
	Quiet         bool
	SystemFiles   []string
	TrustProfiles []string

	options cluster.Options

	Now    func() time.Time
	Getenv func(string) string
	Home   string
}

// NewGlobals makes the globals of one run of the command.
func NewGlobals(streams genericiooptions.IOStreams, userAgent string) *Globals {
	home, _ := os.UserHomeDir() // without a home there are no user profiles
	config := genericclioptions.NewConfigFlags(true).WithDiscoveryBurst(300).WithDiscoveryQPS(50)
	return &Globals{IOStreams: streams, Config: config, Program: Program, options: cluster.Options{UserAgent: userAgent}, Color: "auto", Now: time.Now, Getenv: os.Getenv, Home: home}
}

// AddFlags adds the global flags.
func (g *Globals) AddFlags(flags *pflag.FlagSet) {
	g.Config.AddFlags(flags)
	flags.AddFlag(verbosity())
	flags.StringVar(&g.Color, "color", g.Color, "When to colour the output: auto, always or never. NO_COLOR is honoured.")
	flags.BoolVar(&g.UTC, "utc", g.UTC, "Print times in UTC instead of the local zone.")
	flags.BoolVarP(&g.Quiet, "quiet", "q", g.Quiet, "Print no hints and no summary lines.")
	flags.StringSliceVar(&g.SystemFiles, "system-file", g.SystemFiles, "Read a profile of a backup system from this file, beside the built-in ones and those under ~/.kube/backup/systems.")
	flags.StringSliceVar(&g.TrustProfiles, "trust-profile", g.TrustProfiles, "Let the profile of this name, read from a file, open the gate for finalizers that a built-in profile guards.")
}

// Validate refuses a word that a global flag does not know.
func (g *Globals) Validate() error {
	if !slices.Contains([]string{"auto", "always", "never"}, g.Color) {
		return &UsageError{Text: fmt.Sprintf("--color=%s is not one of auto, always, never", g.Color)}
	}
	return nil
}

// Registry loads the built-in profiles and those of the user.
func (g *Globals) Registry() (*system.Registry, error) {
	return system.Load(system.Options{
		Files: g.SystemFiles, Dir: filepath.Join(g.Home, ".kube", "backup", "systems"), Trust: g.TrustProfiles,
	})
}

// Live connects to the cluster of the kubeconfig; nothing is sent before it is used.
func (g *Globals) Live() (*cluster.Live, error) { return cluster.NewLive(g.Config, g.options) }

// ClusterOptions are how the cluster is spoken to.
func (g *Globals) ClusterOptions() cluster.Options { return g.options }

// Collector reads from the live cluster and from storage as the options say;
// without options storage is never contacted.
func (g *Globals) Collector(storage *collect.StorageOptions) (*collect.Collector, *cluster.Live, error) {
	registry, err := g.Registry()
	if err != nil {
		return nil, nil, err
	}
	live, err := g.Live()
	if err != nil {
		return nil, nil, err
	}
	sources := collect.Sources{Cluster: live, Registry: registry, Now: g.Now}
	if storage != nil {
		sources.Storage = g.liveStorage(live, *storage)
	}
	return collect.New(sources), live, nil
}

// credentialsFile reads the person's own shared credentials file.
func (g *Globals) credentialsFile() ([]byte, error) {
	name := g.Getenv("AWS_SHARED_CREDENTIALS_FILE")
	if name == "" {
		name = filepath.Join(g.Home, ".aws", "credentials")
	}
	return os.ReadFile(name)
}

// environmentProxy is the proxy that HTTPS_PROXY and its kin name for a URL.
func environmentProxy(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return ""
	}
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: u})
	if err != nil || proxy == nil {
		return ""
	}
	return proxy.String()
}

// Scope is the namespace in which names are looked for.
func (g *Globals) Scope() (collect.Scope, error) {
	namespace, _, err := g.Config.ToRawKubeConfigLoader().Namespace()
	explicit := g.Config.Namespace != nil && *g.Config.Namespace != ""
	if err != nil {
		return collect.Scope{}, &HintedError{Err: fmt.Errorf("read the kubeconfig: %w", err), Hint: "'kubectl config get-contexts' lists the contexts of the kubeconfig"}
	}
	return collect.Scope{Namespace: namespace, Explicit: explicit}, nil
}

// Style is how a stream is printed to: colours, width and zone.
func (g *Globals) Style(w io.Writer) render.Style {
	w = stream(w)
	style := render.Style{Now: g.Now(), Zone: time.Local}
	if g.UTC {
		style.Zone = time.UTC
	}
	switch g.Color {
	case "always":
		style.Color = true
	case "auto":
		style.Color = printers.AllowsColorOutput(w)
	}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			style.Width = width
		}
	}
	return style
}

// Interactive tells whether a question can be asked and answered.
func (g *Globals) Interactive() bool {
	return isTerminal(g.In) && isTerminal(stream(g.Out)) && isTerminal(stream(g.ErrOut))
}
