package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// relatives lists other objects at the same place and those that go with this one.
func (p *page) relatives(e backup.Evidence) {
	if len(e.Neighbours) > 0 {
		p.section("Others at the same place:")
		t := NewTable("NAMESPACE", "NAME", "SYSTEM", "PHASE", "PLACE")
		for _, n := range e.Neighbours {
			t.Add(n.Ref.Namespace, n.Ref.Name, n.System, string(n.Phase), n.Location.URL())
		}
		p.table(2, t)
	}
	if len(e.Dependents) > 0 {
		p.section("Deleted with it:")
		for _, d := range e.Dependents {
			text := d.Ref.Human()
			if d.Finished != backup.Unknown {
				text += map[backup.Answer]string{backup.Yes: ", finished", backup.No: ", not finished"}[d.Finished]
			}
			p.item(2, say("-"), say(text))
		}
	}
}

// conditions lists the conditions in the object's order with their messages.
func (p *page) conditions(conditions []backup.Condition) {
	if len(conditions) == 0 {
		return
	}
	p.section("Conditions:")
	for _, c := range conditions {
		age := ""
		if c.At != nil {
			age = p.style.Ago(*c.At)
		}
		p.text(2, say(c.Type+"="+c.Status), say(prefixed("  ", c.Reason)), faint(prefixed("  ", age)))
		p.block(4, c.Message, plain)
	}
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// events merges the events of the object, its works and their pods by time.
func (p *page) events(e backup.Evidence) {
	if len(e.Events) == 0 {
		switch e.EventsLookup {
		case backup.Found, backup.Absent:
			p.section("Events: <none>")
		case backup.Denied, backup.Failed:
			p.section("Events: could not be read (" + string(e.EventsLookup) + ")")
		}
		return
	}
	p.section("Events:")
	events := slices.Clone(e.Events)
	slices.SortStableFunc(events, func(a, b backup.Event) int { return a.At.Compare(b.At) })
	t := NewTable("AGE", "TYPE", "REASON", "OBJECT", "MESSAGE")
	for _, event := range events {
		age := p.style.Age(event.At)
		if event.Count > 1 {
			age += fmt.Sprintf(" (x%d)", event.Count)
		}
		object := strings.ToLower(event.Object.Kind) + "/" + event.Object.Name
		t.add(say(age), eventType(event.Type), say(event.Reason), say(object), say(oneLine(event.Message)))
	}
	p.table(2, t)
}

func eventType(kind string) span {
	if kind == "Warning" {
		return span{kind, warn}
	}
	return say(kind)
}
