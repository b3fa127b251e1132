package backup

import "time"

// Control is what of the control plane can stand between an object and its
// deletion: API services, admission webhooks, the object's definition, and the
// content behind a namespace or a definition.
type Control struct {
	// APIServices are those that other servers answer for. They are read where a
	// namespace is being deleted, since one that is down stops every such deletion.
	APIServices       []APIService `json:"apiServices,omitempty"`
	APIServicesLookup Lookup       `json:"apiServicesLookup,omitempty"`
	// Webhooks are the admission webhooks that see the writes which the deletion needs.
	Webhooks       []Webhook `json:"webhooks,omitempty"`
	WebhooksLookup Lookup    `json:"webhooksLookup,omitempty"`
	// Definitions are the definition of the target's kind, or the target itself,
	// or those behind which a namespace's content cannot be read.
	Definitions       []Definition `json:"definitions,omitempty"`
	DefinitionsLookup Lookup       `json:"definitionsLookup,omitempty"`
	// Content is what is left behind a namespace or a definition that is the target.
	Content       []Remaining `json:"content,omitempty"`
	ContentLookup Lookup      `json:"contentLookup,omitempty"`
	// Pods are pods that are left in a namespace that is the target, a few of them in detail.
	Pods []Lingering `json:"pods,omitempty"`
	// Suspects has one entry for each finalizer that no profile knows.
	Suspects []Suspect `json:"suspects,omitempty"`
}

// APIService is an API of another server behind the API server.
type APIService struct {
	Name      string     `json:"name"` // "v1beta1.metrics.k8s.io"
	Available Answer     `json:"available"`
	Reason    string     `json:"reason,omitempty"` // "ServiceNotFound", "MissingEndpoints", "FailedDiscoveryCheck"
	Message   string     `json:"message,omitempty"`
	At        *time.Time `json:"at,omitempty"` // since when
	Backend   Backend    `json:"backend"`
}

// Backend is the server behind a webhook or an API service.
type Backend struct {
	// URL is set for a server that is no Service.
	URL string `json:"url,omitempty"`
	// Service is the reference of the Service; empty for a URL.
	Service Ref   `json:"service,omitzero"`
	Port    int64 `json:"port,omitempty"`
	// Lookup is that of the Service: Absent says that it does not exist.
	Lookup Lookup `json:"lookup,omitempty"`
	// ExternalName is the host that the Service stands for, outside of the cluster.
	ExternalName string `json:"externalName,omitempty"`
	// Ready is the number of ready endpoints, known if ReadyLookup is Found.
	Ready       int64  `json:"readyEndpoints"`
	ReadyLookup Lookup `json:"readyLookup,omitempty"`
	// EndpointsFrom is what lists them: "EndpointSlices", or "Endpoints" on old servers.
	EndpointsFrom string `json:"endpointsFrom,omitempty"`
	// NamespaceDeleted tells whether the Service's namespace is being deleted.
	NamespaceDeleted Answer `json:"namespaceDeleted"`
}

// Serves tells whether anything is there to answer: a Service with ready
// endpoints. What is behind a URL or an external name is not known.
func (b Backend) Serves() Answer {
	switch {
	case b.Lookup == Absent:
		return No
	case b.Service.Name == "" || b.ExternalName != "" || b.ReadyLookup != Found:
		return Unknown
	}
	return AnswerOf(b.Ready > 0)
}

// Webhook is one admission webhook with a rule that matches a write which the
// deletion needs.
type Webhook struct {
	// Configuration is the ValidatingWebhookConfiguration or MutatingWebhookConfiguration.
	Configuration Ref    `json:"configuration"`
	Name          string `json:"name"` // "check.example.com"
	// Resource and Operations are what of the deletion it sees: "backups.pingcap.com", UPDATE.
	Resource   string   `json:"resource"`
	Operations []string `json:"operations"`
	// Rule is the rule that matches, in words: "UPDATE,DELETE of */* (v1)".
	Rule string `json:"rule"`
	// FailurePolicy is Fail or Ignore.
	FailurePolicy string  `json:"failurePolicy"`
	Backend       Backend `json:"backend"`
	// Selects tells whether namespaceSelector and objectSelector take the object;
	// matchConditions are CEL and leave it unknown.
	Selects Answer `json:"selects"`
	WhyNot  string `json:"selectsWhy,omitempty"`
}

// Definition is a CustomResourceDefinition.
type Definition struct {
	Ref     Ref        `json:"ref"`
	Kind    string     `json:"kind,omitempty"`
	Deleted *time.Time `json:"deletionTimestamp,omitempty"`
	// Terminating is its condition of that type, or nil.
	Terminating *Condition `json:"terminating,omitempty"`
	// Strategy is None or Webhook; Backend is the conversion webhook's.
	Strategy string   `json:"conversionStrategy,omitempty"`
	Backend  *Backend `json:"conversionBackend,omitempty"`
	Served   []string `json:"servedVersions,omitempty"`
	Storage  string   `json:"storageVersion,omitempty"`
	Stored   []string `json:"storedVersions,omitempty"`
}

// Remaining is what is left of one resource.
type Remaining struct {
	Resource   string           `json:"resource"` // as kubectl takes it: "backups.pingcap.com"
	Namespaced bool             `json:"namespaced,omitempty"`
	Count      int64            `json:"count"`
	Deleting   int64            `json:"deleting"`
	Finalizers []FinalizerCount `json:"finalizers,omitempty"`
	Samples    []Ref            `json:"samples,omitempty"` // a few of them, those that are being deleted first
	// Lookup says whether Count is the whole truth; Error why it is not.
	Lookup Lookup `json:"lookup"`
	Error  string `json:"error,omitempty"`
}

// FinalizerCount is how many objects of a group have a finalizer.
type FinalizerCount struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

// Suspect is what may stand behind a finalizer that no profile knows. Each sign
// is a resemblance of names, never a proof.
type Suspect struct {
	Finalizer string `json:"finalizer"`
	Domain    string `json:"domain,omitempty"`
	// Groups are API groups of the cluster that share the finalizer's domain.
	Groups []string `json:"groups,omitempty"`
	// Deployments resemble the field manager or the domain.
	Deployments       []SuspectDeployment `json:"deployments,omitempty"`
	DeploymentsLookup Lookup              `json:"deploymentsLookup,omitempty"`
	Leases            []Lease             `json:"leases,omitempty"`
	// Webhooks are admission webhooks whose name shares the domain.
	Webhooks []Webhook `json:"webhooks,omitempty"`
}

// SuspectDeployment is a Deployment and what about it resembles the finalizer.
type SuspectDeployment struct {
	Deployment
	Because string `json:"because"` // "its name is that of the field manager"
}
