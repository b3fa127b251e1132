package render

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// stateWord is the state of an object with its age: "TERMINATING for 4d2h".
func stateWord(o backup.Object, s Style) span {
	if o.Deleting() {
		return terminating(*o.Deleted, s)
	}
	word := phaseWord(o, s, true)
	if since := deref(o.PhaseSince); !since.IsZero() {
		if o.Phase.Terminal() {
			word.text += " " + s.Ago(since)
		} else {
			word.text += " for " + s.Age(since)
		}
	}
	if o.Role == backup.RoleBackup && o.Data != backup.DataInline && o.Data != backup.DataMoved && o.Data != "" {
		word.text += ", data " + dataWord(o).text
	}
	return word
}

func terminating(since time.Time, s Style) span {
	return span{"TERMINATING for " + s.Age(since), warn}
}

// header is the first line about a target: what it is, its state, which one exactly.
func (p *page) header(ref backup.Ref, state span, context string) {
	var which []string
	if ref.UID != "" {
		short, _, _ := strings.Cut(ref.UID, "-")
		which = append(which, "uid "+short)
	}
	if context != "" {
		which = append(which, "context "+context)
	}
	spans := []span{{ref.Human(), strong}}
	if state.text != "" {
		spans = append(spans, say("   "), state)
	}
	if len(which) > 0 {
		spans = append(spans, faint("   ("+strings.Join(which, ", ")+")"))
	}
	p.put("", "  ", spans...)
}

// cluster is the first line of whatever writes: the context and the server.
func (p *page) cluster(c backup.ClusterInfo) {
	context := c.Context
	if context == "" {
		context = none
	}
	spans := []span{say("context "), {context, strong}, say(", server " + orNone(c.Server))}
	if c.User != "" {
		spans = append(spans, say(", user "+c.User))
	}
	p.put("", "  ", spans...)
}

func orNone(text string) string {
	if text == "" {
		return none
	}
	return text
}

// wholeTarget is the target of a plan; that of a plan for several objects, which has
// no name, is how many they are.
func wholeTarget(plan backup.Plan) backup.Ref {
	if plan.Target.Name != "" {
		return plan.Target
	}
	return backup.Ref{Kind: fmt.Sprint(len(plan.Steps)), Name: plan.Target.Resource}
}
