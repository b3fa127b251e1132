package cluster

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
)

// podPort is a ready pod behind a Service, and the port on which it listens.
type podPort struct {
	namespace, pod string
	port           int64
}

func (p podPort) String() string { return fmt.Sprintf("%s/%s:%d", p.namespace, p.pod, p.port) }

// readyPods are the pods that serve a port of a Service, by name.
func (l *Live) readyPods(ctx context.Context, namespace, name, port string) ([]podPort, error) {
	service, err := l.Get(ctx, servedServices, namespace, name)
	if err != nil {
		return nil, err
	}
	if external := text(service, "spec", "externalName"); external != "" {
		return nil, fmt.Errorf("service %s/%s stands for the host %s outside of the cluster", namespace, name, external)
	}
	portName, direct, err := servicePort(service, port)
	if err != nil {
		return nil, err
	}
	s := endpointSearch{namespace: namespace, portName: portName, direct: direct}
	if err := l.searchEndpoints(ctx, name, &s); err != nil {
		return nil, err
	}
	if len(s.found) == 0 {
		return nil, s.none(name)
	}
	slices.SortFunc(s.found, func(a, b podPort) int { return cmp.Compare(a.pod, b.pod) })
	return slices.Compact(s.found), nil
}

// servicePort finds the name of a Service's port, by which its endpoints list
// the port of the pods. A headless Service is reached at the pods' own ports,
// whether it declares them or not: then the port is returned as direct.
func servicePort(service map[string]any, port string) (name string, direct int64, err error) {
	wanted, _ := strconv.ParseInt(port, 10, 64)
	headless := text(service, "spec", "clusterIP") == "None"
	for _, p := range objects(service, "spec", "ports") {
		if number(p, "port") == wanted && wanted != 0 || text(p, "name") == port {
			return text(p, "name"), 0, nil
		}
	}
	if headless && wanted > 0 {
		return "", wanted, nil
	}
	return "", 0, fmt.Errorf("service %s/%s has no port %s", text(service, "metadata", "namespace"), text(service, "metadata", "name"), port)
}

// searchEndpoints looks into EndpointSlices, and into Endpoints on servers that
// do not serve them yet (before 1.21) or do not let us read them.
func (l *Live) searchEndpoints(ctx context.Context, service string, s *endpointSearch) error {
	selector := ListOptions{LabelSelector: "kubernetes.io/service-name=" + service}
	err := l.List(ctx, servedEndpointSlices, s.namespace, selector, func(slice map[string]any) error {
		s.slice(slice)
		return nil
	})
	if err == nil || !IsNotServed(err) && !IsDenied(err) {
		return err
	}
	endpoints, err := l.Get(ctx, servedEndpoints, s.namespace, service)
	if err != nil {
		return err
	}
	for _, subset := range objects(endpoints, "subsets") {
		s.subset(subset)
	}
	return nil
}

// endpointSearch collects the ready pods of one Service port.
type endpointSearch struct {
	namespace string
	portName  string
	direct    int64 // the port of the pods, where the Service declares none
	found     []podPort
	notReady  int
	outside   string // an address that is not a pod's
}

func (s *endpointSearch) slice(slice map[string]any) {
	port := s.port(objects(slice, "ports"))
	for _, endpoint := range objects(slice, "endpoints") {
		ready, said := field(endpoint, "conditions", "ready").(bool)
		s.add(endpoint, list(endpoint, "addresses"), port, ready || !said)
	}
}

func (s *endpointSearch) subset(subset map[string]any) {
	port := s.port(objects(subset, "ports"))
	for _, address := range objects(subset, "addresses") {
		s.add(address, []any{address["ip"]}, port, true)
	}
	s.notReady += len(objects(subset, "notReadyAddresses"))
}

func (s *endpointSearch) port(ports []map[string]any) int64 {
	if s.direct != 0 {
		return s.direct
	}
	for _, p := range ports {
		if text(p, "name") == s.portName {
			return number(p, "port")
		}
	}
	return 0
}

func (s *endpointSearch) add(endpoint map[string]any, addresses []any, port int64, ready bool) {
	switch {
	case !ready:
		s.notReady++
	case port == 0:
	case text(endpoint, "targetRef", "kind") == "Pod":
		s.found = append(s.found, podPort{namespace: s.namespace, pod: text(endpoint, "targetRef", "name"), port: port})
	case len(addresses) > 0:
		s.outside = fmt.Sprintf("%v:%d", addresses[0], port)
	}
}

// none says why no pod can be reached.
func (s *endpointSearch) none(service string) error {
	switch {
	case s.outside != "":
		return fmt.Errorf("service %s/%s leads to %s, which is not a pod", s.namespace, service, s.outside)
	case s.notReady > 0:
		return fmt.Errorf("service %s/%s has no ready pod: %d not ready", s.namespace, service, s.notReady)
	}
	return fmt.Errorf("service %s/%s has no pods", s.namespace, service)
}
