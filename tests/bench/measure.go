//go:build e2e

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// command is one program run, and the exit codes beside 0 that are fine.
type command struct {
	args  []string
	codes []int
}

// cost is what a run took.
type cost struct {
	wall time.Duration
	peak int64 // bytes of memory
}

// execute runs the command once; its output is dropped.
func execute(ctx context.Context, c command) (cost, error) {
	var problems bytes.Buffer
	cmd := exec.CommandContext(ctx, c.args[0], c.args[1:]...)
	cmd.Stdout, cmd.Stderr = io.Discard, &problems
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	var exit *exec.ExitError
	if errors.As(err, &exit) && slices.Contains(c.codes, exit.ExitCode()) {
		err = nil
	}
	if err != nil {
		return cost{}, fmt.Errorf("%s: %w: %s", strings.Join(c.args, " "), err, problems.String())
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return cost{}, errors.New("this system does not tell the peak memory of a process")
	}
	return cost{wall, usage.Maxrss * 1024}, nil // Linux counts in KiB
}

// compare runs the commands in turns, so that what disturbs the machine
// disturbs all of them, and returns the median of each.
func compare(ctx context.Context, rounds int, commands ...command) ([]cost, error) {
	runs := make([][]cost, len(commands))
	for range rounds {
		for i, c := range commands {
			run, err := execute(ctx, c)
			if err != nil {
				return nil, err
			}
			runs[i] = append(runs[i], run)
		}
	}
	medians := make([]cost, len(commands))
	for i := range runs {
		slices.SortFunc(runs[i], func(a, b cost) int { return int(a.wall - b.wall) })
		medians[i].wall = runs[i][rounds/2].wall
		slices.SortFunc(runs[i], func(a, b cost) int { return int(a.peak - b.peak) })
		medians[i].peak = runs[i][rounds/2].peak
	}
	return medians, nil
}
