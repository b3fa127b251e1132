// Package mover stands in for the programs that move the data of volumes: Velero's node-agent and the daemons of the
// vSphere plugin. It moves no data: it drives DataUploads, PodVolumeBackups, Uploads and their like through the phases
// that their annotations ask for, keeps their finalizers as the real controllers do, and writes the real log lines
// into the logs of the pods that would have done it. While no such pod runs it does nothing, and what waits for it hangs.
package mover

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/velero/internal/crilog"
)

const workers = 4

// item is an object to look at.
type item struct {
	kind *kind
	key  string
}

// Mover drives the objects of all its kinds.
type Mover struct {
	kube    kubernetes.Interface
	dynamic dynamic.Interface
	logs    string
	kinds   []*kind
	stores  map[*kind]cache.SharedIndexInformer
	pods    corelisters.PodLister
	queue   workqueue.TypedRateLimitingInterface[item]

	mutex sync.Mutex
	// due says when an object's next step comes, by its UID and version of the phases.
	due   map[string]time.Time
	files map[types.UID]*crilog.File
}

// New prepares a mover that writes the logs of its pods into a folder.
func New(config *rest.Config, logs string) (*Mover, error) {
	config = rest.CopyConfig(config)
	config.UserAgent = "node-agent-server/v1.18.3"
	kube, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("make client: %w", err)
	}
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("make client: %w", err)
	}
	return &Mover{
		kube: kube, dynamic: client, logs: filepath.Clean(logs), kinds: kinds(),
		stores: map[*kind]cache.SharedIndexInformer{}, due: map[string]time.Time{}, files: map[types.UID]*crilog.File{},
		queue: workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[item]()),
	}, nil
}

// Run drives objects until the context ends. It calls ready once it knows them.
func (m *Mover) Run(ctx context.Context, ready func()) error {
	factory := dynamicinformer.NewDynamicSharedInformerFactory(m.dynamic, 0)
	for _, k := range m.kinds {
		informer := factory.ForResource(k.resource).Informer()
		if _, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc:    func(object any) { m.enqueue(k, object) },
			UpdateFunc: func(_, object any) { m.enqueue(k, object) },
		}); err != nil {
			return fmt.Errorf("watch %s: %w", k.resource.Resource, err)
		}
		m.stores[k] = informer
	}
	podFactory := informers.NewSharedInformerFactory(m.kube, 0)
	m.pods = podFactory.Core().V1().Pods().Lister()
	pods := podFactory.Core().V1().Pods().Informer()
	if _, err := pods.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { m.podChanged(ctx, object) },
		UpdateFunc: func(_, object any) { m.podChanged(ctx, object) },
	}); err != nil {
		return fmt.Errorf("watch pods: %w", err)
	}
	podFactory.Start(ctx.Done())
	if !cache.WaitForCacheSync(ctx.Done(), pods.HasSynced) {
		return fmt.Errorf("cannot watch pods")
	}
	factory.Start(ctx.Done())
	for k, informer := range m.stores {
		if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
			return fmt.Errorf("cannot watch %s", k.resource.Resource)
		}
	}
	ready()
	for range workers {
		go m.work(ctx)
	}
	<-ctx.Done()
	m.queue.ShutDown()
	return nil
}

func (m *Mover) enqueue(k *kind, object any) {
	if key, err := cache.MetaNamespaceKeyFunc(object); err == nil {
		m.queue.Add(item{k, key})
	}
}

// podChanged has everything looked at again when a pod that moves data begins to run.
func (m *Mover) podChanged(ctx context.Context, object any) {
	pod, ok := object.(*corev1.Pod)
	if !ok || !running(pod) || !speaks(pod) {
		return
	}
	if started := m.startLog(ctx, pod); !started {
		return
	}
	for k, informer := range m.stores {
		if k.agent == pod.Labels["name"] {
			for _, object := range informer.GetStore().List() {
				m.enqueue(k, object)
			}
		}
	}
}

func (m *Mover) work(ctx context.Context) {
	for {
		next, shutdown := m.queue.Get()
		if shutdown {
			return
		}
		after, err := m.sync(ctx, next)
		switch {
		case err != nil && ctx.Err() == nil:
			m.queue.AddRateLimited(next)
		case after > 0:
			m.queue.AddAfter(next, after)
		default:
			m.queue.Forget(next)
		}
		m.queue.Done(next)
	}
}

// agentOf is the pod that would act for the object: on the node of its volume when it names one.
func (m *Mover) agentOf(k *kind, object *unstructured.Unstructured) *corev1.Pod {
	namespace := object.GetNamespace()
	if k.anywhere {
		namespace = corev1.NamespaceAll
	}
	node, _, _ := unstructured.NestedString(object.Object, "spec", "node")
	pods, err := m.pods.Pods(namespace).List(labels.SelectorFromSet(labels.Set{"name": k.agent}))
	if err != nil {
		return nil
	}
	var found *corev1.Pod
	for _, pod := range pods {
		if running(pod) && (node == "" || node == pod.Spec.NodeName) && (found == nil || pod.Name < found.Name) {
			found = pod
		}
	}
	return found
}

func running(pod *corev1.Pod) bool {
	return pod.Status.Phase == corev1.PodRunning && pod.DeletionTimestamp == nil
}
