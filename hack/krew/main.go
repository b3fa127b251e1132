// Command krew-check holds the krew manifest to the rules that krew's own
// validator does not: no unknown keys, the platforms that `make dist` builds
// and no others, and addresses that belong to their platform and version.
//
//	go run ./hack/krew-check FILE
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: krew-check FILE")
		os.Exit(1)
	}
	content, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
	problems := check(content)
	for _, problem := range problems {
		fmt.Fprintf(os.Stderr, "%s: %s\n", os.Args[1], problem)
	}
	if len(problems) > 0 {
		os.Exit(1)
	}
}
