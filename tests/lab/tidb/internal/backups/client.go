// Package backups is a client for the Backups of the TiDB operator, built on the operator's own types.
package backups

import (
	"context"
	"fmt"
	"time"

	"github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/retry"
)

const resource = "backups"

// Client reads and writes Backups. The resource has no status subresource in v1.x of the operator, so that every
// write is an update of the whole object (pingcap/tidb-operator@v1.6.0 manifests/crd.yaml).
type Client struct {
	rest rest.Interface
}

// NewScheme returns a scheme that knows the types of pingcap.com.
func NewScheme() (*runtime.Scheme, error) {
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		return nil, fmt.Errorf("register types of pingcap.com: %w", err)
	}
	return scheme, nil
}

// NewClient connects to a cluster. The user agent of the configuration becomes the field manager of writes.
func NewClient(config *rest.Config) (*Client, error) {
	scheme, err := NewScheme()
	if err != nil {
		return nil, err
	}
	config = rest.CopyConfig(config)
	config.APIPath = "/apis"
	config.GroupVersion = &v1alpha1.SchemeGroupVersion
	config.NegotiatedSerializer = serializer.NewCodecFactory(scheme).WithoutConversion()
	client, err := rest.RESTClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("make client for pingcap.com: %w", err)
	}
	return &Client{rest: client}, nil
}

// Informer watches the Backups of all namespaces, and hands each out again after every resync.
func (c *Client) Informer(resync time.Duration) cache.SharedIndexInformer {
	source := cache.NewListWatchFromClient(c.rest, resource, metav1.NamespaceAll, fields.Everything())
	return cache.NewSharedIndexInformer(source, &v1alpha1.Backup{}, resync,
		cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})
}

// Get reads one Backup.
func (c *Client) Get(ctx context.Context, namespace, name string) (*v1alpha1.Backup, error) {
	backup := &v1alpha1.Backup{}
	err := c.rest.Get().Namespace(namespace).Resource(resource).Name(name).Do(ctx).Into(backup)
	if err != nil {
		return nil, fmt.Errorf("get backup %s/%s: %w", namespace, name, err)
	}
	// A typed client drops the kind of what it reads; references and logs want it.
	backup.SetGroupVersionKind(v1alpha1.SchemeGroupVersion.WithKind(v1alpha1.BackupKind))
	return backup, nil
}

// Change reads the Backup, changes it and writes it as a whole, again after a conflict. change reports whether
// anything is to be written.
func (c *Client) Change(ctx context.Context, namespace, name string, change func(*v1alpha1.Backup) bool) error {
	return retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		backup, err := c.Get(ctx, namespace, name)
		if err != nil || !change(backup) {
			return err
		}
		err = c.rest.Put().Namespace(namespace).Resource(resource).Name(name).Body(backup).Do(ctx).Error()
		if err != nil && !apierrors.IsConflict(err) {
			return fmt.Errorf("update backup %s/%s: %w", namespace, name, err)
		}
		return err
	})
}

// SetCondition records a condition and the phase that goes with it, by the operator's own rule.
func (c *Client) SetCondition(ctx context.Context, namespace, name string, condition v1alpha1.BackupCondition,
	more ...func(*v1alpha1.BackupStatus),
) error {
	return c.Change(ctx, namespace, name, func(backup *v1alpha1.Backup) bool {
		changed := len(more) > 0
		for _, set := range more {
			set(&backup.Status)
		}
		// The rule writes a time into the condition it gets; another try needs a fresh one.
		fresh := condition
		return v1alpha1.UpdateBackupCondition(&backup.Status, &fresh) || changed
	})
}
