package diagnose

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// dyingNamespace is the evidence of a namespace that is being deleted and of
// which everything is gone.
func dyingNamespace() *backup.Evidence {
	return &backup.Evidence{
		At: clock("09:00:10"),
		Object: backup.Object{
			Ref:     backup.Ref{Version: "v1", Resource: "namespaces", Kind: "Namespace", Name: "shop"},
			Deleted: at("08:00:00"), Phase: backup.PhaseDeleting,
		},
		Namespace: backup.Namespace{Name: "shop", Lookup: backup.Found, Deleted: at("08:00:00"), Finalizers: []string{"kubernetes"}},
		Control:   backup.Control{APIServicesLookup: backup.Found, WebhooksLookup: backup.Found, DefinitionsLookup: backup.Absent, ContentLookup: backup.Found},
	}
}

const things = "things.example.com"

// dyingDefinition is the evidence of a definition that is being deleted and has
// no objects.
func dyingDefinition() *backup.Evidence {
	ref := backup.Ref{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions", Kind: "CustomResourceDefinition", Name: things}
	return &backup.Evidence{
		At: clock("09:00:10"),
		Object: backup.Object{
			Ref: ref, Deleted: at("08:00:00"), Phase: backup.PhaseDeleting,
			Finalizers: []backup.Finalizer{{Name: "customresourcecleanup.apiextensions.k8s.io", Profile: "kubernetes", Builtin: true, WaitsFor: "its objects"}},
		},
		Control: backup.Control{
			WebhooksLookup: backup.Found, DefinitionsLookup: backup.Found, ContentLookup: backup.Found,
			Definitions: []backup.Definition{{
				Ref: ref, Kind: "Thing", Deleted: at("08:00:00"), Storage: "v1", Stored: []string{"v1"}, Served: []string{"v1", "v2"},
				Terminating: &backup.Condition{Type: "Terminating", Status: "True", Reason: "InstanceDeletionCheck", Message: "could not confirm zero CustomResources remaining"},
			}},
		},
	}
}

// heldThing is the evidence of an object with a finalizer that nobody knows.
func heldThing() *backup.Evidence {
	ref := backup.Ref{Group: "example.com", Version: "v1", Resource: "things", Kind: "Thing", Namespace: "shop", Name: "one"}
	return &backup.Evidence{
		At:        clock("09:00:10"),
		Object:    backup.Object{Ref: ref, Deleted: at("08:00:00"), Phase: backup.PhaseDeleting, Finalizers: []backup.Finalizer{{Name: "example.com/hold", AddedBy: "keeper"}}},
		Namespace: backup.Namespace{Name: "shop", Lookup: backup.Found},
		Control:   backup.Control{WebhooksLookup: backup.Found, DefinitionsLookup: backup.Found},
	}
}

func service(ready int64) backup.Backend {
	return backup.Backend{
		Service: backup.Ref{Version: "v1", Resource: "services", Kind: "Service", Namespace: "shop", Name: "guard"},
		Lookup:  backup.Found, ReadyLookup: backup.Found, Ready: ready,
	}
}

func goneService() backup.Backend {
	b := service(0)
	b.Lookup, b.ReadyLookup = backup.Absent, ""
	return b
}

func hook(b backup.Backend, operations ...string) backup.Webhook {
	return backup.Webhook{
		Configuration: backup.Ref{Group: "admissionregistration.k8s.io", Resource: "validatingwebhookconfigurations", Kind: "ValidatingWebhookConfiguration", Name: "guards"},
		Name:          "guard.example.com", Resource: things, Operations: operations, Rule: "UPDATE of things", FailurePolicy: "Fail", Backend: b, Selects: backup.Yes,
	}
}

func group(resource string, finalizers ...string) backup.Remaining {
	r := backup.Remaining{Resource: resource, Count: 7, Deleting: 2, Lookup: backup.Found, Samples: []backup.Ref{{Namespace: "shop", Name: "a"}, {Name: "b"}}}
	for _, name := range finalizers {
		r.Finalizers = append(r.Finalizers, backup.FinalizerCount{Name: name, Count: 2})
	}
	return r
}

func leave(groups ...backup.Remaining) func(*backup.Evidence) {
	return func(ev *backup.Evidence) { ev.Control.Content = groups }
}

func says(kind, status, reason, message string) func(*backup.Evidence) {
	return func(ev *backup.Evidence) {
		ev.Namespace.Conditions = append(ev.Namespace.Conditions, backup.Condition{Type: kind, Status: status, Reason: reason, Message: message})
	}
}

func hooks(all ...backup.Webhook) func(*backup.Evidence) {
	return func(ev *backup.Evidence) { ev.Control.Webhooks = all }
}

func namespaceCases() []codeCase {
	unlisted := backup.Remaining{Resource: things, Lookup: backup.Failed, Error: "timeout"}
	return []codeCase{
		{"BK-N602", isProblem, heldThing, func(ev *backup.Evidence) {
			ev.Namespace.Deleted = at("08:00:00")
			says("NamespaceDeletionContentFailure", "True", "ContentDeletionFailed", "no")(ev)
		}, nil},
		{"BK-N603", isProblem, dyingNamespace, leave(group("pods")), nil},
		{"BK-N604", isProblem, dyingNamespace, leave(group("configmaps", "example.com/hold")), leave(group("pods"))},
		{"BK-N604", isProblem, dyingNamespace, leave(group("configmaps")), nil},
		{"BK-N604", isUnknown, dyingNamespace, leave(unlisted), nil},
		{"BK-N604", isUnknown, dyingNamespace, func(ev *backup.Evidence) { ev.Control.ContentLookup = backup.NotAsked }, nil},
		{"BK-N604", isOK, dyingNamespace, nil, leave(group("configmaps", "x"))},
		{"BK-N605", isProblem, dyingNamespace, says("NamespaceDeletionDiscoveryFailure", "True", "DiscoveryFailed", "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: x.io/v1: stale"), says("NamespaceDeletionDiscoveryFailure", "False", "ResourcesDiscovered", "fine")},
		{"BK-N605", isProblem, dyingNamespace, says("NamespaceDeletionGroupVersionParsingFailure", "True", "GroupVersionParsingFailed", "bad"), nil},
		{"BK-N606", isProblem, dyingNamespace, says("NamespaceDeletionContentFailure", "True", "ContentDeletionFailed", `admission webhook "x.io" denied the request: no`), says("NamespaceDeletionContentFailure", "False", "ContentDeleted", "fine")},
		{"BK-N607", isProblem, dyingNamespace, nil, noDeletion},
	}
}

func controlCases() []codeCase {
	dead := func(ev *backup.Evidence) {
		ev.Control.APIServices = []backup.APIService{{Name: "v1.metrics.example.com", Available: backup.No, Reason: "MissingEndpoints", Message: "none", Backend: service(0)}}
	}
	denied := func(ev *backup.Evidence) {
		ev.Events = []backup.Event{{Reason: "SyncFailed", Message: `admission webhook "guard.example.com" denied the request: policy 7`}}
	}
	conversion := func(b backup.Backend) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			ev.Control.Definitions[0].Strategy, ev.Control.Definitions[0].Backend = "Webhook", &b
		}
	}
	return []codeCase{
		{"BK-H101", isProblem, dyingNamespace, dead, func(ev *backup.Evidence) { dead(ev); ev.Control.APIServices[0].Available = backup.Yes }},
		{"BK-H101", isProblem, heldThing, func(ev *backup.Evidence) {
			dead(ev)
			ev.Namespace.Deleted, ev.Control.APIServicesLookup = at("08:00:00"), backup.Found
		}, dead},
		{"BK-H101", isUnknown, dyingNamespace, func(ev *backup.Evidence) { ev.Control.APIServicesLookup = backup.Denied }, nil},
		{"BK-H101", isOK, dyingNamespace, nil, dead},
		{"BK-H102", isProblem, heldThing, hooks(hook(goneService(), "UPDATE")), hooks(hook(goneService(), "DELETE"))},
		{"BK-H102", isProblem, heldThing, hooks(hook(service(0), "UPDATE")), func(ev *backup.Evidence) {
			w := hook(service(0), "UPDATE")
			w.FailurePolicy = "Ignore"
			hooks(w)(ev)
		}},
		{"BK-H102", isOK, heldThing, hooks(hook(service(1), "UPDATE")), nil},
		{"BK-H102", isSkipped, heldThing, hooks(hook(backup.Backend{URL: "https://x.io"}, "UPDATE")), nil},
		{"BK-H102", isUnknown, heldThing, func(ev *backup.Evidence) { ev.Control.WebhooksLookup = backup.Denied }, nil},
		{"BK-H103", isProblem, heldThing, denied, func(ev *backup.Evidence) { denied(ev); noDeletion(ev) }},
		{"BK-H103", isProblem, heldThing, func(ev *backup.Evidence) {
			denied(ev)
			ev.Events[0].Message = `failed calling webhook "guard.example.com": timeout`
		}, func(ev *backup.Evidence) {
			denied(ev)
			ev.Events[0].Message = `failed calling webhook "guard.example.com": timeout`
			hooks(hook(goneService(), "UPDATE"))(ev) // the missing server says more
		}},
		{"BK-H104", isProblem, dyingDefinition, conversion(service(0)), nil},
		{"BK-H104", isProblem, dyingDefinition, func(ev *backup.Evidence) {
			conversion(backup.Backend{URL: "https://x.io"})(ev)
			ev.Gaps = []backup.Gap{{What: "things", Why: "conversion webhook for example.com/v1, Kind=Thing failed: timeout"}}
		}, conversion(backup.Backend{URL: "https://x.io"})},
		{"BK-H104", isOK, dyingDefinition, conversion(service(2)), nil},
		{"BK-H104", isSkipped, dyingDefinition, conversion(backup.Backend{URL: "https://x.io"}), nil},
		{"BK-H104", isUnknown, heldThing, func(ev *backup.Evidence) { ev.Control.DefinitionsLookup = backup.Denied }, nil},
		{"BK-H105", isProblem, dyingDefinition, leave(group(things, "example.com/tidy")), nil},
		{"BK-H105", isProblem, dyingDefinition, leave(group(things)), nil},
		{"BK-H105", isUnknown, dyingDefinition, leave(backup.Remaining{Resource: things, Lookup: backup.Denied}), nil},
		{"BK-H105", isOK, dyingDefinition, nil, noDeletion},
		{"BK-H106", isProblem, heldThing, func(ev *backup.Evidence) { ev.Control.Definitions = dyingDefinition().Control.Definitions }, func(ev *backup.Evidence) {
			ev.Control.Definitions = dyingDefinition().Control.Definitions
			ev.Control.Definitions[0].Deleted = nil
		}},
	}
}

func scopeCases() []codeCase {
	limit := func(names ...string) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			ev.Owners[0].Deployments[0].Watches, ev.Owners[0].Deployments[0].WatchedBy = names, "environment variable WATCH_NAMESPACE"
		}
	}
	right := func(allowed backup.Answer) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			ev.Owners[0].Rights = []backup.Access{{Verb: "update", Ref: ev.Object.Ref, Allowed: allowed}}
		}
	}
	return []codeCase{
		{"BK-O508", isProblem, stuck, limit("payments"), limit("payments", "tidb-test")},
		{"BK-O508", isProblem, stuck, limit("payments"), func(ev *backup.Evidence) { limit("payments")(ev); ev.Object.Ref.Namespace = "" }},
		{"BK-O509", isProblem, stuck, right(backup.No), right(backup.Yes)},
		{"BK-O509", isProblem, stuck, func(ev *backup.Evidence) {
			ev.Owners[0].Refusals = []string{`jobs.batch is forbidden: User "system:serviceaccount:tidb-admin:x" cannot create`}
		}, right(backup.Unknown)},
	}
}
