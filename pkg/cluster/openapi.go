package cluster

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// SchemaReader reads the schema of a resource from what the server publishes.
type SchemaReader interface {
	// Schema is the OpenAPI schema of the objects of a resource, as far as it
	// stands at one place; references to other schemas are not followed.
	Schema(ctx context.Context, served backup.Served) (map[string]any, error)
}

// openAPI is the part of an OpenAPI v3 document that names schemas by kind.
type openAPI struct {
	Components struct {
		Schemas map[string]map[string]any `json:"schemas"`
	} `json:"components"`
}

// Schema reads the document of the resource's group and version, which every
// user who may discover may read; served since Kubernetes 1.24.
func (l *Live) Schema(ctx context.Context, served backup.Served) (map[string]any, error) {
	what := "read the schema of " + served.Ref("", "").GroupResource()
	ctx, cancel := context.WithTimeout(ctx, l.options.Timeout)
	defer cancel()
	data, err := l.client.Get().AbsPath("openapi", "v3", "apis", served.Group, served.Version).DoRaw(ctx)
	if err != nil {
		return nil, &Error{What: what, Err: err}
	}
	var document openAPI
	if err := json.Unmarshal(data, &document); err != nil {
		return nil, &Error{What: what, Err: err}
	}
	for _, schema := range document.Components.Schemas {
		if describes(schema, served) {
			return schema, nil
		}
	}
	return nil, &Error{What: what, Err: fmt.Errorf("the server publishes none for kind %s", served.Kind)}
}

// describes tells whether a schema is that of the objects of a resource.
func describes(schema map[string]any, served backup.Served) bool {
	kinds, _ := schema["x-kubernetes-group-version-kind"].([]any)
	for _, entry := range kinds {
		kind, _ := entry.(map[string]any)
		if kind["group"] == served.Group && kind["version"] == served.Version && kind["kind"] == served.Kind {
			return true
		}
	}
	return false
}
