package collect

import (
	"context"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// server reads how the program that carries restores out was started, and which
// image its init container has.
func (r *restoreLook) server(ctx context.Context) {
	server := &backup.RestoreServer{}
	var found []map[string]any
	server.Read = r.each(ctx, deployments, r.home, cluster.ListOptions{LabelSelector: "component=velero"}, func(item map[string]any) {
		if hasContainer(item, "velero") {
			found = append(found, item)
		}
	})
	switch {
	case server.Lookup == backup.Found && len(found) == 0:
		server.Lookup = backup.Absent
	case len(found) == 1:
		server.Ref = deployments.Ref(r.home, nested(found[0], "metadata", "name"))
		for _, c := range items(found[0], "spec", "template", "spec", "containers") {
			if nested(c, "name") == "velero" {
				server.Image = nested(c, "image")
				arguments := append(texts(c, "command"), texts(c, "args")...)
				server.Priorities = argument(arguments, "restore-resource-priorities")
				server.AllVersions = strings.Contains(argument(arguments, "features"), "EnableAPIGroupVersions")
			}
		}
	case len(found) > 1:
		server.Lookup, server.Error = backup.Failed, "namespace "+r.home+" has several Deployments of a server"
	}
	r.helper(ctx, server)
	r.look.Server = server
}

// helper reads the image that a ConfigMap names for the init container. Velero
// ignores one without a registry or folder (velero@v1.18.3 pkg/restore/actions/pod_volume_restore_action.go).
func (r *restoreLook) helper(ctx context.Context, server *backup.RestoreServer) {
	for _, selector := range []string{helperPlugin, resticPlugin} {
		seen := r.each(ctx, configMaps, r.home, cluster.ListOptions{LabelSelector: selector}, func(item map[string]any) {
			if image := nested(item, "data", "image"); strings.Contains(image, "/") {
				server.Helper, server.HelperFrom = image, configMaps.Ref(r.home, nested(item, "metadata", "name"))
			}
		})
		if server.HelperRead.Lookup != backup.Failed && server.HelperRead.Lookup != backup.Denied {
			server.HelperRead = seen
		}
	}
}

// argument is the value of a flag, which may be the next argument.
func argument(arguments []string, flag string) string {
	value := ""
	for i, text := range arguments {
		name, joined, has := strings.Cut(strings.TrimLeft(text, "-"), "=")
		switch {
		case name != flag || !strings.HasPrefix(text, "-"):
		case has:
			value = joined
		case i+1 < len(arguments):
			value = arguments[i+1]
		}
	}
	return value
}

// registries counts from which registries running pods have their images.
func (r *restoreLook) registries(ctx context.Context) {
	used := &backup.UsedRegistries{Pods: map[string]int64{}}
	used.Read = r.each(ctx, pods, "", cluster.ListOptions{FieldSelector: "status.phase=Running"}, func(item map[string]any) {
		var own []string
		for _, c := range append(items(item, "spec", "containers"), items(item, "spec", "initContainers")...) {
			own = appendOnce(own, backup.Registry(nested(c, "image")))
		}
		for _, registry := range own {
			used.Pods[registry]++
		}
	})
	r.look.Images = used
}
