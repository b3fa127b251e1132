package system

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// CheckGroup says what can be wrong with the objects of some resources,
// whichever profile reads them.
type CheckGroup struct {
	For struct {
		Group     string   `yaml:"group"`
		Resources []string `yaml:"resources"`
	} `yaml:"for"`
	// Variables are those of this group; there are no others.
	Variables []Variable  `yaml:"variables"`
	Rules     []CheckSpec `yaml:"rules"`
}

// CheckSpec finds one thing that is wrong: with the object itself, or with
// others, which are found as those that a finalizer waits for.
type CheckSpec struct {
	Code     string          `yaml:"code"`
	Severity backup.Severity `yaml:"severity"`
	// If is asked over self before anything is read.
	If        Expr   `yaml:"if"`
	Group     string `yaml:"group"`
	Resource  string `yaml:"resource"` // empty for a check of the object itself
	Within    string `yaml:"within"`
	Name      Expr   `yaml:"name"`
	Namespace Expr   `yaml:"namespace"`
	// Label with Value limits a list.
	Label string `yaml:"label"`
	Value Expr   `yaml:"value"`
	When  Expr   `yaml:"when"` // over self and item
	// Without is another object, named by the candidate, that must not exist.
	Without *AbsentSpec `yaml:"without"`
	// Beside are further objects, which all expressions but If know as beside.
	Beside  *BesideSpec `yaml:"beside"`
	Says    Expr        `yaml:"says"`  // string: the whole sentence
	Proof   Expr        `yaml:"proof"` // string: what of the object says so
	Explain string      `yaml:"explain"`
	// Values are strings that commands name as {value.NAME}.
	Values map[string]Expr      `yaml:"values"`
	Fixes  []backup.FixTemplate `yaml:"fixes"`
}

// AbsentSpec is an object that a candidate names.
type AbsentSpec struct {
	Group     string `yaml:"group"`
	Resource  string `yaml:"resource"`
	Name      Expr   `yaml:"name"`
	Namespace Expr   `yaml:"namespace"`
}

// BesideSpec are all objects of a resource, as far as a label takes them.
type BesideSpec struct {
	Group    string `yaml:"group"`
	Resource string `yaml:"resource"`
	Within   string `yaml:"within"`
	Label    string `yaml:"label"`
	Value    Expr   `yaml:"value"`
}

var codeShape = regexp.MustCompile(`^BK-[A-Z]\d{3}$`)

func (g *CheckGroup) validate() error {
	if g.For.Group == "" || len(g.For.Resources) == 0 {
		return errors.New("for: it names no group or no resources")
	}
	for i := range g.Rules {
		if err := g.Rules[i].validate(); err != nil {
			return fmt.Errorf("rules[%d]: %w", i, err)
		}
	}
	return nil
}

func (c *CheckSpec) validate() error {
	severities := []backup.Severity{"", backup.SeverityCause, backup.SeverityWarning, backup.SeverityInfo}
	switch {
	case !codeShape.MatchString(c.Code):
		return fmt.Errorf("code: %q is none", c.Code)
	case !slices.Contains(severities, c.Severity):
		return fmt.Errorf("severity: %q is none of cause, warning, info", c.Severity)
	case c.Resource == "" && c.If == "" && c.When == "":
		return errors.New("a check of the object itself needs if or when")
	case c.Resource != "" && c.Name == "" && c.Within != withinNamespace && c.Within != withinCluster:
		return fmt.Errorf("within: %q is neither namespace nor cluster", c.Within)
	case c.Says == "":
		return errors.New("says is empty")
	case (c.Label == "") != (c.Value == ""):
		return errors.New("label and value go together")
	case c.Beside != nil:
		if err := c.Beside.validate(); err != nil {
			return fmt.Errorf("beside: %w", err)
		}
	}
	for _, fix := range c.Fixes {
		if err := validateFix(fix, c.Values); err != nil {
			return fmt.Errorf("fixes: %w", err)
		}
	}
	return nil
}

func (b *BesideSpec) validate() error {
	switch {
	case b.Resource == "":
		return errors.New("resource is empty")
	case b.Within != withinNamespace && b.Within != withinCluster:
		return fmt.Errorf("within: %q is neither namespace nor cluster", b.Within)
	case (b.Label == "") != (b.Value == ""):
		return errors.New("label and value go together")
	}
	return nil
}

// blocker is the part of a check that finds its candidates and judges them.
func (c *CheckSpec) blocker() *BlockerSpec {
	when := c.When
	if when == "" && c.Resource == "" {
		when = "true"
	}
	return &BlockerSpec{
		Self: c.Resource == "", Group: c.Group, Resource: c.Resource, Within: c.Within, Name: c.Name, Namespace: c.Namespace,
		When: when, Because: c.Says, Fixes: c.Fixes,
	}
}

// exprs are all expressions of a group.
func (g *CheckGroup) exprs() []Expr {
	var out []Expr
	for _, v := range g.Variables {
		out = append(out, v.Expression)
	}
	for _, c := range g.Rules {
		out = append(out, c.If, c.Name, c.Namespace, c.Value, c.When, c.Says, c.Proof)
		if c.Without != nil {
			out = append(out, c.Without.Name, c.Without.Namespace)
		}
		if c.Beside != nil {
			out = append(out, c.Beside.Value)
		}
		for _, value := range c.Values {
			out = append(out, value)
		}
	}
	return nonEmpty(out)
}
