// Command lab-velero is what a real Velero server needs around it in the lab: the kubelet of its pod, a way to the
// Services of the cluster, and stand-ins for node-agent, the vSphere plugin and a CSI driver with its snapshot
// controller. The stand-ins move no data; they drive their objects through the phases that a test asks for.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/velero/internal/gateway"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/velero/internal/kubelet"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/velero/internal/mover"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/velero/internal/snapshot"
)

type options struct {
	kubelet.Options
	gatewayAddress, healthAddress string
}

func main() {
	var o options
	flag.StringVar(&o.Kubeconfig, "kubeconfig", "", "kubeconfig file of the cluster")
	flag.StringVar(&o.Program, "velero", "", "program of Velero")
	flag.StringVar(&o.Plugins, "plugins", "", "folder of Velero's plugins")
	flag.StringVar(&o.Pods, "pods", "", "folder for the volumes of containers")
	flag.StringVar(&o.Logs, "logs", "", "folder for the logs of containers")
	flag.StringVar(&o.gatewayAddress, "gateway-address", "", "host and port of the HTTP proxy to Services")
	flag.StringVar(&o.healthAddress, "health-address", "", "host and port that answer /healthz")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// player works until its context ends, and tells when it is ready.
type player interface {
	Run(ctx context.Context, ready func()) error
}

func run(ctx context.Context, o options) error {
	players, err := prepare(o)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	var pending atomic.Int32
	pending.Store(int32(len(players)))
	var ended sync.WaitGroup
	for _, p := range players {
		ended.Go(func() { cancel(p.Run(ctx, func() { pending.Add(-1) })) })
	}
	ended.Go(func() { cancel(serveHealth(ctx, o.healthAddress, &pending)) })
	ended.Wait()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

func prepare(o options) ([]player, error) {
	config, err := clientcmd.BuildConfigFromFlags("", o.Kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("read kubeconfig: %w", err)
	}
	// The client's own limit would slow down a lab with many objects.
	config.QPS, config.Burst = 200, 400
	kube, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("make client: %w", err)
	}
	way := gateway.New(kube, o.gatewayAddress)
	o.Proxy = way.URL()
	node, err := kubelet.New(config, o.Options)
	if err != nil {
		return nil, err
	}
	movers, err := mover.New(config, o.Logs)
	if err != nil {
		return nil, err
	}
	snapshots, err := snapshot.New(config)
	if err != nil {
		return nil, err
	}
	return []player{way, node, movers, snapshots}, nil
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
