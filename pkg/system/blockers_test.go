package system_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// deleting is an object of a kind with one finalizer.
func deleting(kind, finalizer string) map[string]any {
	return map[string]any{"kind": kind, "metadata": map[string]any{"name": "x", "namespace": "shop", "finalizers": []any{finalizer}}}
}

func TestBlockersThatAreNoRules(t *testing.T) {
	for name, test := range map[string]struct{ rule, want string }{
		"itself with candidates":    {"{self: true, resource: pods, when: 'true', because: '\"x\"'}", "has no candidates"},
		"itself always":             {"{self: true, because: '\"x\"'}", "needs when"},
		"no resource":               {"{within: cluster, because: '\"x\"'}", "resource is empty"},
		"candidates of nowhere":     {"{resource: pods, within: zone, because: '\"x\"'}", `"zone" is neither`},
		"no reason":                 {"{resource: pods, within: cluster}", "because is empty"},
		"a fix without words":       {"{resource: pods, within: cluster, because: '\"x\"', fixes: [{commands: [kubectl]}]}", "does is empty"},
		"a placeholder of no use":   {"{resource: pods, within: cluster, because: '\"x\"', fixes: [{does: x, commands: ['kubectl get {item.uid}']}]}", "{item.uid} is none of"},
		"an unknown field":          {"{resource: pods, within: cluster, because: '\"x\"', until: now}", "field until not found"},
		"a candidate of a command":  {"{resource: pods, within: cluster, because: '\"x\"', fixes: [{does: x, commands: ['kubectl get {name}']}]}", "{name} is none of"},
		"a list without any place":  {"{resource: pods, because: '\"x\"'}", `"" is neither`},
		"itself by a name":          {"{self: true, name: self.metadata.name, when: 'true', because: '\"x\"'}", "has no candidates"},
		"a finalizer of every name": {"{resource: pods, within: cluster, because: '\"x\"'}\n- name: \"*\"", "is no name"},
	} {
		t.Run(name, func(t *testing.T) {
			file := profile(t, "mine", "finalizers:\n- name: example.org/x\n  blockers:\n  - "+test.rule)
			if _, err := system.Load(system.Options{Files: []string{file}}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want %q", err, test.want)
			}
		})
	}
}

func TestBlockersOfAProfile(t *testing.T) {
	file := profile(t, "mine", `
finalizers:
- name: example.org/x
  danger: something is lost
  events: [Broken]
  blockers:
  - {on: Other, self: true, when: 'true', because: '"never asked"'}
  - {resource: pods, within: cluster, because: '"it is " + item.metadata.name'}
  - {resource: nodes, name: 'self.?spec.?node', when: 'item.broken', because: '"x"'}
  - {resource: secrets, namespace: '"else" + "where"', name: '1 + 1', because: '"x"'}
  - {resource: pods, within: namespace, when: 'true', because: item.metadata.uid}
`)
	registry := load(t, system.Options{Files: []string{file}})
	if err := registry.Check(); err != nil {
		t.Fatal(err)
	}
	queries := registry.Blockers(nil, deleting("Thing", "example.org/x"))
	if len(queries) != 4 || queries[0].Rule != 1 || !queries[0].Everywhere || queries[0].Named {
		t.Fatalf("the queries are %+v, want the last four rules", queries)
	}
	pod := map[string]any{"metadata": map[string]any{"name": "a"}}
	if blocks, because := queries[0].Judge(pod); blocks != backup.Yes || because != "it is a" {
		t.Errorf("a pod: %s %q, want yes", blocks, because)
	}
	if blocks, _ := queries[0].Judge(nil); blocks != backup.No {
		t.Errorf("a candidate that does not exist: %s, want no, as the rule does not ask for it", blocks)
	}
	if namespace, name, unreadable := queries[1].Place(); namespace != "shop" || name != "" || unreadable != "" {
		t.Errorf("a name that the object does not have: %q %q %q", namespace, name, unreadable)
	}
	if blocks, why := queries[1].Judge(pod); blocks != backup.Unknown || !strings.Contains(why, "when:") {
		t.Errorf("a condition that fails: %s %q, want unknown and why", blocks, why)
	}
	if namespace, name, unreadable := queries[2].Place(); namespace != "elsewhere" || name != "" || !strings.Contains(unreadable, "name: it is int") {
		t.Errorf("a name that is a number: %q %q %q", namespace, name, unreadable)
	}
	if blocks, why := queries[3].Judge(pod); blocks != backup.Unknown || !strings.Contains(why, "because:") {
		t.Errorf("a reason that fails: %s %q, want unknown and why", blocks, why)
	}
	if known, ok := registry.Finalizer("example.org/x"); !ok || known.Danger == "" || len(known.Events) != 1 || len(known.Blockers) != 5 || known.Blockers[1].Resource != "pods" {
		t.Errorf("the finalizer is known as %+v", known)
	}
}

