package diagnose

import (
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestControlVerdict(t *testing.T) {
	both := func(changes ...func(*backup.Evidence)) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			for _, change := range changes {
				change(ev)
			}
		}
	}
	for name, tc := range map[string]struct {
		base   func() *backup.Evidence
		change func(*backup.Evidence)
		want   string
	}{
		"nothing holds it": {dyingNamespace, func(ev *backup.Evidence) { ev.Object.Deleted = at("09:00:00") }, "its deletion is under way: nothing was found that holds it"},
		"unlisted":         {dyingNamespace, func(ev *backup.Evidence) { ev.Control.ContentLookup = backup.Denied }, "its deletion was asked for 1h0m ago, and why it lasts is not known: what is left behind it may not be read by this user"},
		"pods before content": {dyingNamespace, leave(group("pods"), group("configmaps", "x.io/hold")),
			"its deletion hangs: namespace shop waits for 7 pods in it"},
		"content": {dyingNamespace, leave(group("configmaps", "x.io/hold"), group("secrets", "x.io/hold")),
			"its deletion hangs: finalizer x.io/hold holds 2 configmaps, 2 secrets in namespace shop"},
		"webhook before its symptom": {dyingNamespace, both(hooks(hook(goneService(), "DELETE")), says("NamespaceDeletionContentFailure", "True", "ContentDeletionFailed", `failed calling webhook "guard.example.com": no`)),
			"its deletion hangs: webhook guard.example.com has no server, and so DELETE of things.example.com is refused: Service shop/guard does not exist"},
		"foreign finalizer": {dyingNamespace, func(ev *backup.Evidence) { ev.Namespace.Finalizers = []string{"kubernetes", "x.io/y"} },
			"its deletion hangs: spec.finalizers has x.io/y, which only its own controller empties through /finalize"},
		"only its metadata": {dyingNamespace, func(ev *backup.Evidence) {
			ev.Namespace.Finalizers, ev.Object.Finalizers = nil, []backup.Finalizer{{Name: "cattle.io/auth"}}
		}, "its deletion hangs: the content is gone, and metadata.finalizers holds the namespace: cattle.io/auth"},
		"definition": {dyingDefinition, leave(group(things, "example.com/tidy")),
			"its deletion hangs: the definition waits for its objects: finalizer example.com/tidy holds 2 things.example.com"},
		"object behind a webhook": {heldThing, hooks(hook(service(0), "UPDATE")),
			"its deletion hangs: webhook guard.example.com has no server, and so UPDATE of things.example.com is refused: Service shop/guard has 0 ready endpoints"},
		"object": {heldThing, nil, "its deletion waits for finalizer example.com/hold, which no profile knows"},
		"nothing wrong": {heldThing, func(ev *backup.Evidence) { ev.Object.Deleted, ev.Object.Phase, ev.Object.Finalizers = nil, "", nil },
			"nothing is wrong: Thing shop/one is there, and nobody deletes it"},
	} {
		t.Run(name, func(t *testing.T) {
			ev := tc.base()
			if tc.change != nil {
				tc.change(ev)
			}
			if got := Diagnose(*ev, nil).Verdict; got != tc.want {
				t.Errorf("verdict\n got %q\nwant %q", got, tc.want)
			}
		})
	}
}

// told is everything that one finding says.
func told(ev *backup.Evidence, code string) string {
	var b strings.Builder
	for _, f := range Diagnose(*ev, nil).Findings {
		if f.Code != code {
			continue
		}
		b.WriteString(f.Title + "\n" + f.Explain + "\n")
		for _, p := range f.Proof {
			b.WriteString(p.Text + " [" + p.Source + "]\n")
		}
		for _, fix := range f.Fixes {
			b.WriteString(fix.Does + " " + fix.Danger + "\n" + strings.Join(fix.Commands, "\n") + "\n")
		}
	}
	return b.String()
}

