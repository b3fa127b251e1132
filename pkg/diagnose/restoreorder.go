package diagnose

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func restoreOrderEntries() []entry {
	return []entry{{Code{
		Code: "BK-E125", Title: "an object was restored before one that it needs",
		Explain: "Velero restores one resource after the other: first those of a list, last those of another, and between them all others by their names. An object of which the API server or a webhook wants another one to be there fails if that one comes later.",
		Why:     "The flag --restore-resource-priorities of the server was set and leaves something out, or a custom resource needs one whose name comes later in the alphabet.",
		Fix:     "Set the flag to the whole value that the finding prints, and restore what failed again. A value takes the place of the default; what it leaves out is restored by name.",
		Danger:  "A change of the flag restarts the server, and what it runs then fails.",
		Source:  "the results and the list of the restore in the bucket; vmware-tanzu/velero@v1.18.3 pkg/cmd/server/config/config.go, pkg/restore/restore.go getOrderedResources",
	}, judgeRestoreOrder}}
}

// misplaced is an object that failed because another one came later.
type misplaced struct {
	failed, needed         string // resources
	object, other, message string
}

func judgeRestoreOrder(ev *backup.Evidence) []backup.Finding {
	results := ev.RestoreResults
	if results == nil {
		return nil
	}
	subject := ev.Object.Ref
	switch results.Lookup {
	case backup.Found:
	case backup.NotAsked:
		return one(skipped("BK-E125", subject, "what failed in the restore was not read: "+orElse(results.Error, "nobody asked")))
	default:
		return one(unknown("BK-E125", subject, "whether something was restored before what it needs could not be told: "+shorten(results.Error)))
	}
	var found []misplaced
	for _, m := range results.Messages {
		if late, ok := tooLate(results, m); ok {
			found = append(found, late)
		}
	}
	if len(found) == 0 {
		return nil
	}
	if results.Order == nil {
		return one(unknown("BK-E125", subject, fmt.Sprintf("%s failed for want of %s, which the restore made too; in which order it does is not known: %s",
			found[0].object, found[0].other, results.OrderWhy), backup.Proof{Text: shorten(found[0].message), Source: results.Place}))
	}
	found = slices.DeleteFunc(found, func(m misplaced) bool { return results.Order.Compare(m.failed, m.needed) >= 0 })
	if len(found) == 0 {
		return nil
	}
	return one(outOfOrder(subject, results, found))
}

// outOfOrder is the finding about all objects that came too early.
func outOfOrder(subject backup.Ref, results *backup.RestoreResults, all []misplaced) backup.Finding {
	order := *results.Order
	title := fmt.Sprintf("%s was restored before %s, which it needs", all[0].object, all[0].other)
	if len(all) > 1 {
		title += fmt.Sprintf("; and %d more like this", len(all)-1)
	}
	found := problem("BK-E125", backup.SeverityCause, subject, title)
	for i, m := range all {
		if i == provedBlockers {
			break
		}
		found.Proof = append(found.Proof, backup.Proof{Text: shorten(m.message), Source: results.Place})
	}
	source := "the default of " + order.Image
	if order.Flag != "" {
		source = "its flag --restore-resource-priorities"
	}
	found.Proof = append(found.Proof, backup.Proof{Text: "the server restores by " + source, Source: order.Server.Human()})
	wanted := order
	for _, m := range all {
		wanted = wanted.Before(m.needed, m.failed)
	}
	found.Explain = "It would work with the whole order " + wanted.Value()
	found.Fixes = []backup.Fix{{
		Does:     "Sets the whole order of the server, with what is needed before what needs it.",
		DoesNot:  "It repairs nothing of this restore: restore what failed again. An operator that made the Deployment, such as that of OADP, sets it back; there the flag is a field of its own object.",
		Danger:   "The server starts again, and what it runs fails.",
		Commands: []string{setPriorities(order, wanted.Value())},
	}}
	return found
}

// setPriorities is the command that gives the server an order.
func setPriorities(order backup.RestoreOrder, value string) string {
	op, flag := "add", "--restore-resource-priorities="+value
	at := fmt.Sprintf("/spec/template/spec/containers/%d/%s/", order.Container, order.List)
	switch {
	case order.Argument < 0:
		at += "-"
	case order.Apart:
		op, flag, at = "replace", value, at+fmt.Sprint(order.Argument)
	default:
		op, at = "replace", at+fmt.Sprint(order.Argument)
	}
	patch := fmt.Sprintf(`[{"op":%s,"path":%s,"value":%s}]`, jsonString(op), jsonString(at), jsonString(flag))
	words := inNamespace(order.Server.Namespace, "kubectl", "patch", order.Server.GroupResource(), order.Server.Name)
	return command(append(words, "--type=json", "-p", patch)...)
}

var (
	// failedItem is how Velero says that it could not make an object
	// (velero@v1.18.3 pkg/restore/restore.go getResourceID): "error restoring pods/shop/web: …".
	failedItem = regexp.MustCompile(`^error restoring (?:additional item )?([a-z0-9.-]+)/(?:([^/\s:]+)/)?([^/\s]+?): (.*)`)
	// Of what an API server, its admission and webhooks say of an object that is not there.
	notFound   = regexp.MustCompile(`([A-Za-z][A-Za-z0-9.-]*) "([^"]+)" not found`)
	noPriority = regexp.MustCompile(`no PriorityClass with name (\S+) was found`)
)

// tooLate finds in a message an object that failed for want of one that the
// restore made as well.
func tooLate(results *backup.RestoreResults, m backup.ArchiveMessage) (misplaced, bool) {
	failed := failedItem.FindStringSubmatch(oneLine(m.Text))
	if failed == nil {
		return misplaced{}, false
	}
	word, name := "priorityclass", ""
	if found := noPriority.FindStringSubmatch(failed[4]); found != nil {
		name = found[1]
	} else if all := notFound.FindAllStringSubmatch(failed[4], -1); len(all) > 0 { // the last one is the innermost error
		word, name = all[len(all)-1][1], all[len(all)-1][2]
	}
	if name == "" {
		return misplaced{}, false
	}
	for _, kind := range results.Restored {
		resource := results.Resources[kind.Kind]
		if resource == "" || resource == failed[1] || !means(word, kind.Kind, resource) {
			continue
		}
		if other, ok := made(kind.Names, failed[2], name); ok {
			object := strings.TrimPrefix(failed[2]+"/"+failed[3], "/")
			return misplaced{failed: failed[1], needed: resource, object: failed[1] + " " + object, other: resource + " " + other, message: m.Text}, true
		}
	}
	return misplaced{}, false
}

// means tells whether a word of an error is the kind "group/version/Kind" or its
// resource, in the singular or plural, with its group or without.
func means(word, kind, resource string) bool {
	word, group, qualified := strings.Cut(strings.ToLower(word), ".")
	plural, own, _ := strings.Cut(resource, ".")
	if qualified && group != own {
		return false
	}
	return word == plural || word == strings.ToLower(kind[strings.LastIndex(kind, "/")+1:])
}

// made finds an object that the restore made: in the namespace, or in none.
func made(names []string, namespace, name string) (string, bool) {
	for _, entry := range names {
		object, done, _ := strings.Cut(strings.TrimSuffix(entry, ")"), "(")
		if (done == "created" || done == "updated") && (object == name || object == namespace+"/"+name) {
			return object, true
		}
	}
	return "", false
}
