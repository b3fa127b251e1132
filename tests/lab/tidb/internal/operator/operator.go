// Package operator plays tidb-controller-manager v1.6 for Backups: finalizer, Jobs, conditions, events, lease and log.
// Decisions are those of the operator's own predicates in pkg/apis; sequence and wording follow objects and logs
// recorded from pingcap/tidb-operator@v1.6.1.
package operator

import (
	"context"
	"fmt"
	"time"

	"github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"
	"k8s.io/client-go/util/workqueue"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/tidb/internal/backups"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/tidb/internal/klogline"
)

const (
	// manager is the operator's name in user agent, managed fields, events and lease.
	manager = "tidb-controller-manager"

	// resync is how often the operator looks at every Backup again.
	resync = 30 * time.Second
	// maxRetryDelay keeps the lab quick; the operator's own limit is far longer.
	maxRetryDelay = 5 * time.Second
)

// Operator acts on Backups while its pod runs.
type Operator struct {
	log      klogline.Logger
	backups  *backups.Client
	kube     kubernetes.Interface
	events   record.EventRecorder
	factory  informers.SharedInformerFactory
	informer cache.SharedIndexInformer
	queue    workqueue.RateLimitingInterface
	presence *presence
	restores *restores
}

// New prepares an operator that logs in klog's form.
func New(config *rest.Config, log klogline.Logger) (*Operator, error) {
	config = rest.CopyConfig(config)
	config.UserAgent = manager + "/v1.6.1"
	kube, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("make client: %w", err)
	}
	client, err := backups.NewClient(config)
	if err != nil {
		return nil, err
	}
	recorder, err := newRecorder(kube, log)
	if err != nil {
		return nil, err
	}
	limiter := workqueue.NewItemExponentialFailureRateLimiter(200*time.Millisecond, maxRetryDelay)
	o := &Operator{
		log:      log,
		backups:  client,
		kube:     kube,
		events:   recorder,
		factory:  informers.NewSharedInformerFactory(kube, 0),
		informer: client.Informer(resync),
		queue:    workqueue.NewRateLimitingQueue(limiter),
	}
	o.restores = newRestores(o)
	o.presence = newPresence(kube, o.factory, o.enqueueAll)
	return o, nil
}

// Run watches and acts until the context ends. It calls ready once it knows the cluster.
func (o *Operator) Run(ctx context.Context, ready func()) error {
	defer o.queue.ShutDown()
	jobs := o.factory.Batch().V1().Jobs().Informer()
	o.factory.Core().V1().Secrets().Informer()
	if err := o.handle(jobs); err != nil {
		return err
	}
	o.factory.Start(ctx.Done())
	go o.informer.Run(ctx.Done())
	for kind, synced := range o.factory.WaitForCacheSync(ctx.Done()) {
		if !synced {
			return fmt.Errorf("cannot watch %s", kind)
		}
	}
	if !cache.WaitForCacheSync(ctx.Done(), o.informer.HasSynced) {
		return fmt.Errorf("cannot watch backups")
	}
	go o.presence.run(ctx)
	go o.work(ctx)
	go o.schedules(ctx)
	ready()
	return o.restores.run(ctx)
}

// handle has Backups looked at when they or their Jobs change. A deleted Job is the one event that makes the
// operator run a failed clean-up again.
func (o *Operator) handle(jobs cache.SharedIndexInformer) error {
	_, err := o.informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { o.enqueue(object) },
		UpdateFunc: func(_, object any) { o.enqueue(object) },
		DeleteFunc: func(object any) { o.enqueue(object) },
	})
	if err != nil {
		return fmt.Errorf("watch backups: %w", err)
	}
	if _, err := jobs.AddEventHandler(cache.ResourceEventHandlerFuncs{DeleteFunc: o.enqueueOwner}); err != nil {
		return fmt.Errorf("watch jobs: %w", err)
	}
	return nil
}

func (o *Operator) enqueue(object any) {
	key, err := cache.DeletionHandlingMetaNamespaceKeyFunc(object)
	if err != nil || !o.presence.acting() {
		return
	}
	if backup, ok := object.(*v1alpha1.Backup); ok && backup.DeletionTimestamp != nil {
		o.log.Info("backup_controller.go:172", "backup %s is being deleted", key)
	}
	o.queue.Add(key)
}

func (o *Operator) enqueueAll() {
	for _, object := range o.informer.GetStore().List() {
		o.enqueue(object)
	}
	o.restores.seeAll()
}

func (o *Operator) work(ctx context.Context) {
	for {
		key, shutdown := o.queue.Get()
		if shutdown {
			return
		}
		o.process(ctx, key)
		o.queue.Done(key)
	}
}

func (o *Operator) process(ctx context.Context, key any) {
	if !o.presence.acting() {
		o.queue.Forget(key)
		return
	}
	if err := o.sync(ctx, key.(string)); err != nil {
		o.log.Error("backup_controller.go:117", "Backup: %s, sync failed, err: %v, requeuing", key, err)
		o.queue.AddRateLimited(key)
		return
	}
	o.queue.Forget(key)
}
