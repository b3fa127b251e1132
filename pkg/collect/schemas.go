package collect

import (
	"context"
	"errors"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// schemas reads the schemas that decide which profile reads a resource. What
// could not be read is a gap: the less specific profile reads it then.
func (c *Collector) schemas(ctx context.Context) system.Schemas {
	known := map[backup.Ref]map[string]any{}
	for _, contested := range c.Registry.Contested(c.served) {
		served, ok := c.resource(contested.Group, contested.Resource)
		if !ok {
			continue
		}
		served.Version = contested.Version
		schema, err := c.schema(ctx, served)
		if err != nil {
			what := "the schema of " + contested.Ref("", "").GroupResource() + ", which tells whose it is"
			c.gaps = append(c.gaps, backup.Gap{What: what, Why: shortError(err), Lookup: lookup(err), Rule: missingRule(err)})
			continue
		}
		known[contested.Ref("", "")] = schema
	}
	return func(served backup.Served, field string) backup.Answer {
		served.Kind = ""
		schema, ok := known[served.Ref("", "")]
		if !ok {
			return backup.Unknown
		}
		return backup.AnswerOf(hasField(schema, field))
	}
}

// schema is that of the definition, or, for who may not read definitions, the
// one that the server publishes for everybody.
func (c *Collector) schema(ctx context.Context, served backup.Served) (map[string]any, error) {
	raw, err := c.Cluster.Get(ctx, definitions, "", served.Ref("", "").GroupResource())
	if err == nil {
		for _, version := range items(raw, "spec", "versions") {
			if schema := object(version, "schema", "openAPIV3Schema"); nested(version, "name") == served.Version && schema != nil {
				return schema, nil
			}
		}
		err = errors.New("the definition has no schema")
	}
	if reader, ok := c.Cluster.(cluster.SchemaReader); ok {
		if schema, publishedErr := reader.Schema(ctx, served); publishedErr == nil {
			return schema, nil
		}
	}
	return nil, err
}

// hasField tells whether a schema has a field, such as "spec.runMode".
func hasField(schema map[string]any, field string) bool {
	for name := range strings.SplitSeq(field, ".") {
		next := object(schema, "properties", name)
		if next == nil {
			return false
		}
		schema = next
	}
	return true
}

// errNoSchemas is the error of a source that publishes no schemas.
var errNoSchemas = errors.New("this source publishes no schemas")

// Schema reads the schema of a resource.
func (m *memo) Schema(ctx context.Context, served backup.Served) (map[string]any, error) {
	if source, ok := m.Reader.(cluster.SchemaReader); ok {
		return source.Schema(ctx, served)
	}
	return nil, errNoSchemas
}