func TestBlockersOfAKind(t *testing.T) {
	file := profile(t, "mine", `
kinds:
- role: backup
  match: {group: example.org, resource: dumps}
  variables: [{name: job, expression: '"dump-" + self.metadata.name'}]
  finalizers:
  - name: example.org/x
    blockers: [{group: batch, resource: jobs, name: variables.job, because: '"it runs as " + variables.job'}]
  - name: kubernetes.io/pvc-protection
    blockers: [{self: true, when: 'true', because: '"never"'}]
`)
	registry := load(t, system.Options{Files: []string{file}})
	if err := registry.Check(); err != nil {
		t.Fatal(err)
	}
	kind := only(t, registry, backup.Served{Group: "example.org", Version: "v1", Resource: "dumps", Kind: "Dump", Namespaced: true})
	queries := registry.Blockers(kind, deleting("Dump", "example.org/x"))
	if len(queries) != 1 {
		t.Fatalf("%d queries, want that of the kind", len(queries))
	}
	if _, name, _ := queries[0].Place(); name != "dump-x" {
		t.Errorf("the candidate is %q, want that of the variable", name)
	}
	if blocks, because := queries[0].Judge(map[string]any{}); blocks != backup.Yes || because != "it runs as dump-x" {
		t.Errorf("the Job: %s %q", blocks, because)
	}
	for _, q := range registry.Blockers(kind, deleting("Dump", "kubernetes.io/pvc-protection")) {
		if q.Self {
			t.Error("a file of the user redefines what a finalizer of Kubernetes waits for")
		}
	}
	if queries := registry.Blockers(kind, deleting("Dump", "example.org/unknown")); len(queries) != 0 {
		t.Errorf("an unknown finalizer has %d rules", len(queries))
	}
}

// What is advised may free the object, but never takes away what protects it.
func TestFixesOfTheBuiltInProfilesAreSafe(t *testing.T) {
	never := regexp.MustCompile(`(?i)finalizers|/finalize|--force|--grace-period|delete (va|volumeattachment|node|namespace|crd)|;|\||\$|>`)
	registry := load(t, system.Options{})
	fixes := 0
	for _, s := range registry.Systems() {
		for _, name := range s.Finalizers {
			rule, _ := registry.Finalizer(name)
			for _, way := range rule.Ways {
				if rule.Builtin && way.Effect != backup.EffectWaits && way.Effect != backup.EffectReleases {
					t.Errorf("%s of Kubernetes itself has the way %s", name, way.Name)
				}
			}
			for _, blocker := range rule.Blockers {
				for _, fix := range blocker.Fixes {
					fixes++
					for _, command := range fix.Commands {
						if never.MatchString(command) || !strings.HasPrefix(command, "kubectl ") {
							t.Errorf("%s: %q is no safe advice", name, command)
						}
						if strings.HasPrefix(command, "kubectl delete pvc") && fix.Effect != backup.EffectErases {
							t.Errorf("%s: %q may erase data and does not say so", name, command)
						}
					}
				}
			}
		}
	}
	if fixes < 10 {
		t.Errorf("only %d fixes were looked at", fixes)
	}
}

func TestFinalizersOfCommonControllersAreExplainedOnly(t *testing.T) {
	registry := load(t, system.Options{})
	for _, name := range []string{
		"resources-finalizer.argocd.argoproj.io", "resources-finalizer.argocd.argoproj.io/background", "post-delete-finalizer.argocd.argoproj.io/cleanup",
		"finalizers.fluxcd.io", "service.k8s.aws/resources", "ingress.k8s.aws/resources", "elbv2.k8s.aws/resources", "group.ingress.k8s.aws/web",
		"controller.cattle.io/namespace-auth", "finalizer.managedresource.crossplane.io",
	} {
		rule, ok := registry.Finalizer(name)
		if !ok || rule.WaitsFor == "" || rule.Danger == "" || len(rule.Ways) != 1 || rule.Ways[0].Effect != backup.EffectWaits {
			t.Errorf("%s is known as %+v; want an explanation, what is lost, and no way but to wait", name, rule)
		}
	}
}

// The deletion of a pod was asked for a grace period before its timestamp.
func TestDeletionIsWhenItWasAskedFor(t *testing.T) {
	raw := deleting("Pod", "x")
	meta := raw["metadata"].(map[string]any)
	meta["deletionTimestamp"] = "2026-11-21T09:10:00Z"
	for _, seconds := range []any{int64(600), 600.0} {
		meta["deletionGracePeriodSeconds"] = seconds
		o := load(t, system.Options{}).Generic(backup.Served{Version: "v1", Resource: "pods", Kind: "Pod", Namespaced: true}, raw)
		if got := o.Deleted.Format("15:04:05"); got != "09:00:00" {
			t.Errorf("deletion was asked for at %s, want 09:00:00", got)
		}
	}
}
