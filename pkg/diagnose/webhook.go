package diagnose

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func webhookEntry() entry {
	return entry{Code{
		Code:    "BK-H102",
		Title:   "an admission webhook that the deletion needs has no server",
		Explain: "The rules of the webhook match a write without which the deletion cannot end: removing a finalizer is an UPDATE of the object, and what is in a namespace goes with a DELETE. With failurePolicy Fail the API server refuses such writes as long as the webhook's server does not answer.",
		Why:     "The server of the webhook was deleted before what it guards, sometimes because it lives in the very namespace that is being deleted.",
		Fix:     "Bring the server back. If it was removed on purpose, keep a copy of the webhook configuration and delete it.",
		Danger:  "Deleting a webhook configuration switches its check off for the whole cluster.",
		Source:  "rules, namespaceSelector and objectSelector of the configuration, the EndpointSlices of its Service; k8s.io/apiserver@v0.36.3 pkg/admission/plugin/webhook",
	}, judgeWebhooks}
}

func refusalEntry() entry {
	return entry{Code{
		Code:    "BK-H103",
		Title:   "an admission webhook refused a write of the deletion",
		Explain: "The API server says that a webhook denied a write, or that it could not ask the webhook. The words are quoted from where they were found.",
		Why:     "A policy forbids to delete or change objects of this kind, or the webhook's server answers with an error.",
		Fix:     "Look at what the message asks for: a policy is often satisfied by an annotation or by an exception for the namespace.",
		Danger:  "The policy may be there to protect this very data.",
		Source:  "conditions, events and the log of the operator",
	}, judgeRefusals}
}

// needed tells whether the deletion cannot end without a write that the webhook sees.
func needed(ev *backup.Evidence, w backup.Webhook) bool {
	target := ev.Object.Ref.GroupResource()
	if w.Resource != target {
		return true // content: only writes that it needs were collected
	}
	return slices.Contains(w.Operations, "UPDATE") || target == "pods"
}

func judgeWebhooks(ev *backup.Evidence) []backup.Finding {
	if !ev.Object.Deleting() {
		return nil
	}
	if ev.Control.WebhooksLookup == backup.Denied || ev.Control.WebhooksLookup == backup.Failed {
		return one(unknown("BK-H102", ev.Object.Ref, unread("the list of admission webhooks", ev.Control.WebhooksLookup, "")))
	}
	var all []backup.Finding
	served := 0
	for _, group := range sameWebhook(ev) {
		w := group[0]
		switch w.Backend.Serves() {
		case backup.No:
			all = append(all, webhookDown(ev, group))
		case backup.Yes:
			served++
		default:
			all = append(all, skipped("BK-H102", w.Configuration, fmt.Sprintf("webhook %s sees %s; whether %s answers was not tried", w.Name, sees(group), backendText(w.Backend))))
		}
	}
	if served > 0 {
		all = append(all, fine("BK-H102", ev.Object.Ref, counted(int64(served), "admission webhook")+" that the deletion has to pass: each has ready endpoints"))
	}
	return all
}

// sameWebhook groups what was collected by webhook, and leaves out those that
// cannot stop the deletion.
func sameWebhook(ev *backup.Evidence) [][]backup.Webhook {
	var groups [][]backup.Webhook
	for _, w := range ev.Control.Webhooks {
		if w.FailurePolicy == "Ignore" || w.Selects == backup.No || !needed(ev, w) {
			continue
		}
		i := slices.IndexFunc(groups, func(g []backup.Webhook) bool {
			return g[0].Configuration == w.Configuration && g[0].Name == w.Name && g[0].Selects == w.Selects
		})
		if i < 0 {
			groups = append(groups, []backup.Webhook{w})
			continue
		}
		groups[i] = append(groups[i], w)
	}
	return groups
}

// sees is what a webhook sees: "UPDATE of backups.pingcap.com, DELETE of pods".
func sees(group []backup.Webhook) string {
	texts := make([]string, 0, len(group))
	for _, w := range group {
		texts = append(texts, strings.Join(w.Operations, " and ")+" of "+w.Resource)
	}
	return strings.Join(texts, ", ")
}

