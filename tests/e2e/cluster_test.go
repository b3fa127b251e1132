//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
)

// cluster is how the commands of the tests reach the lab. They do it without kubectl:
// what the scripts need before and after them would be half of all programs started.
type cluster struct {
	dynamic.Interface
	mapper meta.RESTMapper
}

func newCluster(kubeconfig string) (*cluster, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	config.QPS = -1 // the server says when it has enough
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	served, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, err
	}
	cached := memory.NewMemCacheClient(served)
	return &cluster{client, restmapper.NewShortcutExpander(restmapper.NewDeferredDiscoveryRESTMapper(cached), cached, nil)}, nil
}

// apply makes objects what the manifest says, as `kubectl apply --server-side` does.
// Those that name no namespace come into the one given.
func (c *cluster) apply(ctx context.Context, manifest, namespace string) error {
	return c.each(manifest, namespace, func(object *unstructured.Unstructured, client dynamic.ResourceInterface) error {
		_, err := client.Apply(ctx, object.GetName(), object, metav1.ApplyOptions{FieldManager: "kubectl", Force: true})
		return err
	})
}

// drop deletes the objects of a manifest, and does not wait for it.
func (c *cluster) drop(ctx context.Context, manifest string) error {
	return c.each(manifest, "", func(object *unstructured.Unstructured, client dynamic.ResourceInterface) error {
		return client.Delete(ctx, object.GetName(), metav1.DeleteOptions{})
	})
}

// each does something with every object of a manifest, and joins the errors.
func (c *cluster) each(manifest, namespace string, do func(*unstructured.Unstructured, dynamic.ResourceInterface) error) error {
	var problems error
	for documents := yaml.NewYAMLOrJSONDecoder(bytes.NewBufferString(manifest), 4096); ; {
		object := &unstructured.Unstructured{}
		if err := documents.Decode(object); errors.Is(err, io.EOF) {
			return problems
		} else if err != nil {
			return err
		}
		if len(object.Object) == 0 {
			continue // there is nothing between two separators
		}
		client, err := c.resource(object, namespace)
		if err == nil {
			err = do(object, client)
		}
		if err != nil {
			problems = errors.Join(problems, fmt.Errorf("%s %s: %w", object.GetKind(), object.GetName(), err))
		}
	}
}

// resource is where the object is written.
func (c *cluster) resource(object *unstructured.Unstructured, namespace string) (dynamic.ResourceInterface, error) {
	kind := object.GroupVersionKind()
	mapping, err := c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if meta.IsNoMatchError(err) { // its definition is new
		meta.MaybeResetRESTMapper(c.mapper)
		mapping, err = c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	}
	if err != nil {
		return nil, err
	}
	if mapping.Scope.Name() == meta.RESTScopeNameRoot {
		return c.Resource(mapping.Resource), nil
	}
	if own := object.GetNamespace(); own != "" {
		namespace = own
	}
	return c.Resource(mapping.Resource).Namespace(namespace), nil
}

// present tells whether an object exists, of a resource as kubectl takes it.
func (c *cluster) present(ctx context.Context, namespace, resource, name string) (bool, error) {
	served, err := c.mapper.ResourceFor(schema.ParseGroupResource(resource).WithVersion(""))
	if err != nil {
		return false, err
	}
	kind, err := c.mapper.KindFor(served)
	if err != nil {
		return false, err
	}
	object := &unstructured.Unstructured{}
	object.SetGroupVersionKind(kind)
	client, err := c.resource(object, namespace)
	if err != nil {
		return false, err
	}
	_, err = client.Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// release drops the finalizers of all objects of a resource in a namespace.
func (c *cluster) release(ctx context.Context, resource schema.GroupVersionResource, namespace string) error {
	client := c.Resource(resource).Namespace(namespace)
	all, err := client.List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	var problems error
	for _, object := range all.Items {
		if len(object.GetFinalizers()) > 0 {
			_, err := client.Patch(ctx, object.GetName(), types.MergePatchType, []byte(`{"metadata":{"finalizers":null}}`), metav1.PatchOptions{})
			problems = errors.Join(problems, err)
		}
	}
	return problems
}
