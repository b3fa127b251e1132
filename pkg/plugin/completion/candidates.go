package completion

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// patience is how long the cluster may take: whoever pressed <Tab> is waiting.
const patience = 2 * time.Second

// source is where candidates come from.
type source struct {
	*cli.Globals
	open func() (*collect.Collector, error)
}

// opened is a collector for as long as the patience lasts, which contacts no storage.
func (s source) opened(cmd *cobra.Command) (context.Context, context.CancelFunc, *collect.Collector) {
	ctx := cmd.Context()
	if ctx == nil {
		ctx = context.Background()
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	collector, err := s.open()
	if err != nil {
		collector = nil // there is nothing to offer
	}
	return ctx, cancel, collector
}

// words completes one of some words.
func words(all ...string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return startingWith(all, typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// listed completes the last of several words with commas between, each once.
func listed(all ...string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		before, last := "", typed
		if comma := strings.LastIndex(typed, ","); comma >= 0 {
			before, last = typed[:comma+1], typed[comma+1:]
		}
		given := strings.Split(before, ",")
		left := slices.DeleteFunc(slices.Clone(all), func(word string) bool { return slices.Contains(given, word) })
		out := startingWith(left, last)
		for i := range out {
			out[i] = before + out[i]
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
}

// offered completes words that have to be looked up. A failed look offers nothing.
func offered(look func(cmd *cobra.Command) []string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return startingWith(look(cmd), typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// once completes a verb's only argument.
func once(complete cobra.CompletionFunc) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return complete(cmd, args, typed)
	}
}

func folders(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

func files(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveDefault
}

func startingWith(all []string, typed string) []string {
	var out []string
	for _, candidate := range all {
		if strings.HasPrefix(candidate, typed) {
			out = append(out, candidate)
		}
	}
	return out
}
