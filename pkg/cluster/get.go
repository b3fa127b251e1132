package cluster

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// What is asked for where only metadata is wanted; served since Kubernetes 1.15.
const (
	acceptMetadata     = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
	acceptMetadataList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
)

// Get reads one object.
func (l *Live) Get(ctx context.Context, served backup.Served, namespace, name string) (map[string]any, error) {
	c := callFor("get", served, namespace, name)
	request := l.client.Get()
	if isSecret(served) {
		request = request.SetHeader("Accept", acceptMetadata)
	}
	answer, err := l.do(ctx, request, c, l.options.Timeout, true)
	if err != nil {
		return nil, err
	}
	defer answer.Close()
	object, err := decodeObject(answer)
	if err != nil {
		return nil, c.Failed(err)
	}
	identify(object, served)
	return object, nil
}

// isSecret tells whether the values of the objects are secret, so that only
// [Live.Secret] may read them.
func isSecret(served backup.Served) bool { return served.Group == "" && served.Resource == "secrets" }

// identify writes the kind into an object that came without: items of built-in
// lists have none, and metadata carries that of the metadata type.
func identify(object map[string]any, served backup.Served) {
	if kind, _ := object["kind"].(string); kind != "" && kind != "PartialObjectMetadata" {
		return
	}
	object["apiVersion"] = served.Version
	if served.Group != "" {
		object["apiVersion"] = served.Group + "/" + served.Version
	}
	object["kind"] = served.Kind
}
