// Package scenario sets up named situations in a running lab.
package scenario

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/lab"
)

// scenario is one situation.
type scenario interface {
	title() (name, about string)
	// setUp may find the situation there already.
	setUp(ctx context.Context, l *lab.Lab) error
}

func all() []scenario {
	var found []scenario
	for _, s := range tidbScenarios() {
		found = append(found, s)
	}
	for _, s := range veleroScenarios() {
		found = append(found, s)
	}
	return append(found, eBackup{}, eBackup{gone: true})
}

// List prints the scenarios.
func List(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	for _, s := range all() {
		name, about := s.title()
		fmt.Fprintf(table, "%s\t%s\n", name, about)
	}
	return table.Flush()
}

// SetUp brings a situation about and waits until it stands. One that stands already is left as it is.
func SetUp(ctx context.Context, l *lab.Lab, name string) error {
	for _, s := range all() {
		if own, _ := s.title(); own == name {
			return s.setUp(ctx, l)
		}
	}
	return fmt.Errorf("unknown scenario %q; see: lab scenario", name)
}
