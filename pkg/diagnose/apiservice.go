package diagnose

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func controlEntries() []entry {
	return []entry{apiServiceEntry(), webhookEntry(), refusalEntry(), conversionEntry(), definitionEntry(), kindEntry()}
}

func apiServiceEntry() entry {
	return entry{Code{
		Code:    "BK-H101",
		Title:   "an API service does not answer",
		Explain: "An API service tells the API server to pass an API group on to another server. While that server does not answer, discovery is incomplete, and the namespace controller removes no namespace of the cluster.",
		Why:     "The Service behind it does not exist (ServiceNotFound), has no ready endpoint (MissingEndpoints), or its server does not answer or is not trusted (FailedDiscoveryCheck). Often a metrics adapter was uninstalled and left its API service behind.",
		Fix:     "Bring the server back. If it was removed on purpose, keep a copy of the API service and delete it.",
		Danger:  "Deleting an API service switches its API off for the whole cluster until it is installed again; no objects are lost, since they live in the other server.",
		Source:  "condition Available of the API service; k8s.io/kube-aggregator@v0.36.3 pkg/controllers/status",
	}, judgeAPIServices}
}

func judgeAPIServices(ev *backup.Evidence) []backup.Finding {
	if ev.Namespace.Terminating() != backup.Yes {
		return nil
	}
	if !ev.Control.APIServicesLookup.Known() {
		return one(unknown("BK-H101", namespaceRef(ev), unread("the list of API services", ev.Control.APIServicesLookup, "")))
	}
	severity := backup.SeverityWarning // it stops the namespace, not an object in it
	if dying(ev) {
		severity = backup.SeverityCause
	}
	var all []backup.Finding
	for _, s := range ev.Control.APIServices {
		if s.Available == backup.Yes {
			continue
		}
		ref := apiServiceRef(s)
		found := problem("BK-H101", severity, ref, fmt.Sprintf("API service %s does not answer (%s), and so no namespace can go", s.Name, orElse(s.Reason, "it has not said why")))
		found.Explain = "Its server: " + backendText(s.Backend) + "."
		found.Cause = "API service " + s.Name
		found.Proof = []backup.Proof{{Text: orElse(shorten(s.Message), "no condition Available"), Source: "condition Available of " + ref.Human(), At: s.At}}
		found.Fixes = apiServiceFixes(s)
		all = append(all, found)
	}
	if len(all) == 0 {
		return one(fine("BK-H101", namespaceRef(ev), "every API service answers"))
	}
	return all
}

func apiServiceRef(s backup.APIService) backup.Ref {
	return backup.Ref{Group: "apiregistration.k8s.io", Version: "v1", Resource: "apiservices", Kind: "APIService", Name: s.Name}
}

func apiServiceFixes(s backup.APIService) []backup.Fix {
	fixes := backendFixes(s.Backend)
	return append(fixes, backup.Fix{
		Does: "If its server was removed on purpose: keeps a copy of the API service and deletes it.", DoesNot: "It deletes no object.",
		Commands: []string{
			command("kubectl", "get", "apiservice", s.Name, "-o", "yaml"),
			command("kubectl", "delete", "apiservice", s.Name),
		},
		Danger: "Its API is gone for the whole cluster until it is installed again.",
	})
}

// backendText is what is behind a webhook or an API service, for a sentence.
func backendText(b backup.Backend) string {
	service := "Service " + b.Service.Namespace + "/" + b.Service.Name
	switch {
	case b.Service.Name == "":
		return orElse(b.URL, "not known")
	case b.Lookup == backup.Absent:
		return service + " does not exist"
	case b.Lookup != backup.Found:
		return service + ", which could not be read"
	case b.ExternalName != "":
		return service + ", which stands for " + b.ExternalName + " outside of the cluster"
	case b.ReadyLookup != backup.Found:
		return service + ", whose endpoints could not be read"
	}
	text := fmt.Sprintf("%s has %s", service, counted(b.Ready, "ready endpoint"))
	if b.NamespaceDeleted == backup.Yes {
		text += ", and its namespace is being deleted"
	}
	return text
}

// backendFixes show why the server behind a webhook or an API service is not there.
func backendFixes(b backup.Backend) []backup.Fix {
	ns := b.Service.Namespace
	switch {
	case b.Service.Name == "":
		return nil
	case b.Lookup == backup.Absent:
		return []backup.Fix{{Does: "Shows whether anything of its server is left.", Commands: []string{look(ns, "get", "deployments,services")}}}
	}
	endpoints := look(ns, "get", "endpointslices", "-l", "kubernetes.io/service-name="+b.Service.Name)
	if endpointsFrom(b) == "Endpoints" {
		endpoints = look(ns, "get", "endpoints", b.Service.Name)
	}
	return []backup.Fix{{Does: "Shows its Service's endpoints and the pods that should be behind it.", Commands: []string{endpoints, look(ns, "get", "pods")}}}
}

// endpointsFrom is what lists the endpoints of the Service.
func endpointsFrom(b backup.Backend) string { return orElse(b.EndpointsFrom, "EndpointSlices") }
