package cluster

import (
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestSchemaIsThatOfTheKind(t *testing.T) {
	t.Parallel()
	live := fakeCluster(t, answers{
		"/openapi/v3/apis/pingcap.com/v1alpha1": `{"components":{"schemas":{
			"a.Restore":{"x-kubernetes-group-version-kind":[{"group":"pingcap.com","version":"v1alpha1","kind":"Restore"}],"properties":{"other":{}}},
			"a.Backup":{"x-kubernetes-group-version-kind":[{"group":"pingcap.com","version":"v1alpha1","kind":"Backup"}],"properties":{"spec":{}}}}}}`,
		"/openapi/v3/apis/broken.io/v1": `not JSON`,
	}, Options{})
	schema, err := live.Schema(t.Context(), backups)
	if err != nil {
		t.Fatal(err)
	}
	if properties, _ := schema["properties"].(map[string]any); properties["spec"] == nil {
		t.Errorf("the schema is %v", schema)
	}
	for name, served := range map[string]backup.Served{
		"no such kind":     {Group: "pingcap.com", Version: "v1alpha1", Kind: "Dump", Resource: "dumps"},
		"no such document": {Group: "example.org", Version: "v1", Kind: "Dump", Resource: "dumps"},
		"no JSON":          {Group: "broken.io", Version: "v1", Kind: "Dump", Resource: "dumps"},
	} {
		if schema, err := live.Schema(t.Context(), served); err == nil {
			t.Errorf("%s: the schema is %v", name, schema)
		}
	}
}
