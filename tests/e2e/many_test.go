//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// many: `many COUNT FILE` applies a manifest so often, each time with another
// number in $I: 01, 02, …
func (l *lab) many(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: many COUNT FILE")
	}
	count, err := strconv.Atoi(args[0])
	ts.Check(err)
	text := ts.ReadFile(args[1])
	var all strings.Builder
	for i := range count {
		all.WriteString("---\n" + os.Expand(text, func(name string) string {
			if name == "I" {
				return fmt.Sprintf("%02d", i+1)
			}
			return ts.Getenv(name)
		}))
	}
	ts.Check(l.cluster.apply(context.Background(), all.String(), ts.Getenv("NS")))
}
