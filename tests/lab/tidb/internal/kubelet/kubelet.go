// Package kubelet plays the kubelet for the pods of backup and clean-up Jobs: it runs their program for real and
// sets their status from it. All other pods are played by kwok.
package kubelet

import (
	"context"
	"fmt"
	"sync"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/tidb/internal/manager"
)

// podSelector names the pods that this kubelet plays; those of a scheduled Backup have labels of their own.
const podSelector = "app.kubernetes.io/managed-by in (backup-operator, backup-schedule-operator, restore-operator)"

// CleanImagePull is a value of manager.CleanAnnotation: the image of the clean-up cannot be pulled.
const CleanImagePull = "image-pull"

// Program is what runs in the container of a pod.
type Program interface {
	// Run ends with an exit code, early when the context ends.
	Run(ctx context.Context, invocation manager.Invocation) int
}

// Kubelet runs the pods of the lab's nodes.
type Kubelet struct {
	kube    kubernetes.Interface
	dynamic dynamic.Interface
	events  record.EventRecorder
	program Program
	// logs is the folder of the containers' logs.
	logs string

	mutex   sync.Mutex
	running map[types.UID]context.CancelFunc
}

// New prepares a kubelet that writes the logs of containers into a folder.
func New(config *rest.Config, program Program, logs string) (*Kubelet, error) {
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
	return &Kubelet{
		kube: kube, dynamic: dynamicClient, events: newRecorder(kube), program: program, logs: logs,
		running: map[types.UID]context.CancelFunc{},
	}, nil
}

// Run plays pods until the context ends. It calls ready once it knows them.
func (k *Kubelet) Run(ctx context.Context, ready func()) error {
	factory := informers.NewSharedInformerFactoryWithOptions(k.kube, 0,
		informers.WithTweakListOptions(func(options *metav1.ListOptions) { options.LabelSelector = podSelector }))
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
	return nil
}

// see starts a pod that was given to a node. One that this kubelet has started already, or that has ended, is left.
func (k *Kubelet) see(ctx context.Context, object any) {
	pod, ok := object.(*corev1.Pod)
	if !ok || pod.Spec.NodeName == "" || pod.DeletionTimestamp != nil || hasEnded(pod) {
		return
	}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if _, started := k.running[pod.UID]; started {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	k.running[pod.UID] = cancel
	go k.play(ctx, pod.DeepCopy())
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
	if cancel, started := k.running[pod.UID]; started {
		cancel()
		delete(k.running, pod.UID)
	}
}

func hasEnded(pod *corev1.Pod) bool {
	return pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
}
