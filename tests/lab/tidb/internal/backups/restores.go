package backups

import (
	"context"
	"fmt"
	"time"

	"github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/retry"
)

const restores = "restores"

// RestoreInformer watches the Restores of all namespaces, and hands each out again after every resync.
func (c *Client) RestoreInformer(resync time.Duration) cache.SharedIndexInformer {
	source := cache.NewListWatchFromClient(c.rest, restores, metav1.NamespaceAll, fields.Everything())
	return cache.NewSharedIndexInformer(source, &v1alpha1.Restore{}, resync, cache.Indexers{})
}

// Restore reads one Restore.
func (c *Client) Restore(ctx context.Context, namespace, name string) (*v1alpha1.Restore, error) {
	restore := &v1alpha1.Restore{}
	if err := c.rest.Get().Namespace(namespace).Resource(restores).Name(name).Do(ctx).Into(restore); err != nil {
		return nil, fmt.Errorf("get restore %s/%s: %w", namespace, name, err)
	}
	restore.SetGroupVersionKind(v1alpha1.SchemeGroupVersion.WithKind(v1alpha1.RestoreKind))
	return restore, nil
}

// HasCluster tells whether there is a TidbCluster of that name; an error is one of the API.
func (c *Client) HasCluster(ctx context.Context, namespace, name string) (bool, error) {
	err := c.rest.Get().Namespace(namespace).Resource("tidbclusters").Name(name).Do(ctx).Error()
	if apierrors.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// SetRestoreCondition records a condition and the phase that goes with it, by the operator's own rule.
func (c *Client) SetRestoreCondition(ctx context.Context, namespace, name string, condition v1alpha1.RestoreCondition,
	more ...func(*v1alpha1.RestoreStatus),
) error {
	return retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		restore, err := c.Restore(ctx, namespace, name)
		if err != nil {
			return err
		}
		for _, set := range more {
			set(&restore.Status)
		}
		fresh := condition
		if !v1alpha1.UpdateRestoreCondition(&restore.Status, &fresh) && len(more) == 0 {
			return nil
		}
		return c.rest.Put().Namespace(namespace).Resource(restores).Name(name).Body(restore).Do(ctx).Error()
	})
}
