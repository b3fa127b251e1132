package diagnose

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// How many blockers of one group are proved one by one, and named in a command.
const (
	provedBlockers = 5
	namedBlockers  = 20
)

// blockerGroup are blockers of one sort: found by one rule for one reason, and
// managed by one controller.
type blockerGroup struct {
	rule       int
	self       bool
	because    string
	controller *backup.Ref
	blockers   []backup.Blocker
}

// groupBlockers puts equal blockers together, in the order of their first.
func groupBlockers(blockers []backup.Blocker) []*blockerGroup {
	var groups []*blockerGroup
	at := map[string]*blockerGroup{}
	for _, b := range blockers {
		key := fmt.Sprintf("%d\n%s\n%s\n%s\n", b.Rule, b.Because, b.Ref.GroupResource(), b.Ref.Namespace)
		if b.Controller != nil {
			key += b.Controller.Human()
		}
		if at[key] == nil {
			at[key] = &blockerGroup{rule: b.Rule, self: b.Self, because: b.Because, controller: b.Controller}
			groups = append(groups, at[key])
		}
		at[key].blockers = append(at[key].blockers, b)
	}
	return groups
}

// who names the group in a sentence: "Pod ns/x" or "3 Pods of Job ns/x".
func (g *blockerGroup) who() string {
	ref := g.blockers[0].Ref
	if len(g.blockers) == 1 {
		return ref.Human()
	}
	text := fmt.Sprintf("%d %ss", len(g.blockers), orElse(ref.Kind, ref.Resource))
	if g.controller != nil {
		return text + " of " + g.controller.Human()
	}
	return text
}

// cause is the same text for whatever hangs on the same blockers.
func (g *blockerGroup) cause() string {
	switch {
	case g.self:
		return ""
	case g.controller != nil:
		return g.controller.Human()
	case len(g.blockers) == 1:
		return g.blockers[0].Ref.Human()
	}
	return ""
}

func (g *blockerGroup) proof(ev *backup.Evidence) []backup.Proof {
	if g.self {
		return []backup.Proof{{Text: shorten(g.because), Source: "the object itself"}}
	}
	var all []backup.Proof
	for i, b := range g.blockers {
		if i == provedBlockers {
			return append(all, backup.Proof{Text: fmt.Sprintf("and %d more like these", len(g.blockers)-i), Source: "list of " + b.Ref.GroupResource()})
		}
		all = append(all, backup.Proof{Text: standing(ev, b), Source: b.Ref.String(), At: b.Deleted})
	}
	return all
}

// standing says on one line what an object tells of itself, and why it blocks.
func standing(ev *backup.Evidence, b backup.Blocker) string {
	if b.Missing {
		return b.Ref.Human() + " does not exist"
	}
	text := b.Ref.Human() + " is"
	if b.Phase != "" {
		text += " " + b.Phase
		if b.Node != "" {
			text += " on " + nodeText(ev, b.Node) + ","
		}
		text += " and"
	}
	if b.Deleted == nil {
		return text + " not being deleted"
	}
	text += " being deleted"
	if held := heldBy(b.Finalizers); held != "" {
		text += ", held by " + held
	}
	return text
}

// heldBy names finalizers: "finalizer a/b", "finalizers a/b and c/d".
func heldBy(finalizers []string) string {
	switch len(finalizers) {
	case 0:
		return ""
	case 1:
		return "finalizer " + finalizers[0]
	}
	last := len(finalizers) - 1
	return "finalizers " + strings.Join(finalizers[:last], ", ") + " and " + finalizers[last]
}

// fixes are those of the profile's rule. What is being deleted already is not
// deleted once more: what holds it has to be seen instead.
func (g *blockerGroup) fixes(ev *backup.Evidence, f backup.Finalizer) []backup.Fix {
	first := g.blockers[0]
	if g.deleting() {
		if node := nodeOf(ev, first.Node); node != nil && !first.Ended() && node.Ready != backup.Yes {
			return lostNodeFixes(*node)
		}
		words := inNamespace(first.Ref.Namespace, "kubectl", "backup", "diagnose", first.Ref.String())
		return []backup.Fix{{Does: "Explains why it does not go; its deletion was already asked for.", DoesNot: "It changes nothing.", Commands: []string{command(words...)}}}
	}
	if g.rule >= len(f.Blockers) {
		return nil
	}
	var all []backup.Fix
	for _, template := range f.Blockers[g.rule].Fixes {
		all = append(all, g.fix(template, ev.Object.Ref))
	}
	return all
}

// fix is a fix of a profile for the objects of the group.
func (g *blockerGroup) fix(template backup.FixTemplate, self backup.Ref) backup.Fix {
	fix := backup.Fix{Does: template.Does, DoesNot: template.DoesNot, Effect: template.Effect, Danger: template.Danger}
	for _, line := range template.Commands {
		fix.Commands = append(fix.Commands, g.fill(line, self))
	}
	return fix
}

// deleting tells whether deletion was asked for of every object of the group.
func (g *blockerGroup) deleting() bool {
	for _, b := range g.blockers {
		if b.Self || b.Deleted == nil {
			return false
		}
	}
	return true
}

// fill puts names into a command of a profile and quotes each word for a shell.
func (g *blockerGroup) fill(line string, self backup.Ref) string {
	item := g.blockers[0].Ref
	names := []string{"{self.name}", self.Name, "{self.namespace}", self.Namespace, "{item.name}", item.Name, "{item.namespace}", item.Namespace}
	for name, value := range g.blockers[0].Values {
		names = append(names, "{value."+name+"}", value)
	}
	replacer := strings.NewReplacer(names...)
	var words []string
	for word := range strings.SplitSeq(line, " ") {
		if word == "{item.names}" {
			for i, b := range g.blockers {
				if i < namedBlockers {
					words = append(words, b.Ref.Name)
				}
			}
			continue
		}
		words = append(words, replacer.Replace(word))
	}
	return command(words...)
}
