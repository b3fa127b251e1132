// Package kubelet plays the kubelet for the pods of Velero servers, whose program it runs for real, and for restored
// pods that wait in Velero's init container. All other pods are played by kwok.
package kubelet

import (
	"context"
	"fmt"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"
)

// KillAnnotation on the pod of a server ends its program like a lack of memory does, each time that its value changes.
const KillAnnotation = "lab.kubectl-backup.dev/kill"

// Options say where things are beside the cluster.
type Options struct {
	// Kubeconfig is what a server uses instead of its ServiceAccount.
	Kubeconfig string
	// Program is Velero, and Plugins the folder of its plugins.
	Program, Plugins string
	// Pods is a folder for the volumes of containers, and Logs one for their logs.
	Pods, Logs string
	// Proxy is the URL of an HTTP proxy that leads to Services.
	Proxy string
}

// Kubelet runs pods.
type Kubelet struct {
	options Options
	kube    kubernetes.Interface
	dynamic dynamic.Interface
	events  record.EventRecorder

	mutex   sync.Mutex
	running map[types.UID]*play
}

// play is one pod on its node.
type play struct {
	cancel context.CancelFunc
	// kill gets a value each time that the program is to end abruptly.
	kill chan struct{}
	// killed is the last value of KillAnnotation.
	killed string
	done   chan struct{}
}

// New prepares a kubelet.
func New(config *rest.Config, options Options) (*Kubelet, error) {
	config = rest.CopyConfig(config)
	config.UserAgent = "kubelet/v1.36.3"
	kube, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("make client: %w", err)
	}
	dynamicClient, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("make client: %w", err)
	}
	broadcaster := record.NewBroadcaster()
	broadcaster.StartRecordingToSink(&typedcorev1.EventSinkImpl{Interface: kube.CoreV1().Events("")})
	return &Kubelet{
		options: options, kube: kube, dynamic: dynamicClient, running: map[types.UID]*play{},
		events: broadcaster.NewRecorder(scheme.Scheme, corev1.EventSource{Component: "kubelet", Host: "node"}),
	}, nil
}

// Run plays pods until the context ends, and waits for their programs then. It calls ready once it knows the pods.
func (k *Kubelet) Run(ctx context.Context, ready func()) error {
	factory := informers.NewSharedInformerFactory(k.kube, 0)
	pods := factory.Core().V1().Pods().Informer()
	_, err := pods.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { k.see(ctx, object) },
		UpdateFunc: func(_, object any) { k.see(ctx, object) },
		DeleteFunc: k.forget,
	})
	if err != nil {
		return fmt.Errorf("watch pods: %w", err)
	}
	factory.Start(ctx.Done())
	if !cache.WaitForCacheSync(ctx.Done(), pods.HasSynced) {
		return fmt.Errorf("cannot watch pods")
	}
	ready()
	<-ctx.Done()
	k.mutex.Lock()
	defer k.mutex.Unlock()
	for _, p := range k.running {
		<-p.done
	}
	return nil
}

// see starts a pod that was given to a node, unless this kubelet plays it already.
func (k *Kubelet) see(ctx context.Context, object any) {
	pod, ok := object.(*corev1.Pod)
	if !ok || pod.Spec.NodeName == "" || pod.DeletionTimestamp != nil {
		return
	}
	var start func(context.Context, *corev1.Pod, *play)
	switch {
	case isServer(pod):
		start = k.playServer
	case waitsForRestore(pod) && pod.Status.Phase == corev1.PodPending:
		start = k.playRestored
	}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if p, known := k.running[pod.UID]; known {
		p.obey(pod.Annotations[KillAnnotation])
		return
	}
	if start == nil || ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	p := &play{cancel: cancel, kill: make(chan struct{}, 1), killed: pod.Annotations[KillAnnotation], done: make(chan struct{})}
	k.running[pod.UID] = p
	go func() {
		defer close(p.done)
		start(ctx, pod.DeepCopy(), p)
	}()
}

func (p *play) obey(kill string) {
	if kill == p.killed {
		return
	}
	p.killed = kill
	select {
	case p.kill <- struct{}{}:
	default:
	}
}

// forget ends the program of a deleted pod.
func (k *Kubelet) forget(object any) {
	if unknown, ok := object.(cache.DeletedFinalStateUnknown); ok {
		object = unknown.Obj
	}
	pod, ok := object.(*corev1.Pod)
	if !ok {
		return
	}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if p, known := k.running[pod.UID]; known {
		p.cancel()
		delete(k.running, pod.UID)
	}
}

// isServer tells the pod of a Velero server by the label that `velero install` puts on it:
// github.com/vmware-tanzu/velero@v1.18.3 pkg/install/deployment.go.
func isServer(pod *corev1.Pod) bool {
	return pod.Labels["deploy"] == "velero" && len(pod.Spec.Containers) == 1
}
