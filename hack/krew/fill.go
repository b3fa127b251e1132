package main

import (
	"fmt"
	"path"
	"strings"
)

// fill makes the manifest of a release from the template: its version, the
// plugin's name wherever the template says it, and the checksums of the archives
// as sha256sum lists them. It keeps the template's layout.
func fill(template, version, checksums string) (string, error) {
	name, err := nameOf([]byte(template))
	if err != nil {
		return "", err
	}
	sums := map[string]string{}
	for line := range strings.Lines(checksums) {
		if sum, file, ok := strings.Cut(strings.TrimSpace(line), "  "); ok {
			sums[file] = sum
		}
	}
	replace := strings.NewReplacer(
		"v0.0.0", version,
		"/kubectl-"+templateName+"_", "/kubectl-"+name+"_",
		"bin: "+programOf(templateName), "bin: "+programOf(name),
		"kubectl "+templateName+" ", "kubectl "+name+" ",
	)
	var out strings.Builder
	archive, filled := "", 0
	for line := range strings.Lines(template) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		line = replace.Replace(line)
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch {
		case key == "uri":
			archive = path.Base(value)
		case key == "sha256" && sums[archive] != "":
			line = strings.Replace(line, value, `"`+sums[archive]+`"`, 1)
			filled++
		}
		out.WriteString(line)
	}
	if checksums != "" && filled == 0 {
		return "", fmt.Errorf("none of its archives has a checksum")
	}
	return out.String(), nil
}
