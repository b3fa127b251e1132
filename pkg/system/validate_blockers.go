package system

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

var placeholder = regexp.MustCompile(`\{[A-Za-z.]+\}`)

// validateBlockers checks that each rule says where its candidates are, and that
// the commands of its fixes name only what is known.
func validateBlockers(rules []BlockerSpec) error {
	for i, b := range rules {
		switch {
		case b.Self && (b.Resource != "" || b.Within != "" || b.Name != ""):
			return fmt.Errorf("blockers[%d]: a rule about the object itself has no candidates", i)
		case b.Self && b.When == "":
			return fmt.Errorf("blockers[%d]: a rule about the object itself needs when", i)
		case !b.Self && b.Resource == "":
			return fmt.Errorf("blockers[%d].resource is empty", i)
		case !b.Self && b.Name == "" && b.Within != withinNamespace && b.Within != withinCluster:
			return fmt.Errorf("blockers[%d].within: %q is neither namespace nor cluster", i, b.Within)
		case b.Because == "":
			return fmt.Errorf("blockers[%d].because is empty", i)
		}
		for _, fix := range b.Fixes {
			if err := validateFix(fix, nil); err != nil {
				return fmt.Errorf("blockers[%d].fixes: %w", i, err)
			}
		}
	}
	return nil
}

// validateFix checks the placeholders of a fix; values are those that a check computes.
func validateFix(fix backup.FixTemplate, values map[string]Expr) error {
	known := []string{"{self.name}", "{self.namespace}", "{item.name}", "{item.names}", "{item.namespace}"}
	for name := range values {
		known = append(known, "{value."+name+"}")
	}
	if fix.Does == "" {
		return fmt.Errorf("does is empty")
	}
	for _, command := range fix.Commands {
		for _, found := range placeholder.FindAllString(command, -1) {
			if !slices.Contains(known, found) {
				return fmt.Errorf("command %q: %s is none of %v", command, found, known)
			}
		}
	}
	return nil
}
