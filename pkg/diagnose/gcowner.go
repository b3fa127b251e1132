package diagnose

import (
	"fmt"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// solid tells whether a reference names the object that is there.
func solid(o backup.OwnerReference) bool {
	return o.Lookup == backup.Found && o.FoundUID == o.Ref.UID
}

// dangling is the finding about a reference that the garbage collector takes
// for one to an owner that is gone: it deletes the object, unless another of
// its owners is there.
func dangling(code string, ev *backup.Evidence, index int, title string) backup.Finding {
	o, severity := ev.OwnerReferences[index], backup.SeverityWarning
	if slices.ContainsFunc(ev.OwnerReferences, solid) {
		severity = backup.SeverityInfo
		title += "; another owner keeps the object"
	}
	found := problem(code, severity, ev.Object.Ref, title)
	found.Proof = []backup.Proof{{Text: fmt.Sprintf("owner %s with UID %s", o.Ref.Human(), o.Ref.UID), Source: fmt.Sprintf("metadata.ownerReferences[%d]", index)}}
	if e := lastEvent(ev, "OwnerRefInvalidNamespace"); e != nil {
		found.Proof = append(found.Proof, backup.Proof{Text: shorten(e.Message), Source: "event " + e.Reason, At: &e.At})
	}
	ref := ev.Object.Ref
	if ev.Object.Deleting() {
		found.Explain = "Its deletion cannot be taken back, by nobody."
		found.Fixes = []backup.Fix{{
			Does: "Prints the object, so that it can be made again without the reference.", DoesNot: "It changes nothing.",
			Commands: []string{look(ref.Namespace, "get", ref.GroupResource(), ref.Name, "-o", "yaml")},
		}}
		return found
	}
	path := fmt.Sprintf("/metadata/ownerReferences/%d", index)
	patch := fmt.Sprintf(`[{"op":"test","path":%s,"value":%s},{"op":"remove","path":%s}]`, jsonString(path+"/uid"), jsonString(o.Ref.UID), jsonString(path))
	found.Fixes = []backup.Fix{{
		Does: "Removes the owner reference, so that the object stays.", DoesNot: "It is not deleted with its owner any more.",
		Commands: []string{command(append(inNamespace(ref.Namespace, "kubectl", "patch", ref.GroupResource(), ref.Name), "--type=json", "-p", patch)...)},
	}}
	return found
}

// eachOwner hands on the references that a check is about.
func eachOwner(ev *backup.Evidence, say func(index int, o backup.OwnerReference) *backup.Finding) []backup.Finding {
	var all []backup.Finding
	for i, o := range ev.OwnerReferences {
		if found := say(i, o); found != nil {
			all = append(all, *found)
		}
	}
	return all
}

// unresolvable is a namespaced owner of a cluster-scoped object.
func unresolvable(ev *backup.Evidence, o backup.OwnerReference) bool {
	return o.Namespaced == backup.Yes && ev.Object.Ref.Namespace == ""
}

func judgeOwnerElsewhere(ev *backup.Evidence) []backup.Finding {
	return eachOwner(ev, func(i int, o backup.OwnerReference) *backup.Finding {
		if o.Elsewhere == "" || unresolvable(ev, o) {
			return nil
		}
		found := dangling("BK-K106", ev, i, fmt.Sprintf("its owner %s %s is in namespace %s, where the garbage collector does not look: %s", o.Ref.Kind, o.Ref.Name, o.Elsewhere, collected(ev)))
		return &found
	})
}

// collected says what the garbage collector makes of a dangling reference.
func collected(ev *backup.Evidence) string {
	if ev.Object.Deleting() {
		return "it deletes the object as if the owner were gone"
	}
	return "it is about to delete the object as if the owner were gone"
}

func judgeStaleOwner(ev *backup.Evidence) []backup.Finding {
	return eachOwner(ev, func(i int, o backup.OwnerReference) *backup.Finding {
		name := o.Ref.Human()
		switch {
		case o.Elsewhere != "" || unresolvable(ev, o) || solid(o):
			return nil
		case o.Lookup == backup.Found:
			found := dangling("BK-K107", ev, i, fmt.Sprintf("its owner %s is another object than the one it belongs to: %s", name, collected(ev)))
			found.Proof = append(found.Proof, backup.Proof{Text: "the object of that name has UID " + o.FoundUID, Source: o.Ref.String()})
			return &found
		case o.Lookup == backup.Absent:
			found := dangling("BK-K107", ev, i, fmt.Sprintf("its owner %s does not exist: %s", name, collected(ev)))
			if ev.Object.Deleting() { // the usual end of what belongs to something
				found.Severity = backup.SeverityInfo
			}
			return &found
		case o.Namespaced == backup.Unknown:
			found := unknown("BK-K107", ev.Object.Ref, fmt.Sprintf("whether its owner %s lives is not known: the cluster serves no %s of %s", name, o.Ref.Kind, orElse(o.Ref.Group, "the core group")))
			return &found
		}
		found := unknown("BK-K107", ev.Object.Ref, unread("its owner "+name, o.Lookup, ""))
		return &found
	})
}

func judgeScopedOwner(ev *backup.Evidence) []backup.Finding {
	return eachOwner(ev, func(i int, o backup.OwnerReference) *backup.Finding {
		if !unresolvable(ev, o) {
			return nil
		}
		found := problem("BK-K108", backup.SeverityWarning, ev.Object.Ref, fmt.Sprintf("its owner %s %s lives in a namespace, and a cluster-scoped object cannot have such an owner", o.Ref.Kind, o.Ref.Name))
		found.Explain = "The garbage collector neither deletes it with its owner nor waits for it."
		found.Proof = []backup.Proof{{Text: "owner " + o.Ref.Human() + inside(o.Elsewhere), Source: fmt.Sprintf("metadata.ownerReferences[%d]", i)}}
		return &found
	})
}

func inside(namespace string) string {
	if namespace == "" {
		return ""
	}
	return " is in namespace " + namespace
}
