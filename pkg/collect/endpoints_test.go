package collect_test

import (
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// guard is the server behind the webhook of the dying shop.
func guard(t *testing.T, source *recorded) backup.Backend {
	t.Helper()
	for _, w := range controlOf(t, source, "ns", "shop").Control.Webhooks {
		if w.Name == "maps.example.com" {
			return w.Backend
		}
	}
	t.Fatal("there is no webhook")
	return backup.Backend{}
}

func TestEndpointsAreReadWhereSlicesMayNotBe(t *testing.T) {
	endpoints := map[string]any{
		"metadata": map[string]any{"name": "guard", "namespace": "ops"},
		"subsets": []any{map[string]any{"addresses": []any{
			map[string]any{"ip": "10.0.0.1", "targetRef": map[string]any{"name": "guard-a"}}, map[string]any{"ip": "10.0.0.2"},
		}}},
	}
	for name, c := range map[string]struct {
		denied    []string
		endpoints []map[string]any
		want      backup.Backend
	}{
		"slices":                 {nil, nil, backup.Backend{Ready: 1, ReadyLookup: backup.Found, EndpointsFrom: "EndpointSlices"}},
		"slices are denied":      {[]string{"endpointslices.discovery.k8s.io"}, []map[string]any{endpoints}, backup.Backend{Ready: 2, ReadyLookup: backup.Found, EndpointsFrom: "Endpoints"}},
		"denied, and no others":  {[]string{"endpointslices.discovery.k8s.io"}, nil, backup.Backend{ReadyLookup: backup.Failed, EndpointsFrom: "EndpointSlices"}},
		"neither may be read":    {[]string{"endpointslices.discovery.k8s.io", "endpoints"}, nil, backup.Backend{ReadyLookup: backup.Failed, EndpointsFrom: "EndpointSlices"}},
		"only Endpoints are not": {[]string{"endpoints"}, nil, backup.Backend{Ready: 1, ReadyLookup: backup.Found, EndpointsFrom: "EndpointSlices"}},
	} {
		t.Run(name, func(t *testing.T) {
			source := shop(t, c.denied...)
			source.objects["endpoints"] = c.endpoints
			got := guard(t, source)
			if got.Ready != c.want.Ready || got.ReadyLookup != c.want.ReadyLookup || got.EndpointsFrom != c.want.EndpointsFrom {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}
