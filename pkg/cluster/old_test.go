package cluster_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster/clustertest"
)

// versions are those of a resource, the preferred one first.
func versions(all []backup.Served, group, resource string) []string {
	var out []string
	for _, s := range all {
		if s.Group == group && s.Resource == resource {
			out = append(out, s.Version)
		}
	}
	return out
}

func TestDiscoverOldServers(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]map[string][]string{
		"1.16": {
			"policy poddisruptionbudgets": {"v1beta1"}, "batch cronjobs": {"v1beta1"}, "discovery.k8s.io endpointslices": nil,
			"events.k8s.io events": {"v1beta1"}, "networking.k8s.io ingresses": {"v1beta1"}, "extensions ingresses": {"v1beta1"},
		},
		"1.19": {
			"policy poddisruptionbudgets": {"v1beta1"}, "batch cronjobs": {"v1beta1"}, "discovery.k8s.io endpointslices": {"v1beta1"},
			"events.k8s.io events": {"v1", "v1beta1"}, "networking.k8s.io ingresses": {"v1", "v1beta1"}, "extensions ingresses": {"v1beta1"},
		},
		"1.21": {
			"policy poddisruptionbudgets": {"v1", "v1beta1"}, "batch cronjobs": {"v1", "v1beta1"}, "discovery.k8s.io endpointslices": {"v1", "v1beta1"},
			"events.k8s.io events": {"v1", "v1beta1"}, "networking.k8s.io ingresses": {"v1", "v1beta1"}, "extensions ingresses": {"v1beta1"},
		},
	} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			served, gaps, err := clustertest.Server(t, version, cluster.Options{}).Discover(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			// In all of them, and what this program reads by a fixed version.
			for _, name := range []string{
				" pods v1", " namespaces v1", " services v1", " endpoints v1", " nodes v1", " events v1", "apps deployments v1", "apps daemonsets v1", "batch jobs v1",
				"coordination.k8s.io leases v1", "apiregistration.k8s.io apiservices v1", "apiextensions.k8s.io customresourcedefinitions v1",
				"admissionregistration.k8s.io validatingwebhookconfigurations v1", "admissionregistration.k8s.io mutatingwebhookconfigurations v1",
				"authorization.k8s.io selfsubjectaccessreviews v1", "authorization.k8s.io subjectaccessreviews v1", "storage.k8s.io volumeattachments v1",
				"pingcap.com backups v1alpha1", "example.com things v1",
			} {
				group, resource, wanted := words(name)
				if got := versions(served, group, resource); len(got) == 0 || got[0] != wanted {
					t.Errorf("%s %s is served in %v; want %s first", group, resource, got, wanted)
				}
			}
			for name, wanted := range want {
				group, resource, _ := words(name)
				if got := versions(served, group, resource); !slices.Equal(got, wanted) {
					t.Errorf("%s is served in %v; want %v", name, got, wanted)
				}
			}
			for _, s := range served {
				if s.Kind == "" || len(s.Verbs) == 0 {
					t.Errorf("%+v has no kind or no verbs", s)
				}
			}
			// A group whose server is down, and nothing that such a server cannot have.
			if len(gaps) != 1 || gaps[0].Group != "metrics.k8s.io" || gaps[0].Lookup != backup.Failed {
				t.Errorf("gaps %+v; want one, for the metrics", gaps)
			}
		})
	}
	if got := clustertest.Versions(); !slices.Equal(got, []string{"1.16", "1.19", "1.21"}) {
		t.Errorf("there are recordings of %v", got)
	}
}

// words are group, resource and version of "apps deployments v1".
func words(text string) (group, resource, version string) {
	group, rest, _ := strings.Cut(text, " ")
	resource, version, _ = strings.Cut(rest, " ")
	return group, resource, version
}
