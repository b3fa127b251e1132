package collect

import (
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// oldGroup is where servers before 1.22 serve objects a second time that have
// moved to a group of their own, such as Ingresses.
// Source: k8s.io/kubernetes@v1.21.14 pkg/kubeapiserver/default_storage_factory_builder.go.
const oldGroup = "extensions"

// distinct are the served resources without those that another group serves
// too: their objects would be counted twice.
func (c *Collector) distinct() []backup.Served {
	return slices.DeleteFunc(slices.Clone(c.served), func(s backup.Served) bool {
		return s.Group == oldGroup && slices.ContainsFunc(c.served, func(o backup.Served) bool {
			return o.Group != oldGroup && o.Resource == s.Resource && o.Kind == s.Kind
		})
	})
}
