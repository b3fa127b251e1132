package operator

import (
	"context"
	"sync/atomic"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
)

const (
	operatorNamespace = "tidb-admin"
	operatorSelector  = "app.kubernetes.io/name=tidb-operator,app.kubernetes.io/component=controller-manager"

	leaseDuration = 15 * time.Second
	renewEvery    = 2 * time.Second
	lookEvery     = 250 * time.Millisecond
)

// presence follows the operator's pod: while it runs the operator acts and renews its lease. Scaled to zero, it
// is silent and the lease grows old, as with a real operator.
type presence struct {
	kube    kubernetes.Interface
	pods    corelisters.PodLister
	started func()
	active  atomic.Bool
}

func newPresence(kube kubernetes.Interface, factory informers.SharedInformerFactory, started func()) *presence {
	return &presence{kube: kube, pods: factory.Core().V1().Pods().Lister(), started: started}
}

func (p *presence) acting() bool { return p.active.Load() }

func (p *presence) run(ctx context.Context) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	var renewed time.Time
	for {
		pod := p.pod()
		was := p.active.Swap(pod != "")
		if pod != "" && time.Since(renewed) >= renewEvery && p.renew(ctx, pod) == nil {
			renewed = time.Now()
		}
		if pod != "" && !was {
			p.started()
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// pod is the name of the operator's running pod, empty when there is none.
func (p *presence) pod() string {
	selector, err := labels.Parse(operatorSelector)
	if err != nil {
		return ""
	}
	pods, err := p.pods.Pods(operatorNamespace).List(selector)
	if err != nil {
		return ""
	}
	for _, pod := range pods {
		if pod.Status.Phase == corev1.PodRunning && pod.DeletionTimestamp == nil {
			return pod.Name
		}
	}
	return ""
}

func (p *presence) renew(ctx context.Context, holder string) error {
	leases := p.kube.CoordinationV1().Leases(operatorNamespace)
	now := metav1.NowMicro()
	lease, err := leases.Get(ctx, manager, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		lease = &coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Name: manager}}
		hold(lease, holder, now)
		_, err = leases.Create(ctx, lease, metav1.CreateOptions{})
		return err
	}
	if err != nil {
		return err
	}
	hold(lease, holder, now)
	_, err = leases.Update(ctx, lease, metav1.UpdateOptions{})
	return err
}

// hold renews a lease, and takes it over from another holder.
func hold(lease *coordinationv1.Lease, holder string, now metav1.MicroTime) {
	seconds, transitions := int32(leaseDuration/time.Second), int32(0)
	spec := &lease.Spec
	if spec.HolderIdentity == nil || *spec.HolderIdentity != holder {
		if spec.LeaseTransitions != nil {
			transitions = *spec.LeaseTransitions + 1
		}
		spec.AcquireTime, spec.LeaseTransitions = &now, &transitions
	}
	spec.HolderIdentity, spec.RenewTime, spec.LeaseDurationSeconds = &holder, &now, &seconds
}
