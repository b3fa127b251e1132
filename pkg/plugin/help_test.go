package plugin

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"k8s.io/cli-runtime/pkg/genericiooptions"
)

func TestWordsThatAreNoCommands(t *testing.T) {
	tests := map[string]struct {
		args string
		code int
		want string
	}{
		"near a verb":            {"gte", 1, "hint: did you mean 'kubectl backup get'?"},
		"near a verb of a group": {"systems lst", 1, "hint: did you mean 'kubectl backup systems list'?"},
		"near nothing":           {"frobnicate", 1, "hint: see 'kubectl backup --help' for its commands"},
		"help of nothing":        {"help frobnicate", 1, `error: unknown command "frobnicate"`},
		"help of a verb":         {"help systems show", 0, "kubectl backup systems show NAME"},
		"argument for none":      {"version now", 1, `error: "now": 'kubectl backup version' takes no arguments`},
		"too many arguments":     {"explain a b", 1, "hint: see 'kubectl backup explain --help'"},
		"colour of no name":      {"version --color=blue", 1, "error: --color=blue is not one of auto, always, never"},
		"names with a comma":     {"get backups,schedules", 1, "separate names by spaces"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Setenv("KUBECONFIG", "/nonexistent")
			var out bytes.Buffer
			code := Run(context.Background(), strings.Fields(test.args), genericiooptions.IOStreams{In: strings.NewReader(""), Out: &out, ErrOut: &out})
			if code != test.code || !strings.Contains(out.String(), test.want) {
				t.Errorf("exit code %d, want %d; no %q in:\n%s", code, test.code, test.want, out.String())
			}
		})
	}
}
