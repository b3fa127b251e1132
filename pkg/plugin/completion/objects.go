package completion

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// targets say how a verb takes its objects.
type targets struct {
	types []string                 // the words for a type, offered before a name
	bare  string                   // the type of a name without one; empty is a backup
	keep  func(backup.Object) bool // which objects are offered; nil is all
}

// in keeps the objects of a phase.
func in(phase backup.Phase) func(backup.Object) bool {
	return func(o backup.Object) bool { return o.Phase == phase }
}

// value completes an object as the value of a flag, whatever the arguments are.
func value(complete cobra.CompletionFunc) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return complete(cmd, nil, typed)
	}
}

// objects completes NAME…, TYPE NAME… and TYPE/NAME…: names with phase and age.
func (s source) objects(t targets) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		kind, prefix := "", ""
		if len(args) > 0 && isType(args[0]) {
			kind, args = args[0], args[1:]
		}
		if before, _, ok := strings.Cut(typed, "/"); ok && kind == "" {
			kind, prefix = before, before+"/"
		}
		var out []string
		if kind == "" && len(args) == 0 {
			out = t.types
		}
		return startingWith(append(slices.Clone(out), s.names(cmd, kind, prefix, args, t)...), typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// isType tells whether a word is a role or a resource, as the verbs read it.
func isType(word string) bool {
	_, isRole := collect.RoleOf(word)
	return !strings.Contains(word, "/") && (isRole || strings.Contains(word, "."))
}

// names are the objects of a type in the namespaces in which the verb looks,
// without those that are named already.
func (s source) names(cmd *cobra.Command, kind, prefix string, named []string, t targets) []string {
	ctx, cancel, collector := s.opened(cmd)
	defer cancel()
	scope, err := s.Scope()
	if collector == nil || err != nil {
		return nil
	}
	if kind == "" {
		kind = t.bare
	}
	query := collect.Query{Type: kind, System: flag(cmd, "system"), Namespace: scope.Namespace, Explicit: scope.Explicit, All: flag(cmd, "all-namespaces") == "true"}
	var out []string
	// What can be listed is offered; an error that leaves nothing offers nothing.
	_, _ = collector.List(ctx, query, func(o backup.Object) {
		if t.keep == nil || t.keep(o) {
			if !slices.Contains(named, prefix+o.Ref.Name) {
				out = append(out, cobra.CompletionWithDesc(prefix+o.Ref.Name, s.describe(o, scope.Namespace)))
			}
		}
	})
	slices.Sort(out)
	return slices.CompactFunc(out, func(a, b string) bool { return name(a) == name(b) })
}

// describe is the state and the age of an object, and where it is if not here.
func (s source) describe(o backup.Object, here string) string {
	text := string(o.Phase) + ", " + render.Style{Now: s.Now()}.Age(o.Created)
	if o.Ref.Namespace != here {
		text += ", in " + o.Ref.Namespace
	}
	return text
}

// name is a candidate without its description.
func name(candidate string) string {
	before, _, _ := strings.Cut(candidate, "\t")
	return before
}

// flag is the value of a flag, empty where the verb has none of that name.
func flag(cmd *cobra.Command, name string) string {
	if f := cmd.Flags().Lookup(name); f != nil {
		return f.Value.String()
	}
	return ""
}
