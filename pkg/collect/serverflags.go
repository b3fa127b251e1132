package collect

import (
	"context"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// serverFlags are the flags that the server of a backup system in a namespace was
// started with, without their dashes; one without a value is "true". It is empty
// where no server is there.
func (c *Collector) serverFlags(ctx context.Context, namespace string) (map[string]string, error) {
	flags := map[string]string{}
	err := c.list(ctx, deployments, namespace, cluster.ListOptions{}, func(item map[string]any) error {
		for _, container := range items(item, "spec", "template", "spec", "containers") {
			if nested(container, "name") != serverContainer {
				continue
			}
			command, _, _ := unstructured.NestedStringSlice(container, "command")
			args, _, _ := unstructured.NestedStringSlice(container, "args")
			readFlags(flags, slices.Concat(command, args))
		}
		return nil
	})
	return flags, err
}

// readFlags reads "--name=value", "--name value" and "--name".
func readFlags(into map[string]string, words []string) {
	for i, word := range words {
		name, isFlag := strings.CutPrefix(word, "--")
		if !isFlag {
			continue
		}
		name, value, has := strings.Cut(name, "=")
		switch {
		case has:
		case i+1 < len(words) && !strings.HasPrefix(words[i+1], "-"):
			value = words[i+1]
		default:
			value = "true"
		}
		into[name] = value
	}
}