func webhookDown(ev *backup.Evidence, group []backup.Webhook) backup.Finding {
	w := group[0]
	found := problem("BK-H102", backup.SeverityCause, w.Configuration, fmt.Sprintf("webhook %s has no server, and so %s is refused: %s", w.Name, sees(group), backendText(w.Backend)))
	if w.Selects == backup.Unknown {
		found.Severity = backup.SeverityWarning
		found.Title = fmt.Sprintf("webhook %s has no server, and so %s may be refused: %s", w.Name, sees(group), backendText(w.Backend))
		found.Explain = "Whether it takes this object is not known: " + w.WhyNot + "."
	}
	if ev.Namespace.Terminating() == backup.Yes && w.Backend.Service.Namespace == ev.Namespace.Name {
		found.Explain += " Its Service lives in the very namespace that is being deleted: each waits for the other."
	}
	found.Explain = strings.TrimSpace(found.Explain)
	found.Cause = "webhook " + w.Name
	found.Proof = []backup.Proof{
		{Text: "rule " + w.Rule + ", failurePolicy " + orElse(w.FailurePolicy, "Fail"), Source: w.Configuration.Human()},
		{Text: backendText(w.Backend), Source: "clientConfig of " + w.Name + ", " + endpointsFrom(w.Backend)},
	}
	found.Fixes = append(backendFixes(w.Backend), backup.Fix{
		Does: "If its server was removed on purpose: keeps a copy of the configuration and deletes it.", DoesNot: "It deletes none of the objects that the webhook guards.",
		Commands: []string{
			command("kubectl", "get", w.Configuration.Resource, w.Configuration.Name, "-o", "yaml"),
			command("kubectl", "delete", w.Configuration.Resource, w.Configuration.Name),
		},
		Danger: "Every check of this configuration is off for the whole cluster.",
	})
	return found
}

// denial is what the API server said of one webhook.
type denial struct {
	webhook, text string
	denied        bool
}

// The API server's words for a webhook that denies, and for one it cannot ask.
// Source: k8s.io/apiserver@v0.36.3 pkg/admission/plugin/webhook/errors/statuserror.go
// and k8s.io/apiserver@v0.36.3 pkg/util/webhook/error.go.
var (
	deniedBy = regexp.MustCompile(`admission webhook \\?"([^"\\]+)\\?" denied the request(?:: ?([^\n]*))?`)
	failedAt = regexp.MustCompile(`failed calling webhook \\?"([^"\\]+)\\?"(?:: ?([^\n]*))?`)
)

func denialsIn(text string) []denial {
	var all []denial
	for _, m := range deniedBy.FindAllStringSubmatch(text, -1) {
		all = append(all, denial{webhook: m[1], text: m[2], denied: true})
	}
	for _, m := range failedAt.FindAllStringSubmatch(text, -1) {
		all = append(all, denial{webhook: m[1], text: m[2]})
	}
	return all
}

func judgeRefusals(ev *backup.Evidence) []backup.Finding {
	if !ev.Object.Deleting() {
		return nil
	}
	var all []backup.Finding
	said := map[string]bool{}
	for _, proof := range spoken(ev) {
		for _, r := range denialsIn(proof.Text) {
			if said[r.webhook] || !r.denied && isDown(ev, r.webhook) {
				continue // the finding of the missing server says more
			}
			said[r.webhook] = true
			verb := "refuses a write that the deletion needs"
			if !r.denied {
				verb = "cannot be asked, and so a write that the deletion needs is refused"
			}
			found := problem("BK-H103", backup.SeverityCause, refusedBy(ev, r.webhook), fmt.Sprintf("webhook %s %s: %s", r.webhook, verb, orElse(gist(r.text), "it gives no reason")))
			found.Cause = "webhook " + r.webhook
			found.Proof = []backup.Proof{{Text: shorten(proof.Text), Source: proof.Source, At: proof.At}}
			found.Fixes = []backup.Fix{{Does: "Shows the configurations of admission webhooks.", Commands: []string{command("kubectl", "get", "validatingwebhookconfigurations,mutatingwebhookconfigurations")}}}
			all = append(all, found)
		}
	}
	return all
}

// spoken is every text in which the API server's words may be quoted.
func spoken(ev *backup.Evidence) []backup.Proof {
	var all []backup.Proof
	for _, c := range ev.Namespace.Conditions {
		all = append(all, backup.Proof{Text: c.Message, Source: "condition " + c.Type + " of the namespace", At: c.At})
	}
	for _, c := range ev.Object.Conditions {
		all = append(all, backup.Proof{Text: c.Message, Source: "condition " + c.Type, At: c.At})
	}
	for _, e := range ev.Events {
		all = append(all, backup.Proof{Text: e.Message, Source: "event " + e.Reason, At: &e.At})
	}
	for _, o := range ev.Owners {
		for _, line := range o.LogErrors {
			all = append(all, backup.Proof{Text: line, Source: "log of " + orElse(o.Selector.Manager, "the operator")})
		}
	}
	return all
}

func isDown(ev *backup.Evidence, name string) bool {
	return slices.ContainsFunc(ev.Control.Webhooks, func(w backup.Webhook) bool {
		return w.Name == name && w.Backend.Serves() == backup.No && needed(ev, w) && w.Selects != backup.No
	})
}

// refusedBy is the configuration of a webhook, or the target if it is not known.
func refusedBy(ev *backup.Evidence, name string) backup.Ref {
	for _, w := range ev.Control.Webhooks {
		if w.Name == name {
			return w.Configuration
		}
	}
	return ev.Object.Ref
}
