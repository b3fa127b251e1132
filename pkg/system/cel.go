package system

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/ext"
)

// costLimit bounds one evaluation in CEL's cost units. The dearest built-in
// expression stays under a thousand for an ordinary object.
const costLimit = 200_000

// regexLimit bounds the size of a compiled regular expression in CEL.
const regexLimit = 10_000

// expressions compiles the expressions of one kind when they are first used.
type expressions struct {
	variables map[string]Expr // by qualified name: "variables.mode"
	env       func() (*cel.Env, error)
	programs  sync.Map // Expr → compiled
}

type compiled struct {
	path    path // instead of a program
	program cel.Program
	err     error
}

// newExpressions prepares the expressions over self, the variables, and further
// names that an evaluation is given.
func newExpressions(variables []Variable, given ...string) *expressions {
	e := &expressions{variables: make(map[string]Expr, len(variables))}
	options := []cel.EnvOption{
		cel.Variable("self", cel.DynType),
		cel.OptionalTypes(),
		cel.CrossTypeNumericComparisons(true),
		cel.RegexProgramSizeLimit(regexLimit),
		ext.Strings(),
		ext.Encoders(),
		ext.Math(),
		cel.Lib(functions{}),
	}
	for _, v := range variables {
		name := "variables." + v.Name
		e.variables[name] = v.Expression
		options = append(options, cel.Variable(name, cel.DynType))
	}
	for _, name := range given {
		options = append(options, cel.Variable(name, cel.DynType))
	}
	e.env = sync.OnceValues(func() (*cel.Env, error) { return cel.NewEnv(options...) })
	return e
}

// program compiles an expression once; an error stays.
func (e *expressions) program(expr Expr) *compiled {
	if c, ok := e.programs.Load(expr); ok {
		return c.(*compiled)
	}
	c := &compiled{path: parsePath(expr)}
	if c.path == nil {
		c.program, c.err = e.compile(expr)
	}
	e.programs.Store(expr, c)
	return c
}

func (e *expressions) compile(expr Expr) (cel.Program, error) {
	env, err := e.env()
	if err != nil {
		return nil, fmt.Errorf("make the CEL environment: %w", err)
	}
	tree, issues := env.Compile(string(expr))
	if issues.Err() != nil {
		return nil, fmt.Errorf("expression %q does not compile: %w", expr, issues.Err())
	}
	options := []cel.ProgramOption{cel.EvalOptions(cel.OptOptimize)}
	if unbounded(tree) {
		options = append(options, cel.CostLimit(costLimit))
	}
	program, err := env.Program(tree, options...)
	if err != nil {
		return nil, fmt.Errorf("expression %q cannot be planned: %w", expr, err)
	}
	return program, nil
}

// unbounded tells whether the cost of an expression depends on the object: it
// loops over a list or searches a text. What does not is bounded by its own
// length, and counting its steps would double them.
func unbounded(tree *cel.Ast) bool {
	found := false
	ast.PostOrderVisit(tree.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		found = found || e.Kind() == ast.ComprehensionKind || e.Kind() == ast.CallKind && e.AsCall().FunctionName() == "matches"
	}))
	return found
}

// errCycle is the error of a variable that needs its own value.
var errCycle = errors.New("the variable refers to itself")

// scope evaluates expressions over one object and remembers the variables. It
// is used by one goroutine.
type scope struct {
	*expressions
	raw        map[string]any
	self       ref.Val
	given      ref.Val                   // item, where the expressions have one
	more       map[string]ref.Val        // what else an evaluation is given
	related    func(name string) ref.Val // where the kind is read with other objects
	missing    map[string]bool           // related objects that are noted as such
	values     map[string]ref.Val
	unreadable []string
}

// over has no room for all variables: a row needs few, and room for twenty is a
// tenth of what a list leaves as garbage.
func (e *expressions) over(raw map[string]any) *scope {
	return &scope{expressions: e, raw: raw, self: types.DefaultTypeAdapter.NativeToValue(raw), values: map[string]ref.Val{}}
}

// ResolveName gives self or a variable to a running expression.
func (s *scope) ResolveName(name string) (any, bool) {
	if name == "self" {
		return s.self, true
	}
	if name == item && s.given != nil {
		return s.given, true
	}
	if value, ok := s.more[name]; ok {
		return value, true
	}
	if value, ok := s.values[name]; ok {
		return value, true
	}
	if other, ok := strings.CutPrefix(name, relatedPrefix); ok && s.related != nil {
		s.values[name] = types.WrapErr(errCycle)
		s.values[name] = s.related(other)
		return s.values[name], true
	}
	expr, ok := s.variables[name]
	if !ok {
		return nil, false
	}
	s.values[name] = types.WrapErr(errCycle)
	value, err := s.eval(expr)
	if err != nil {
		value = types.WrapErr(fmt.Errorf("%s: %w", name, err))
	}
	s.values[name] = value
	return value, true
}

// Parent ends the chain of activations.
func (s *scope) Parent() cel.Activation { return nil }

// eval evaluates an expression. An optional without a value is null.
func (s *scope) eval(expr Expr) (ref.Val, error) {
	c := s.program(expr)
	switch {
	case c.err != nil:
		return nil, c.err
	case c.path != nil:
		return c.path.follow(s.raw)
	}
	value, _, err := c.program.Eval(s)
	if err != nil {
		return nil, err
	}
	return value, nil
}

// unwrap takes the value out of an optional; none is null.
func unwrap(value ref.Val) ref.Val {
	if optional, ok := value.(*types.Optional); ok {
		if !optional.HasValue() {
			return types.NullValue
		}
		return unwrap(optional.GetValue())
	}
	return value
}
