package write

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/rest"
	kjson "sigs.k8s.io/json"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// timeout is for one write. Admission webhooks may take 30 seconds by themselves.
const timeout = 40 * time.Second

// Live writes through the API server of a cluster.
type Live struct {
	client rest.Interface
}

var _ Writer = (*Live)(nil)

// NewLive prepares a writer from kubectl's own flags. It contacts nothing.
func NewLive(getter genericclioptions.RESTClientGetter, options cluster.Options) (*Live, error) {
	config, err := cluster.Config(getter, options)
	if err != nil {
		return nil, err
	}
	client, err := rest.UnversionedRESTClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("prepare the writing client of %s: %w", config.Host, err)
	}
	return &Live{client: client}, nil
}

// Patch applies a guarded JSON Patch.
func (l *Live) Patch(ctx context.Context, ref backup.Ref, ops []backup.PatchOp, dryRun bool) (map[string]any, error) {
	c := callFor("patch", ref)
	if err := checkPatch(ops); err != nil {
		return nil, c.Failed(err)
	}
	request := l.client.Patch(types.JSONPatchType).Param("fieldManager", FieldManager)
	return send(ctx, request, c, ops, dryRun)
}

// Delete deletes one object by its UID, and in the background what it owns.
func (l *Live) Delete(ctx context.Context, ref backup.Ref, uid, resourceVersion string, dryRun bool) error {
	return l.remove(ctx, ref, uid, resourceVersion, "Background", dryRun)
}

// Orphan deletes one object by its UID and leaves what it owns.
func (l *Live) Orphan(ctx context.Context, ref backup.Ref, uid, resourceVersion string, dryRun bool) error {
	return l.remove(ctx, ref, uid, resourceVersion, "Orphan", dryRun)
}

func (l *Live) remove(ctx context.Context, ref backup.Ref, uid, resourceVersion, propagation string, dryRun bool) error {
	c := callFor("delete", ref)
	if uid == "" || ref.Name == "" {
		return c.Failed(fmt.Errorf("%w: a delete needs a name and a UID", ErrRefused))
	}
	preconditions := map[string]any{"uid": uid}
	if resourceVersion != "" {
		preconditions["resourceVersion"] = resourceVersion
	}
	body := map[string]any{
		"apiVersion": "v1", "kind": "DeleteOptions",
		"propagationPolicy": propagation, "preconditions": preconditions,
	}
	if dryRun {
		body["dryRun"] = []string{"All"}
	}
	_, err := send(ctx, l.client.Delete().SetHeader("Content-Type", "application/json"), c, body, dryRun)
	return err
}

// Create makes a new object.
func (l *Live) Create(ctx context.Context, ref backup.Ref, object map[string]any, dryRun bool) (map[string]any, error) {
	c := callFor("create", ref)
	c.Ref.Name = "" // the collection is what is posted to
	request := l.client.Post().Param("fieldManager", FieldManager).SetHeader("Content-Type", "application/json")
	return send(ctx, request, c, object, dryRun)
}

func callFor(verb string, ref backup.Ref) cluster.Call {
	return cluster.Call{Verb: verb, Ref: ref, Namespaced: ref.Namespace != ""}
}

// send makes one request, once: what to do after a failure is for whoever
// judges. The bodies go as streams, which the client does not log.
func send(ctx context.Context, request *rest.Request, c cluster.Call, body any, dryRun bool) (map[string]any, error) {
	path, err := c.Path()
	if err != nil {
		return nil, c.Failed(fmt.Errorf("%w: %w", ErrRefused, err))
	}
	data, err := json.Marshal(body)
	if err != nil {
		return nil, c.Failed(err)
	}
	if dryRun {
		request = request.Param("dryRun", "All")
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	answer, err := request.AbsPath(path...).MaxRetries(0).Body(bytes.NewReader(data)).Stream(ctx)
	if err != nil {
		return nil, c.Failed(classify(err))
	}
	defer answer.Close()
	var object map[string]any
	if err := decode(answer, &object); err != nil {
		return nil, c.Failed(fmt.Errorf("the server accepted it, but its answer could not be read: %w", err))
	}
	return object, nil
}

func decode(r io.Reader, object *map[string]any) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	return kjson.UnmarshalCaseSensitivePreserveInts(data, object)
}