func wants(t *testing.T, text string, all ...string) {
	t.Helper()
	for _, want := range all {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
}

func TestPodsTrapIsCalledUntrue(t *testing.T) {
	ev, grace := dyingNamespace(), int64(30)
	leave(group("pods"))(ev)
	says("NamespaceContentRemaining", "False", "ContentRemoved", "All content successfully removed")(ev)
	pod := func(name string, ready backup.Answer) backup.Lingering {
		return backup.Lingering{Ref: ref("", "pods", "Pod", name), Deleted: at("08:00:30"), GraceSeconds: &grace, Phase: "Running", Node: "n1", NodeReady: ready, Finalizers: []string{"x.io/y"}}
	}
	ending := pod("d", backup.Yes)
	soon := ev.At.Add(time.Second)
	ending.Deleted = &soon
	ev.Control.Pods = []backup.Lingering{pod("a", backup.No), pod("b", backup.Unknown), {Ref: ref("", "pods", "Pod", "c")}, ending}
	wants(t, told(ev, "BK-N603"), "its grace period still runs", "All content successfully removed - which is not so", "which is not ready: nobody there confirms", "of which nobody knows whether it is ready", "held by x.io/y", "not being deleted yet", "kubectl backup diagnose pod/a -n shop")
}

func TestNamespaceThatNobodyLetsGo(t *testing.T) {
	ev := dyingNamespace()
	wants(t, told(ev, "BK-N607"), "the namespace controller has not let go of it", "spec.finalizers: kubernetes")
	ev.Object.Finalizers = []backup.Finalizer{{Name: "cattle.io/auth"}}
	wants(t, told(ev, "BK-N607"), "beside its content, metadata.finalizers holds the namespace: cattle.io/auth")
}

func TestBackendIsDescribed(t *testing.T) {
	outside, dying, unread := service(0), service(0), service(0)
	outside.ExternalName, dying.NamespaceDeleted, unread.ReadyLookup = "db.x.io", backup.Yes, backup.Failed
	denied := service(1)
	denied.Lookup = backup.Denied
	for want, b := range map[string]backup.Backend{
		"https://x.io":                                     {URL: "https://x.io"},
		"not known":                                        {},
		"Service shop/guard does not exist":                goneService(),
		"Service shop/guard has 1 ready endpoint":          service(1),
		"stands for db.x.io outside of the cluster":        outside,
		"0 ready endpoints, and its namespace is being de": dying,
		"whose endpoints could not be read":                unread,
		"which could not be read":                          denied,
	} {
		wants(t, backendText(b), want)
	}
}

// Old servers have no EndpointSlices that could be shown.
func TestEndpointsOfOldServers(t *testing.T) {
	ev, old := dyingNamespace(), service(0)
	old.EndpointsFrom = "Endpoints"
	hooks(hook(old, "DELETE"))(ev)
	wants(t, told(ev, "BK-H102"), "clientConfig of ", ", Endpoints", "kubectl get endpoints guard -n shop")
}

func TestWebhookInItsOwnDyingNamespace(t *testing.T) {
	ev, unsure := dyingNamespace(), hook(service(0), "DELETE")
	unsure.Selects, unsure.WhyNot = backup.Unknown, "its matchConditions are not evaluated here"
	again := unsure
	again.Resource, again.Operations = "pods", []string{"DELETE", "UPDATE"}
	hooks(unsure, again)(ev)
	wants(t, told(ev, "BK-H102"), "may be refused", "its matchConditions are not evaluated here", "each waits for the other", "DELETE of things.example.com, DELETE and UPDATE of pods", "kubectl get endpointslices -l kubernetes.io/service-name=guard -n shop")
}

func TestRefusalsAreFoundWhereTheyAreQuoted(t *testing.T) {
	ev := stuck()
	ev.Owners[0].LogErrors = []string{`E1 sync failed: admission webhook \"deny.x.io\" denied the request`, `again: admission webhook "deny.x.io" denied the request: later`}
	ev.Control.Webhooks = []backup.Webhook{{Name: "deny.x.io", Configuration: backup.Ref{Kind: "ValidatingWebhookConfiguration", Name: "policies"}}}
	text := told(ev, "BK-H103")
	wants(t, text, "webhook deny.x.io refuses a write that the deletion needs: it gives no reason", "log of tidb-controller-manager")
	if strings.Contains(text, "later") {
		t.Errorf("the same webhook is reported twice:\n%s", text)
	}
}

func TestConversionDangerDependsOnStoredVersions(t *testing.T) {
	ev, b := dyingDefinition(), service(0)
	ev.Control.Definitions[0].Backend = &b
	wants(t, told(ev, "BK-H104"), "kubectl get things.v1.example.com --all-namespaces", "All objects are stored in v1, so that nothing is lost")
	ev.Control.Definitions[0].Stored = []string{"v1", "v2"}
	ev.Control.Content = []backup.Remaining{{Resource: things, Lookup: backup.Failed}}
	ev.Object.Conditions = []backup.Condition{{Type: "Synced", Message: "conversion webhook for example.com/v2, Kind=Thing failed: no"}}
	wants(t, told(ev, "BK-H104"), "Objects are stored in v1, v2: fields", "condition Synced")
}

func TestReasonsOfDefinition(t *testing.T) {
	for reason, want := range map[string]string{
		"InstanceDeletionInProgress": "its objects are being deleted", "InstanceDeletionCheck": "they have finalizers",
		"InstanceDeletionFailed": "could not list or delete", "NeverEstablished": "",
	} {
		ev := dyingDefinition()
		ev.Control.Definitions[0].Terminating.Reason = reason
		wants(t, told(ev, "BK-H105"), reason, want)
	}
	ev := dyingDefinition()
	ev.Control.Definitions[0].Terminating = nil
	if text := told(ev, "BK-H105"); strings.Contains(text, "condition") {
		t.Errorf("a condition that is not there is quoted: %s", text)
	}
}

func TestJobsOfADyingNamespaceAreRefused(t *testing.T) {
	ev := heldThing()
	ev.Namespace.Deleted = at("08:00:00")
	refused := backup.Event{Reason: "FailedCreate", Object: job("clean"), Message: `pods "x" is forbidden: unable to create new content in namespace shop because it is being terminated`}
	ev.Events = []backup.Event{refused, refused}
	text := told(ev, "BK-N601")
	wants(t, text, "event FailedCreate of Job tidb-test/clean")
	if strings.Count(text, "because it is being terminated") != 1 {
		t.Errorf("the same refusal is quoted more than once:\n%s", text)
	}
}
