package completion

import (
	"maps"
	"slices"

	"github.com/spf13/cobra"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
)

// namespaces are those of the cluster.
func (s source) namespaces(cmd *cobra.Command) []string {
	ctx, cancel, collector := s.opened(cmd)
	defer cancel()
	if collector == nil {
		return nil
	}
	var out []string
	served := backup.Served{Version: "v1", Resource: "namespaces", Kind: "Namespace"}
	err := collector.Cluster.List(ctx, served, "", cluster.ListOptions{Metadata: true}, func(item map[string]any) error {
		metadata, _ := item["metadata"].(map[string]any)
		if name, ok := metadata["name"].(string); ok {
			out = append(out, name)
		}
		return nil
	})
	if err != nil { // half of the namespaces would look like all of them
		return nil
	}
	return out
}

// kubeconfig are names from the kubeconfig file.
func (s source) kubeconfig(names func(api.Config) []string) cobra.CompletionFunc {
	return offered(func(*cobra.Command) []string {
		config, err := s.Config.ToRawKubeConfigLoader().RawConfig()
		if err != nil {
			return nil
		}
		return names(config)
	})
}

func contexts(c api.Config) []string { return slices.Sorted(maps.Keys(c.Contexts)) }
func clusters(c api.Config) []string { return slices.Sorted(maps.Keys(c.Clusters)) }
func users(c api.Config) []string    { return slices.Sorted(maps.Keys(c.AuthInfos)) }

// systems are the backup systems that have a profile.
func (s source) systems(*cobra.Command) []string {
	registry, err := s.Registry()
	if err != nil {
		return nil
	}
	var out []string
	for _, system := range registry.Systems() {
		out = append(out, cobra.CompletionWithDesc(system.Name, system.Source+", "+system.Status))
	}
	return out
}

// codes are the findings.
func codes(*cobra.Command) []string {
	var out []string
	for _, code := range diagnose.Codes() {
		out = append(out, cobra.CompletionWithDesc(code.Code, code.Title))
	}
	return out
}

// entries are those of the journal, the latest first.
func (s source) entries(cmd *cobra.Command) []string {
	entries, err := s.Journal(flag(cmd, "journal-dir")).List()
	if err != nil {
		return nil
	}
	var out []string
	for _, entry := range entries {
		out = append(out, cobra.CompletionWithDesc(entry.ID, entry.State+", "+entry.Target.Human()))
	}
	return out
}
