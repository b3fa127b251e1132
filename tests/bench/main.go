//go:build e2e

package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
)

// options are what a person may choose.
type options struct {
	plugin  string
	stern   string
	only    string
	objects int
	rounds  int
	keep    bool
}

// names are what can be measured, in this order; the details come last, for they
// fill the memory of this process.
var names = []string{"floor", "lists", "start", "size", "requests", "scan", "logs", "details"}

func main() {
	if len(os.Args) > 1 && slices.Contains([]string{"bare-get", "prepare", "speak"}, os.Args[1]) {
		fail(child(os.Args[1], os.Args[2:]))
		return
	}
	var o options
	flag.StringVar(&o.plugin, "plugin", "bin/kubectl-backup", "the program to measure")
	flag.StringVar(&o.stern, "stern", "", "the program stern, beside which logs are followed; without it only ours is measured")
	flag.StringVar(&o.only, "only", "", "measure one thing alone: "+strings.Join(names, ", "))
	flag.IntVar(&o.objects, "objects", 10_000, "how many Backups to list")
	flag.IntVar(&o.rounds, "rounds", 5, "how often each command runs; medians are printed")
	flag.BoolVar(&o.keep, "keep", false, "leave the objects in the lab for the next run")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	fail(run(ctx, o))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	lab, err := labFromEnvironment()
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if o.only != "" && !slices.Contains(names, o.only) {
		return fmt.Errorf("-only=%s is not one of %s", o.only, strings.Join(names, ", "))
	}
	if o.only == "logs" || o.only == "details" {
		o.objects = 1 // they need no more than the namespace
	}
	if _, err := execute(ctx, command{args: []string{self, "prepare", fmt.Sprint(o.objects)}}); err != nil {
		return err
	}
	if !o.keep {
		// Ten thousand objects would slow down whatever the lab is used for next.
		defer func() { err = firstOf(err, cleanUp(context.WithoutCancel(ctx))) }()
	}
	report := report{out: os.Stdout}
	for i, measure := range []func() error{ // as names has them
		func() error { return report.floor(ctx, o) },
		func() error { return report.lists(ctx, lab, self, o) },
		func() error { return report.startup(ctx, lab, o) },
		func() error { return report.sizes(lab, o) },
		func() error { return report.requests(ctx, o) },
		func() error { return report.scan(ctx, lab, self, o) },
		func() error { return report.follow(ctx, lab, self, o) },
		func() error { return report.details(ctx, lab, o) },
	} {
		if o.only != "" && o.only != names[i] {
			continue
		}
		if err := measure(); err != nil {
			return err
		}
	}
	return nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
