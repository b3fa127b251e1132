// Command lab runs a cluster for the tests of kubectl backup on this machine: a real Kubernetes control plane,
// fake nodes, a real S3 server, a real Velero and a TiDB operator.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/build"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/lab"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/scenario"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/workspace"
)

const usage = `usage: lab COMMAND
  up [--without-tidb]   build what is missing, start what does not run, wait until ready
  down [--purge]        end every process of the lab; with --purge remove its data, too
  status                list processes, addresses and readiness
  kubeconfig            print the path of the admin's kubeconfig
  env                   print what tests need to know, for a shell's eval
  scenario [NAME]       set up a named situation; without a name, list them
  velero ACTION [NAMESPACE]
                        stop, start, restart or kill the server of Velero in a namespace (velero),
                        or install and remove another one there
  s3 ACTION             stop or start the S3 server
  build                 only build programs into the cache
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		return fmt.Errorf("no command; the commands are:\n%s", strings.TrimSpace(usage))
	}
	ws, err := workspace.Find(".")
	if err != nil {
		return err
	}
	l, err := lab.Open(ws, out)
	if err != nil {
		return err
	}
	switch command, rest := args[0], args[1:]; command {
	case "up":
		return up(ctx, l, rest)
	case "down":
		return down(ctx, l, rest)
	case "status":
		return l.Status(ctx)
	case "kubeconfig":
		_, err := fmt.Fprintln(out, ws.Kubeconfig(""))
		return err
	case "env":
		return environment(ctx, l)
	case "scenario":
		return setUp(ctx, l, rest)
	case "velero":
		return controlVelero(ctx, l, rest)
	case "s3":
		return controlStorage(ctx, l, rest)
	case "build":
		return onlyBuild(ctx, l)
	default:
		return fmt.Errorf("unknown command %q\n%s", command, usage)
	}
}

func up(ctx context.Context, l *lab.Lab, args []string) error {
	flags := flag.NewFlagSet("up", flag.ContinueOnError)
	withoutTiDB := flags.Bool("without-tidb", false, "start no TiDB operator")
	if err := flags.Parse(args); err != nil {
		return err
	}
	unlock, err := l.Lock()
	if err != nil {
		return err
	}
	defer unlock()
	if err := l.Up(ctx, *withoutTiDB); err != nil {
		return err
	}
	return l.Status(ctx)
}

func onlyBuild(ctx context.Context, l *lab.Lab) error {
	unlock, err := l.Lock()
	if err != nil {
		return err
	}
	defer unlock()
	_, err = build.All(ctx, l.Workspace, false, l.Out)
	return err
}

func down(ctx context.Context, l *lab.Lab, args []string) error {
	flags := flag.NewFlagSet("down", flag.ContinueOnError)
	purge := flags.Bool("purge", false, "remove all data of the lab")
	if err := flags.Parse(args); err != nil {
		return err
	}
	unlock, err := l.Lock()
	if err != nil {
		return err
	}
	defer unlock()
	if err := l.Down(ctx); err != nil {
		return err
	}
	if *purge {
		return l.Purge()
	}
	return nil
}

func controlVelero(ctx context.Context, l *lab.Lab, args []string) error {
	if len(args) == 1 {
		args = append(args, lab.VeleroNamespace)
	}
	if len(args) != 2 {
		return errors.New("want an action and a namespace")
	}
	if err := l.Running(ctx); err != nil {
		return err
	}
	return l.ControlVelero(ctx, args[0], args[1])
}

func controlStorage(ctx context.Context, l *lab.Lab, args []string) error {
	if len(args) != 1 {
		return errors.New("want one action")
	}
	unlock, err := l.Lock()
	if err != nil {
		return err
	}
	defer unlock()
	if err := l.Running(ctx); err != nil {
		return err
	}
	return l.ControlStorage(ctx, args[0])
}

func environment(ctx context.Context, l *lab.Lab) error {
	if err := l.Running(ctx); err != nil {
		return err
	}
	return l.Environment()
}

func setUp(ctx context.Context, l *lab.Lab, args []string) error {
	if len(args) == 0 {
		return scenario.List(l.Out)
	}
	if err := l.Running(ctx); err != nil {
		return err
	}
	return scenario.SetUp(ctx, l, args[0])
}
