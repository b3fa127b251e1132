package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"sigs.k8s.io/yaml"
)

// templateName is the name that the texts of the template say.
const templateName = "backup"

// nameForm is what krew's naming guide asks for, and what kubectl can look up.
var nameForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// nameOf is the plugin's name: the only place that says it.
func nameOf(template []byte) (string, error) {
	var m manifest
	if err := yaml.UnmarshalStrict(template, &m); err != nil {
		return "", err
	}
	name := m.Metadata.Name
	switch {
	case !nameForm.MatchString(name):
		return "", fmt.Errorf("metadata.name %q is not lower-case words with dashes between", name)
	case strings.HasPrefix(name, "kube"):
		return "", errors.New("metadata.name begins with kube, which every plugin's would")
	}
	return name, nil
}

// programOf is the file name under which kubectl finds the plugin of a name: it
// reads a dash as a blank, and an underscore as a dash.
func programOf(name string) string { return "kubectl-" + strings.ReplaceAll(name, "-", "_") }
