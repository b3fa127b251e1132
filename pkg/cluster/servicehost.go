package cluster

import (
	"context"
	"net/netip"
	"slices"
	"strings"
)

// ServiceHost tells whether a host names a Service: "svc", "svc.ns",
// "svc.ns.svc", "svc.ns.svc.DOMAIN", one pod of it ("pod.svc.ns.svc…"), or its
// ClusterIP. Where the cluster does not let us look, the host counts as outside.
func (l *Live) ServiceHost(ctx context.Context, host, namespace string) (string, bool, error) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if address, err := netip.ParseAddr(host); err == nil {
		return l.serviceOfAddress(ctx, address)
	}
	service, certain := serviceOfName(host, namespace)
	if service == "" || certain {
		return service, certain, nil
	}
	namespace, name, _ := strings.Cut(service, "/")
	if _, err := callFor("get", servedServices, namespace, name).Path(); err != nil {
		return "", false, nil //nolint:nilerr // no Service can have this name
	}
	switch _, err := l.Get(ctx, servedServices, namespace, name); {
	case err == nil:
		return service, true, nil
	case IsAbsent(err) || IsDenied(err):
		return "", false, nil
	default:
		return "", false, err
	}
}

// serviceOfName reads a host name as cluster DNS would. It is certain only for
// the cluster's own domain; any other name may be one of the world outside.
func serviceOfName(host, namespace string) (service string, certain bool) {
	labels := strings.Split(host, ".")
	switch at := slices.Index(labels, "svc"); {
	case slices.Contains(labels, ""):
		return "", false
	case len(labels) == 1:
		if namespace == "" {
			return "", false
		}
		return namespace + "/" + host, false
	case len(labels) == 2:
		return labels[1] + "/" + labels[0], false
	case at == 2 || at == 3: // with 3 the first label is a pod; each pod of a store answers alike
		domain := strings.Join(labels[at+1:], ".")
		return labels[at-1] + "/" + labels[at-2], domain == "" || domain == "cluster.local"
	}
	return "", false
}

// serviceOfAddress finds the Service of a ClusterIP.
func (l *Live) serviceOfAddress(ctx context.Context, address netip.Addr) (string, bool, error) {
	address = address.Unmap()
	if !address.IsPrivate() && !sharedAddresses.Contains(address) {
		return "", false, nil
	}
	l.servicesOnce.Lock()
	defer l.servicesOnce.Unlock()
	if l.clusterIPs == nil {
		services := map[string]string{}
		err := l.List(ctx, servedServices, "", ListOptions{}, func(item map[string]any) error {
			for _, ip := range clusterIPs(item) {
				services[ip] = text(item, "metadata", "namespace") + "/" + text(item, "metadata", "name")
			}
			return nil
		})
		if err != nil && !IsDenied(err) {
			return "", false, err
		}
		l.clusterIPs = services
	}
	service, ok := l.clusterIPs[address.String()]
	return service, ok, nil
}

// sharedAddresses is 100.64.0.0/10 (RFC 6598), which some clusters use for Services.
var sharedAddresses = netip.MustParsePrefix("100.64.0.0/10")

// clusterIPs are the addresses of a Service; servers before 1.20 know only one.
func clusterIPs(service map[string]any) []string {
	out := []string{text(service, "spec", "clusterIP")}
	for _, ip := range list(service, "spec", "clusterIPs") {
		if ip, ok := ip.(string); ok {
			out = append(out, ip)
		}
	}
	return slices.DeleteFunc(out, func(ip string) bool { return ip == "" || ip == "None" })
}
