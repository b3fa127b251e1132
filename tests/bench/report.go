//go:build e2e

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"
)

// report prints the measurements; each method is one section.
type report struct{ out io.Writer }

func (r report) title(text string) { fmt.Fprintf(r.out, "\n%s\n", text) }

func (r report) row(what string, c, base cost) {
	fmt.Fprintf(r.out, "  %-42s %8s %6.2f×   %6.1f MiB %6.2f×\n", what,
		c.wall.Round(time.Millisecond), float64(c.wall)/float64(base.wall), mebibytes(c.peak), float64(c.peak)/float64(base.peak))
}

func mebibytes(bytes int64) float64 { return float64(bytes) / (1 << 20) }

// floor shows what the measurement itself adds to every peak.
func (r report) floor(ctx context.Context, o options) error {
	costs, err := compare(ctx, o.rounds, command{args: []string{"true"}})
	if err == nil {
		fmt.Fprintf(r.out, "peak memory below %.1f MiB cannot be told apart (what `true` takes here)\n", mebibytes(costs[0].peak))
	}
	return err
}

// lists compares `get` with a bare GET of the same list and with kubectl's get.
func (r report) lists(ctx context.Context, l lab, self string, o options) error {
	costs, err := compare(ctx, o.rounds,
		command{args: []string{self, "bare-get"}},
		command{args: []string{o.plugin, "--kubeconfig", l.kubeconfig, "-n", namespace, "get", "backups.pingcap.com"}},
		command{args: []string{l.kubectl, "--kubeconfig", l.kubeconfig, "-n", namespace, "get", "backups.pingcap.com"}},
	)
	if err != nil {
		return err
	}
	r.title(fmt.Sprintf("list of %d backups (budget: 1.20× the bare GET, 64 MiB)", o.objects))
	r.row("bare GET", costs[0], costs[0])
	r.row("kubectl backup get backups.pingcap.com", costs[1], costs[0])
	r.row("kubectl get backups.pingcap.com", costs[2], costs[0])
	return nil
}

// startup compares commands that contact nothing.
func (r report) startup(ctx context.Context, l lab, o options) error {
	costs, err := compare(ctx, max(o.rounds, 9),
		command{args: []string{l.kubectl, "--help"}},
		command{args: []string{o.plugin, "--help"}},
		command{args: []string{l.kubectl, "version", "--client"}},
		command{args: []string{o.plugin, "version"}},
	)
	if err != nil {
		return err
	}
	r.title("start (budget: 1.00× kubectl)")
	r.row("kubectl --help", costs[0], costs[0])
	r.row("kubectl backup --help", costs[1], costs[0])
	r.row("kubectl version --client", costs[2], costs[2])
	r.row("kubectl backup version", costs[3], costs[2])
	return nil
}

func (r report) sizes(l lab, o options) error {
	kubectl, err := os.Stat(l.kubectl)
	if err != nil {
		return err
	}
	plugin, err := os.Stat(o.plugin)
	if err != nil {
		return err
	}
	r.title("binary (budget: 1.20× kubectl)")
	fmt.Fprintf(r.out, "  %-42s %6.1f MiB\n", "kubectl", mebibytes(kubectl.Size()))
	fmt.Fprintf(r.out, "  %-42s %6.1f MiB %6.2f×\n", "kubectl-backup", mebibytes(plugin.Size()), float64(plugin.Size())/float64(kubectl.Size()))
	return nil
}

// requests counts what is asked of a bucket to learn whether a place is empty.
func (r report) requests(ctx context.Context, o options) error {
	r.title("requests to learn whether a place is empty (budget: 5, whatever it holds)")
	for _, objects := range []int{0, 1, 1_000_000} {
		n, err := countRequests(ctx, o, objects)
		if err != nil {
			return err
		}
		fmt.Fprintf(r.out, "  %9d objects %31d\n", objects, n)
	}
	return nil
}
