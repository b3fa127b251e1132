// Package snapshot stands in for a CSI driver and the controllers around it: it binds VolumeSnapshots of the driver
// csi.lab.kubectl-backup.dev to VolumeSnapshotContents, makes them ready, and keeps their finalizers as
// snapshot-controller and the csi-snapshotter sidecar do. Objects of other drivers it leaves alone. No data is copied.
package snapshot

import (
	"context"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
)

// Driver is the name of the CSI driver that is played.
const Driver = "csi.lab.kubectl-backup.dev"

// Annotation on a VolumeSnapshot, a VolumeSnapshotContent or the namespace of the former chooses how it goes.
const Annotation = "lab.kubectl-backup.dev/snapshot"

// Values of Annotation.
const (
	// Hang leaves everything about the object undone.
	Hang = "hang"
	// Fail reports an error in the place of a snapshot.
	Fail = "fail"
	// KeepContent makes the snapshot, but does not let go of the content when it is deleted.
	KeepContent = "keep-content"
)

// Finalizers of the snapshot controllers: github.com/kubernetes-csi/external-snapshotter/v8 pkg/utils/util.go.
const (
	boundFinalizer   = "snapshot.storage.kubernetes.io/volumesnapshot-bound-protection"
	sourceFinalizer  = "snapshot.storage.kubernetes.io/volumesnapshot-as-source-protection"
	contentFinalizer = "snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection"
)

func resource(name string) schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "snapshot.storage.k8s.io", Version: "v1", Resource: name}
}

// Controller plays the driver.
type Controller struct {
	kube      kubernetes.Interface
	dynamic   dynamic.Interface
	snapshots cache.SharedIndexInformer
	contents  cache.SharedIndexInformer
	classes   cache.SharedIndexInformer
	queue     workqueue.TypedRateLimitingInterface[string]
}

// New prepares the controller.
func New(config *rest.Config) (*Controller, error) {
	config = rest.CopyConfig(config)
	config.UserAgent = "snapshot-controller/v8.6.0"
	kube, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("make client: %w", err)
	}
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("make client: %w", err)
	}
	return &Controller{
		kube: kube, dynamic: client,
		queue: workqueue.NewTypedRateLimitingQueue(workqueue.NewTypedItemExponentialFailureRateLimiter[string](200*time.Millisecond, 5*time.Second)),
	}, nil
}

// Run plays until the context ends. It calls ready once it knows the snapshots.
func (c *Controller) Run(ctx context.Context, ready func()) error {
	factory := dynamicinformer.NewDynamicSharedInformerFactory(c.dynamic, 0)
	c.snapshots = factory.ForResource(resource("volumesnapshots")).Informer()
	c.contents = factory.ForResource(resource("volumesnapshotcontents")).Informer()
	c.classes = factory.ForResource(resource("volumesnapshotclasses")).Informer()
	for _, informer := range []cache.SharedIndexInformer{c.snapshots, c.contents} {
		if _, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc: c.enqueue, UpdateFunc: func(_, object any) { c.enqueue(object) }, DeleteFunc: c.enqueue,
		}); err != nil {
			return fmt.Errorf("watch snapshots: %w", err)
		}
	}
	factory.Start(ctx.Done())
	for _, informer := range []cache.SharedIndexInformer{c.snapshots, c.contents, c.classes} {
		if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
			return fmt.Errorf("cannot watch snapshots")
		}
	}
	ready()
	go c.work(ctx)
	<-ctx.Done()
	c.queue.ShutDown()
	return nil
}

// enqueue has an object looked at, and the snapshot that a content belongs to.
func (c *Controller) enqueue(object any) {
	key, err := cache.DeletionHandlingMetaNamespaceKeyFunc(object)
	if err != nil {
		return
	}
	c.queue.Add(key)
	if content, ok := object.(*unstructured.Unstructured); ok && content.GetKind() == "VolumeSnapshotContent" {
		namespace, _, _ := unstructured.NestedString(content.Object, "spec", "volumeSnapshotRef", "namespace")
		name, _, _ := unstructured.NestedString(content.Object, "spec", "volumeSnapshotRef", "name")
		c.queue.Add(namespace + "/" + name)
	}
}

func (c *Controller) work(ctx context.Context) {
	for {
		key, shutdown := c.queue.Get()
		if shutdown {
			return
		}
		if err := c.sync(ctx, key); err != nil && ctx.Err() == nil {
			c.queue.AddRateLimited(key)
		} else {
			c.queue.Forget(key)
		}
		c.queue.Done(key)
	}
}

// sync looks at a VolumeSnapshot, whose key has a namespace, or at a VolumeSnapshotContent.
func (c *Controller) sync(ctx context.Context, key string) error {
	namespace, _, err := cache.SplitMetaNamespaceKey(key)
	if err != nil {
		return err
	}
	store, act := c.contents.GetStore(), c.syncContent
	if namespace != "" {
		store, act = c.snapshots.GetStore(), c.syncSnapshot
	}
	found, exists, err := store.GetByKey(key)
	if err != nil || !exists {
		return err
	}
	return act(ctx, found.(*unstructured.Unstructured).DeepCopy())
}
