package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// manifest has the keys of krew's plugin manifest that this project uses; any
// other key is a mistake (source of the schema: sigs.k8s.io/krew@v0.5.0 pkg/index/types.go).
type manifest struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name string `json:"name"`
	} `json:"metadata"`
	Spec struct {
		Version          string     `json:"version"`
		Homepage         string     `json:"homepage"`
		ShortDescription string     `json:"shortDescription"`
		Description      string     `json:"description"`
		Caveats          string     `json:"caveats"`
		Platforms        []platform `json:"platforms"`
	} `json:"spec"`
}

type platform struct {
	Selector struct {
		MatchLabels struct {
			OS   string `json:"os"`
			Arch string `json:"arch"`
		} `json:"matchLabels"`
	} `json:"selector"`
	URI    string `json:"uri"`
	SHA256 string `json:"sha256"`
	Bin    string `json:"bin"`
}

var (
	built = []string{
		"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64",
	}
	versionForm  = regexp.MustCompile(`^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$`)
	checksumForm = regexp.MustCompile(`^[a-f0-9]{64}$`)
)

// check returns every rule that the manifest breaks, in words.
func check(content []byte) []string {
	var m manifest
	if err := yaml.UnmarshalStrict(content, &m); err != nil {
		return []string{err.Error()}
	}
	var problems []string
	must := func(ok bool, format string, args ...any) {
		if !ok {
			problems = append(problems, fmt.Sprintf(format, args...))
		}
	}
	must(m.APIVersion == "krew.googlecontainertools.github.com/v1alpha2", "apiVersion is %q", m.APIVersion)
	must(m.Kind == "Plugin", "kind is %q", m.Kind)
	name, err := nameOf(content)
	must(err == nil, "%v", err)
	must(versionForm.MatchString(m.Spec.Version), "version %q is not a semantic version with a leading v", m.Spec.Version)
	must(strings.HasPrefix(m.Spec.Homepage, "https://"), "homepage %q is not an https address", m.Spec.Homepage)
	short := m.Spec.ShortDescription
	must(short != "" && !strings.Contains(short, "\n"), "shortDescription is not one line")
	must(len(short) <= 70, "shortDescription has %d characters, at most 70 fit a line of krew search", len(short))

	var seen []string
	for _, p := range m.Spec.Platforms {
		target, archive := p.Selector.MatchLabels.OS+"/"+p.Selector.MatchLabels.Arch, archiveOf(name, m.Spec.Version, p)
		must(!slices.Contains(seen, target), "%s: listed twice", target)
		must(slices.Contains(built, target), "%s: not a platform that is built", target)
		must(strings.HasSuffix(p.URI, archive), "%s: uri does not end in %s", target, archive)
		must(checksumForm.MatchString(p.SHA256), "%s: sha256 is not 64 lower-case hexadecimal digits", target)
		must(p.Bin == binaryOf(name, p), "%s: bin is %q", target, p.Bin)
		seen = append(seen, target)
	}
	for _, target := range built {
		must(slices.Contains(seen, target), "%s: missing", target)
	}
	return problems
}

// archiveOf is the end of a platform's address, as hack/dist.sh names it.
func archiveOf(name, version string, p platform) string {
	labels, ending := p.Selector.MatchLabels, "tar.gz"
	if labels.OS == "windows" {
		ending = "zip"
	}
	return fmt.Sprintf("/%s/kubectl-%s_%s_%s_%s.%s", version, name, version, labels.OS, labels.Arch, ending)
}

func binaryOf(name string, p platform) string {
	if p.Selector.MatchLabels.OS == "windows" {
		return programOf(name) + ".exe"
	}
	return programOf(name)
}
