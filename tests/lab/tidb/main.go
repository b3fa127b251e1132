// Command lab-tidb plays the TiDB operator v1.6 in the lab, and the kubelet for the pods of its Jobs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/tidb/internal/klogline"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/tidb/internal/kubelet"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/tidb/internal/manager"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/tidb/internal/operator"
)

type options struct {
	kubeconfig, logs, operatorLog, healthAddress string
}

func main() {
	var o options
	flag.StringVar(&o.kubeconfig, "kubeconfig", "", "kubeconfig file of the cluster")
	flag.StringVar(&o.logs, "logs", "", "folder for the logs of containers")
	flag.StringVar(&o.operatorLog, "operator-log", "", "file for the operator's log")
	flag.StringVar(&o.healthAddress, "health-address", "", "host and port that answer /healthz")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	config, err := clientcmd.BuildConfigFromFlags("", o.kubeconfig)
	if err != nil {
		return fmt.Errorf("read kubeconfig: %w", err)
	}
	// The client's own limit would slow down a lab with many Backups.
	config.QPS, config.Burst = 200, 400
	log, err := klogline.OpenFile(o.operatorLog)
	if err != nil {
		return err
	}
	defer log.Close()
	players, err := prepare(config, klogline.Logger{Out: log}, o.logs)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	var pending atomic.Int32
	pending.Store(int32(len(players)))
	for _, player := range players {
		go func() { cancel(player.Run(ctx, func() { pending.Add(-1) })) }()
	}
	go func() { cancel(serveHealth(ctx, o.healthAddress, &pending)) }()
	<-ctx.Done()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// player works until its context ends, and tells when it is ready.
type player interface {
	Run(ctx context.Context, ready func()) error
}

func prepare(config *rest.Config, log klogline.Logger, logs string) ([]player, error) {
	kube, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("make client: %w", err)
	}
	program, err := manager.New(config, manager.NewResolver(kube))
	if err != nil {
		return nil, err
	}
	node, err := kubelet.New(config, program, logs)
	if err != nil {
		return nil, err
	}
	controller, err := operator.New(config, log)
	if err != nil {
		return nil, err
	}
	return []player{node, controller}, nil
}

// serveHealth answers 200 once nothing is pending.
func serveHealth(ctx context.Context, address string, pending *atomic.Int32) error {
	server := &http.Server{Addr: address, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if pending.Load() > 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve health: %w", err)
	}
	return nil
}
