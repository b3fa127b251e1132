package create

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// ofFile takes spec, labels, annotations, name and namespace of a manifest.
func (o *options) ofFile(ctx context.Context) (base, error) {
	manifest, err := o.manifest()
	if err != nil {
		return base{}, fmt.Errorf("-f %s: %w", o.flags.file, err)
	}
	text := func(path string) string {
		value, _ := compose.Get(manifest, path).(string)
		return value
	}
	kind, err := o.collector.KindNamed(ctx, text("apiVersion"), text("kind"))
	if err != nil {
		return base{}, err
	}
	namespace := text("metadata.namespace")
	switch {
	case kind.Role != o.noun.role:
		return base{}, &cli.UsageError{Text: fmt.Sprintf("-f %s has a %s, and a %s is to be made", o.flags.file, text("kind"), o.noun.role)}
	case namespace != "" && o.scope.Explicit && namespace != o.scope.Namespace:
		return base{}, &cli.UsageError{Text: fmt.Sprintf("-f %s is for the namespace %s, and -n says %s", o.flags.file, namespace, o.scope.Namespace)}
	}
	return base{
		flag: "-f " + o.flags.file, kind: kind, namespace: namespace, name: text("metadata.name"),
		fill: func(object map[string]any) error { return compose.FromManifest(object, manifest) },
	}, nil
}

// manifest reads the one object of the file.
func (o *options) manifest() (map[string]any, error) {
	text, err := o.readFile(o.flags.file)
	if err != nil {
		return nil, err
	}
	var documents []string
	reader := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if value, err := compose.Decode(string(document)); err != nil || value != nil {
			documents = append(documents, string(document))
		}
	}
	if len(documents) != 1 {
		return nil, fmt.Errorf("it has %d objects, and one is made at a time", len(documents))
	}
	value, err := compose.Decode(documents[0])
	if err != nil {
		return nil, err
	}
	manifest, ok := value.(map[string]any)
	if !ok {
		return nil, errors.New("it has no object")
	}
	known := []string{"apiVersion", "kind", "metadata", "spec", "status"}
	for _, key := range slices.Sorted(maps.Keys(manifest)) {
		if !slices.Contains(known, key) {
			return nil, fmt.Errorf("%s is no field that is taken from a file", key)
		}
	}
	return manifest, nil
}

// readFile reads a file that was named on the command line; "-" is stdin.
func (o *options) readFile(file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(o.In)
	}
	return os.ReadFile(file)
}
