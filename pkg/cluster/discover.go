package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Discover asks the server and no cache: two requests since Kubernetes 1.26, one
// for each group version before. kubectl's cache on disk lives for six hours,
// in which a backup system that was just installed would not exist, and it
// drops groups that the server reports as failing.
func (l *Live) Discover(ctx context.Context) ([]backup.Served, []backup.Gap, error) {
	config := rest.CopyConfig(l.config)
	client, err := discovery.NewDiscoveryClientForConfigAndClient(config, l.http)
	if err != nil {
		return nil, nil, fmt.Errorf("prepare discovery: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, l.options.ListTimeout)
	defer cancel()
	groups, lists, err := client.ServerGroupsAndResourcesWithContext(ctx)
	failures, partial := discovery.GroupDiscoveryFailedErrorGroups(err)
	if err != nil && (!partial || len(lists) == 0) {
		return nil, nil, &Error{What: "discover what the server serves", Err: worded(err)}
	}
	return servedOf(groups, lists), gapsOf(failures), nil
}

// worded says what the server answered. The discovery client of client-go cannot
// read the words of a Status and has "unknown" instead
// (k8s.io/client-go@v0.37.2 discovery/discovery_client.go setDiscoveryDefaults).
func worded(err error) error {
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		return err
	}
	return fmt.Errorf("the server answered %d %s: %w", status.Status().Code, status.Status().Reason, err)
}

func servedOf(groups []*metav1.APIGroup, lists []*metav1.APIResourceList) []backup.Served {
	preferred := map[string]bool{}
	for _, group := range groups {
		preferred[group.PreferredVersion.GroupVersion] = true
	}
	var out []backup.Served
	for _, list := range lists {
		gv, err := schema.ParseGroupVersion(list.GroupVersion)
		if err != nil {
			continue
		}
		for _, r := range list.APIResources {
			if strings.Contains(r.Name, "/") {
				continue // a subresource
			}
			out = append(out, backup.Served{
				Group: gv.Group, Version: gv.Version, Resource: r.Name, Kind: r.Kind, Singular: r.SingularName,
				ShortNames: r.ShortNames, Namespaced: r.Namespaced, Verbs: r.Verbs, Preferred: preferred[list.GroupVersion],
			})
		}
	}
	slices.SortStableFunc(out, func(a, b backup.Served) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Resource, b.Resource), cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Version, b.Version))
	})
	return out
}

// rank puts the preferred version first.
func rank(s backup.Served) int {
	if s.Preferred {
		return 0
	}
	return 1
}

func gapsOf(failures map[schema.GroupVersion]error) []backup.Gap {
	var gaps []backup.Gap
	for gv, err := range failures {
		gaps = append(gaps, backup.Gap{What: "resources of " + gv.String(), Why: err.Error(), Lookup: Lookup(err), Group: gv.Group})
	}
	slices.SortFunc(gaps, func(a, b backup.Gap) int { return cmp.Compare(a.What, b.What) })
	return gaps
}
