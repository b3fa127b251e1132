package collect

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// suspectLimit is how many Deployments, and how many webhooks, are named for one finalizer.
const suspectLimit = 5

// suspects looks for what may stand behind the finalizers that no profile knows.
func (g *gather) suspects(ctx context.Context, hooks []configured) {
	for _, f := range g.ev.Object.Finalizers {
		if f.Profile != "" || f.Builtin {
			continue
		}
		s := backup.Suspect{Finalizer: f.Name, Domain: domainOf(f.Name)}
		s.Groups = g.groupsOf(s.Domain)
		g.suspectDeployments(ctx, &s, f.AddedBy)
		g.suspectLeases(ctx, &s, f.AddedBy)
		for _, c := range hooks {
			if len(s.Webhooks) < suspectLimit && related(c.name(), s.Domain) {
				hook := backup.Webhook{Configuration: c.configuration, Name: c.name(), FailurePolicy: nested(c.raw, "failurePolicy")}
				hook.Backend = g.backend(ctx, object(c.raw, "clientConfig"))
				s.Webhooks = append(s.Webhooks, hook)
			}
		}
		g.ev.Control.Suspects = append(g.ev.Control.Suspects, s)
	}
}

// domainOf is the domain of a qualified finalizer: "example.com" of
// "example.com/hold"; some are a domain alone.
func domainOf(finalizer string) string {
	domain, _, _ := strings.Cut(finalizer, "/")
	if !strings.Contains(domain, ".") {
		return ""
	}
	return domain
}

// related tells whether one domain is the other, or lies below it. Domains that
// everybody uses relate nothing.
func related(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	shorter, longer := a, b
	if len(a) > len(b) {
		shorter, longer = b, a
	}
	if strings.Count(shorter, ".") == 0 || slices.Contains([]string{"k8s.io", "x-k8s.io", "kubernetes.io", "github.io"}, shorter) {
		return false
	}
	return longer == shorter || strings.HasSuffix(longer, "."+shorter)
}

func (g *gather) groupsOf(domain string) []string {
	var out []string
	for _, s := range g.served {
		if related(s.Group, domain) && !slices.Contains(out, s.Group) {
			out = append(out, s.Group)
		}
	}
	return out
}

// words are the parts of a domain by which a program may be called: "longhorn"
// of "longhorn.io", and none that say nothing.
func words(domain string) []string {
	plain := []string{"example", "operator", "kubernetes", "cloud", "github", "finalizer", "finalizers"}
	parts := strings.FieldsFunc(domain, func(r rune) bool { return r == '.' || r == '-' })
	if strings.Contains(domain, ".") && len(parts) > 0 {
		parts = parts[:len(parts)-1] // the top level
	}
	return slices.DeleteFunc(parts, func(p string) bool { return len(p) < 4 || slices.Contains(plain, p) })
}

// suspectDeployments finds Deployments that are called like the field manager or
// like a part of the domain.
func (g *gather) suspectDeployments(ctx context.Context, s *backup.Suspect, manager string) {
	parts := words(s.Domain)
	err := g.list(ctx, deployments, "", cluster.ListOptions{}, func(item map[string]any) error {
		if because := resembles(item, manager, parts); because != "" {
			s.Deployments = append(s.Deployments, backup.SuspectDeployment{Deployment: readDeployment(item), Because: because})
		}
		return nil
	})
	s.DeploymentsLookup = lookup(err)
	if err != nil {
		g.gap("deployments in all namespaces", err)
	}
	// The name of the manager is the better sign.
	slices.SortStableFunc(s.Deployments, func(a, b backup.SuspectDeployment) int {
		return cmp.Compare(len(b.Because), len(a.Because))
	})
	s.Deployments = s.Deployments[:min(suspectLimit, len(s.Deployments))]
}

// resembles says what about a Deployment is like the finalizer, or nothing.
func resembles(raw map[string]any, manager string, parts []string) string {
	name := nested(raw, "metadata", "name")
	if manager != "" && (name == manager || strings.HasSuffix(name, "-"+manager)) && !strings.HasPrefix(manager, "kubectl") {
		return "its name is that of the field manager " + manager
	}
	image := ""
	for _, c := range items(raw, "spec", "template", "spec", "containers") {
		if manager != "" && (nested(c, "name") == manager || slices.ContainsFunc(texts(c, "command"), func(w string) bool { return w == manager || strings.HasSuffix(w, "/"+manager) })) {
			return "its container runs the field manager " + manager
		}
		image += nested(c, "image") + " "
	}
	for _, part := range parts {
		switch {
		case strings.Contains(name, part):
			return "its name has " + part
		case strings.Contains(image, part):
			return "its image has " + part
		}
		for key, value := range labelsOf(raw) {
			if strings.Contains(key, part) || strings.Contains(value, part) {
				return "its labels have " + part
			}
		}
	}
	return ""
}

// suspectLeases finds leases beside the Deployments that are called like them,
// like the field manager, or end in the domain as controller-runtime has them.
func (g *gather) suspectLeases(ctx context.Context, s *backup.Suspect, manager string) {
	var seen []string
	for _, d := range s.Deployments {
		namespace := d.Ref.Namespace
		if slices.Contains(seen, namespace) {
			continue
		}
		seen = append(seen, namespace)
		err := g.list(ctx, leases, namespace, cluster.ListOptions{}, func(item map[string]any) error {
			name, holder := nested(item, "metadata", "name"), nested(item, "spec", "holderIdentity")
			like := manager != "" && strings.HasPrefix(name, manager) || s.Domain != "" && strings.HasSuffix(name, s.Domain) ||
				strings.HasPrefix(name, d.Ref.Name) || strings.HasPrefix(holder, d.Ref.Name)
			if renewed := instant(item, "spec", "renewTime"); like && renewed != nil {
				s.Leases = append(s.Leases, backup.Lease{
					Ref: leases.Ref(namespace, name), Holder: holder, Renewed: *renewed, Seconds: number(item, "spec", "leaseDurationSeconds"),
				})
			}
			return nil
		})
		if err != nil {
			g.gap("leases in namespace "+namespace, err)
		}
	}
}
