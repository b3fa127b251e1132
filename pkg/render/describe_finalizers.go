package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// finalizers describes what holds the object, who removes it and when.
func (p *page) finalizers(e backup.Evidence, details bool) {
	own := slices.DeleteFunc(slices.Clone(e.Object.Finalizers), func(f backup.Finalizer) bool { return f.Hold })
	if len(own) == 0 {
		return
	}
	p.section("Finalizers:")
	for _, f := range own {
		p.text(2, span{f.Name, strong})
		p.fields(4, finalizerFields(f, e, p.style))
		if details {
			p.ways(f.Ways)
		}
	}
}

func finalizerFields(f backup.Finalizer, e backup.Evidence, s Style) fields {
	var all fields
	switch {
	case f.Builtin:
		all.add("Known", "to Kubernetes itself; it is never stripped")
	case f.Profile == "":
		all.addSpans("Known", span{"to no profile", warn})
	case !f.Trusted:
		all.addSpans("Known", span{"to the profile of " + f.Profile + ", which may open no gate for it", warn})
	}
	all.add("Guards", f.Guards)
	all.add("Waits for", f.WaitsFor)
	all.addSpans("Removed by", ownerWords(f.Owner, e, s)...)
	added := ""
	if f.AddedAt != nil {
		added = s.moment(*f.AddedAt)
	}
	if f.AddedBy != "" {
		added = joinWords(added, "by "+f.AddedBy)
	}
	all.add("Added", added)
	return all
}

// ownerWords is the controller that removes a finalizer and whether it is there.
func ownerWords(selector backup.OwnerSelector, e backup.Evidence, s Style) []span {
	name := selector.Manager
	if name == "" {
		name = selector.Deployments
	}
	if name == "" {
		return nil
	}
	for _, owner := range e.Owners {
		if owner.Selector == selector {
			return []span{say(name + ", "), aliveWord(owner, e), faint(ownerProof(owner, s))}
		}
	}
	return []span{say(name)}
}

func aliveWord(o backup.Owner, e backup.Evidence) span {
	switch o.Alive(e.At) {
	case backup.Yes:
		return span{"alive", good}
	case backup.No:
		if o.Lookup == backup.Absent {
			return span{"not installed: no Deployment matches", bad}
		}
		return span{"not working", bad}
	}
	return span{joinWith(": ", "unknown whether alive", o.Error), warn}
}

// ownerProof is what shows that the owner works: replicas, lease, last write.
func ownerProof(o backup.Owner, s Style) string {
	var parts []string
	for _, d := range o.Deployments {
		parts = append(parts, fmt.Sprintf("%s %d/%d ready", d.Ref.Human(), d.Ready, d.Replicas))
	}
	if o.Lease != nil {
		parts = append(parts, "lease renewed "+s.Ago(o.Lease.Renewed))
	}
	if o.LastWrite != nil {
		parts = append(parts, "wrote to the object "+s.Ago(*o.LastWrite))
	}
	if text := joinComma(parts...); text != "" {
		return " (" + text + ")"
	}
	return ""
}

// ways lists what the profile knows as ways out; whether one is open is for
// the gate to say, which diagnose shows.
func (p *page) ways(ways []backup.Way) {
	if len(ways) == 0 {
		return
	}
	p.text(4, say("Ways out:"))
	for _, way := range ways {
		status := map[backup.Answer]backup.Status{backup.Yes: backup.StatusOK, backup.No: backup.StatusSkipped}[way.Applies]
		if status == "" {
			status = backup.StatusUnknown
		}
		p.item(6, mark(status, ""), span{way.Name, strong}, say("  "+joinWith("; ", strings.TrimSuffix(way.Does, "."), way.WhyNot)))
	}
}
