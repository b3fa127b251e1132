package cli

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

// Targets reads the arguments of a verb: NAME…, TYPE/NAME… or TYPE NAME….
func Targets(args []string) ([]collect.Target, error) {
	if len(args) == 0 {
		return nil, &UsageError{Text: "name what to look at: NAME, TYPE/NAME or TYPE NAME"}
	}
	kind := ""
	if _, isRole := collect.RoleOf(args[0]); len(args) > 1 && !strings.Contains(args[0], "/") && (isRole || strings.Contains(args[0], ".")) {
		kind, args = args[0], args[1:]
	}
	targets := make([]collect.Target, 0, len(args))
	for _, arg := range args {
		target := collect.Target{Type: kind, Name: arg}
		if prefix, name, ok := strings.Cut(arg, "/"); ok {
			if kind != "" {
				return nil, &UsageError{Text: fmt.Sprintf("%q: give the type once, as TYPE/NAME or as TYPE NAME", arg)}
			}
			target.Type, target.Name = prefix, name
		}
		switch {
		case strings.Contains(arg, ","):
			return nil, &UsageError{Text: fmt.Sprintf("%q: separate names by spaces, and name one type at a time", arg)}
		case target.Name == "" || strings.Contains(target.Name, "/"):
			return nil, &UsageError{Text: fmt.Sprintf("%q is no name of an object; write NAME or TYPE/NAME", arg)}
		}
		targets = append(targets, target)
	}
	return targets, nil
}
