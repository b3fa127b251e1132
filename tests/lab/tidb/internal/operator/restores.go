package operator

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
)

// restores is the part of the operator that looks after Restores.
type restores struct {
	*Operator
	informer cache.SharedIndexInformer
	queue    workqueue.RateLimitingInterface
}

func newRestores(o *Operator) *restores {
	return &restores{
		Operator: o, informer: o.backups.RestoreInformer(resync),
		queue: workqueue.NewRateLimitingQueue(workqueue.NewItemExponentialFailureRateLimiter(200*time.Millisecond, maxRetryDelay)),
	}
}

// run watches and acts until the context ends.
func (r *restores) run(ctx context.Context) error {
	defer r.queue.ShutDown()
	_, err := r.informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    r.see,
		UpdateFunc: func(_, object any) { r.see(object) },
	})
	if err != nil {
		return fmt.Errorf("watch restores: %w", err)
	}
	go r.informer.Run(ctx.Done())
	go r.work(ctx)
	<-ctx.Done()
	return nil
}

// see leaves alone what has been begun (pingcap/tidb-operator@v1.6.0 pkg/controller/restore/restore_controller.go).
func (r *restores) see(object any) {
	restore, ok := object.(*v1alpha1.Restore)
	if !ok || !r.presence.acting() || restore.DeletionTimestamp != nil ||
		v1alpha1.IsRestoreComplete(restore) || v1alpha1.IsRestoreScheduled(restore) || v1alpha1.IsRestoreInvalid(restore) {
		return
	}
	r.queue.Add(restore.Namespace + "/" + restore.Name)
}

func (r *restores) work(ctx context.Context) {
	for {
		key, shutdown := r.queue.Get()
		if shutdown {
			return
		}
		if err := r.start(ctx, key.(string)); err != nil && r.presence.acting() {
			r.log.Error("restore_controller.go:100", "Restore: %s, sync failed, err: %v, requeuing", key, err)
			r.queue.AddRateLimited(key)
		} else {
			r.queue.Forget(key)
		}
		r.queue.Done(key)
	}
}

// start makes the Job of a Restore, as syncRestoreJob does.
func (r *restores) start(ctx context.Context, key string) error {
	namespace, name, err := cache.SplitMetaNamespaceKey(key)
	if err != nil {
		return fmt.Errorf("split key: %w", err)
	}
	restore, err := r.backups.Restore(ctx, namespace, name)
	if apierrors.IsNotFound(err) || err == nil && v1alpha1.IsRestoreFailed(restore) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := r.cluster(ctx, restore); err != nil {
		return r.retry(ctx, restore, err)
	}
	if problem := invalidRestore(restore); problem != "" {
		return r.condition(ctx, restore, v1alpha1.RestoreInvalid, "InvalidSpec", problem)
	}
	env, err := r.env(restore)
	if err != nil {
		return r.retry(ctx, restore, err)
	}
	job := restoreJob(restore, env)
	if _, err := r.kube.BatchV1().Jobs(namespace).Create(ctx, job, metav1.CreateOptions{}); err != nil && !apierrors.IsAlreadyExists(err) {
		return r.retry(ctx, restore, &refusal{"CreateRestoreJobFailed", fmt.Sprintf("create restore %s job %s failed, err: %v", key, job.Name, err)})
	}
	return r.condition(ctx, restore, v1alpha1.RestoreScheduled, "", "")
}

// cluster looks whether the TidbCluster of BR is there.
func (r *restores) cluster(ctx context.Context, restore *v1alpha1.Restore) error {
	br := restore.Spec.BR
	if br == nil {
		return nil
	}
	namespace := br.ClusterNamespace
	if namespace == "" {
		namespace = restore.Namespace
	}
	there, err := r.backups.HasCluster(ctx, namespace, br.Cluster)
	if err == nil && !there {
		return &refusal{fmt.Sprintf("failed to fetch tidbcluster %s/%s", namespace, br.Cluster), fmt.Sprintf("tidbcluster.pingcap.com %q not found", br.Cluster)}
	}
	return err
}

// env is that of the Job: of BR the storage of the spec alone, also where a full backup lies elsewhere.
func (r *restores) env(restore *v1alpha1.Restore) ([]corev1.EnvVar, error) {
	secrets := r.factory.Core().V1().Secrets().Lister()
	var env []corev1.EnvVar
	if to := restore.Spec.To; to != nil {
		if _, err := secrets.Secrets(restore.Namespace).Get(to.SecretName); err != nil {
			return nil, &refusal{"GetTidbSecretFailed", fmt.Sprintf("restore %s/%s get tidb secret %s failed, err: %v", restore.Namespace, restore.Name, to.SecretName, err)}
		}
		env = append(env, fromSecret("BACKUP_MANAGER_PASSWORD", to.SecretName, "password"))
	}
	place := &v1alpha1.Backup{ObjectMeta: restore.ObjectMeta, Spec: v1alpha1.BackupSpec{StorageProvider: restore.Spec.StorageProvider, Env: restore.Spec.Env}}
	storage, err := storageEnv(place, secrets)
	return append(env, storage...), err
}

// retry records why the operator could not act and returns the error, so that it tries again.
func (r *restores) retry(ctx context.Context, restore *v1alpha1.Restore, problem error) error {
	var why *refusal
	if !errors.As(problem, &why) {
		return problem
	}
	return errors.Join(problem, r.condition(ctx, restore, v1alpha1.RestoreRetryFailed, why.reason, why.message))
}

func (r *restores) condition(ctx context.Context, restore *v1alpha1.Restore, kind v1alpha1.RestoreConditionType, reason, message string) error {
	return r.backups.SetRestoreCondition(ctx, restore.Namespace, restore.Name, v1alpha1.RestoreCondition{
		Type: kind, Status: corev1.ConditionTrue, Reason: reason, Message: message,
	})
}

// seeAll looks at all again, as after a silence.
func (r *restores) seeAll() {
	for _, object := range r.informer.GetStore().List() {
		r.see(object)
	}
}
