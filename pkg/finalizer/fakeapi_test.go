package finalizer

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster/write"
)

// fakeAPI is a fake API server in memory, no real one: it keeps objects with
// uid, resourceVersion, finalizers and deletionTimestamp, answers a failed JSON
// Patch test with 422, and collects the dependents of an object that is gone.
type fakeAPI struct {
	objects map[string]map[string]any
	version int
	stored  []string // the writes that were stored, as "patch demo"
	dryRuns int
	// before and after run around each write; an error of before is the answer
	// instead of the write, one of after is the answer although it was stored.
	before, after func(verb string, ref backup.Ref, dryRun bool) error
	// created is told of each object that was made.
	created func(object map[string]any)
	// reading is the answer to reads instead of the object.
	reading func(ref backup.Ref) error
}

func newFakeAPI() *fakeAPI {
	api := &fakeAPI{objects: map[string]map[string]any{}, version: 100}
	api.put(otherRef("demo"), []any{protection}, "", true)
	for _, name := range []string{"backup-demo", "clean-demo"} {
		api.put(jobRef(name), nil, otherRef("demo").UID, false)
	}
	return api
}

func (f *fakeAPI) put(ref backup.Ref, finalizers []any, owner string, deleted bool) {
	metadata := map[string]any{"name": ref.Name, "uid": ref.UID, "resourceVersion": strconv.Itoa(f.version), "owner": owner}
	if finalizers != nil {
		metadata["finalizers"] = finalizers
	}
	if deleted {
		metadata["deletionTimestamp"] = now.Add(-7 * time.Hour).Format(time.RFC3339)
	}
	f.objects[ref.String()] = map[string]any{"metadata": metadata, "spec": map[string]any{"cleanPolicy": "Delete"}, "status": map[string]any{}}
}

// touch is a status update of a chatty operator.
func (f *fakeAPI) touch(ref backup.Ref) {
	f.version++
	f.metadata(ref)["resourceVersion"] = strconv.Itoa(f.version)
}

func (f *fakeAPI) metadata(ref backup.Ref) map[string]any {
	object := f.objects[ref.String()]
	if object == nil {
		return map[string]any{}
	}
	return object["metadata"].(map[string]any)
}

func (f *fakeAPI) Read(ctx context.Context, ref backup.Ref) (map[string]any, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if f.reading != nil {
		if err := f.reading(ref); err != nil {
			return nil, err
		}
	}
	if object := f.objects[ref.String()]; object != nil {
		return clone(object), nil
	}
	return nil, fmt.Errorf("%w: %s", write.ErrGone, ref)
}

func (f *fakeAPI) Patch(_ context.Context, ref backup.Ref, ops []backup.PatchOp, dryRun bool) (map[string]any, error) {
	var patched map[string]any
	err := f.write("patch", ref, dryRun, func() error {
		object := f.objects[ref.String()]
		if object == nil {
			return fmt.Errorf("%w: %s", write.ErrGone, ref)
		}
		patched = clone(object)
		if err := applyPatch(patched, ops); err != nil {
			return fmt.Errorf("%w: %w", write.ErrChanged, status(http.StatusUnprocessableEntity, err.Error()))
		}
		if dryRun {
			return nil
		}
		f.objects[ref.String()] = patched
		f.touch(ref)
		f.settle(ref)
		return nil
	})
	return patched, err
}

func (f *fakeAPI) Delete(_ context.Context, ref backup.Ref, uid, resourceVersion string, dryRun bool) error {
	return f.write("delete", ref, dryRun, func() error {
		metadata := f.metadata(ref)
		switch {
		case len(metadata) == 0:
			return fmt.Errorf("%w: %s", write.ErrGone, ref)
		case metadata["uid"] != uid || resourceVersion != "" && metadata["resourceVersion"] != resourceVersion:
			return fmt.Errorf("%w: %w", write.ErrChanged, status(http.StatusConflict, "the precondition does not hold"))
		case !dryRun:
			metadata["deletionTimestamp"] = now.Format(time.RFC3339)
			f.settle(ref)
		}
		return nil
	})
}

// Orphan deletes an object and lets go of what belongs to it.
func (f *fakeAPI) Orphan(ctx context.Context, ref backup.Ref, uid, resourceVersion string, dryRun bool) error {
	for _, object := range f.objects {
		if metadata := object["metadata"].(map[string]any); !dryRun && metadata["owner"] == uid {
			metadata["owner"] = ""
		}
	}
	return f.Delete(ctx, ref, uid, resourceVersion, dryRun)
}

// Create makes an object, upon which its owner deletes what the test says.
func (f *fakeAPI) Create(_ context.Context, ref backup.Ref, object map[string]any, dryRun bool) (map[string]any, error) {
	err := f.write("create", ref, dryRun, func() error {
		switch {
		case ref.Name != "" && f.objects[ref.String()] != nil:
			return status(http.StatusConflict, ref.Name+" already exists")
		case dryRun:
			return nil
		case f.created != nil:
			f.created(object)
		case ref.Name != "":
			f.objects[ref.String()] = clone(object)
		}
		return nil
	})
	return clone(object), err
}

func (f *fakeAPI) write(verb string, ref backup.Ref, dryRun bool, change func() error) error {
	if f.before != nil {
		if err := f.before(verb, ref, dryRun); err != nil {
			return err
		}
	}
	if err := change(); err != nil {
		return err
	}
	if dryRun {
		f.dryRuns++
	} else {
		f.stored = append(f.stored, verb+" "+ref.Name)
	}
	if f.after != nil {
		return f.after(verb, ref, dryRun)
	}
	return nil
}

// settle removes an object that is being deleted and that nothing holds, and
// what belongs to it.
func (f *fakeAPI) settle(ref backup.Ref) {
	metadata := f.metadata(ref)
	if held, _ := metadata["finalizers"].([]any); len(held) > 0 || metadata["deletionTimestamp"] == nil {
		return
	}
	delete(f.objects, ref.String())
	for name, object := range f.objects {
		if object["metadata"].(map[string]any)["owner"] == metadata["uid"] {
			delete(f.objects, name)
		}
	}
}

func status(code int, message string) error {
	return &apierrors.StatusError{ErrStatus: metav1.Status{Code: int32(code), Message: message}}
}

func clone(object map[string]any) map[string]any {
	data, err := json.Marshal(object)
	if err != nil {
		panic(err)
	}
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil {
		panic(err)
	}
	return out
}

// applyPatch applies the operations of a JSON Patch that this package makes.
func applyPatch(object map[string]any, ops []backup.PatchOp) error {
	for _, op := range ops {
		if err := applyOp(object, op); err != nil {
			return err
		}
	}
	return nil
}

func applyOp(object map[string]any, op backup.PatchOp) error {
	parts := strings.Split(strings.TrimPrefix(op.Path, "/"), "/")
	last, parent := parts[len(parts)-1], object
	for _, part := range parts[:len(parts)-1] {
		next, ok := parent[part].(map[string]any)
		if !ok {
			return applyToList(parent, part, last, op)
		}
		parent = next
	}
	switch {
	case op.Op == "add":
		parent[last] = op.Value
	case op.Op == "test" && reflect.DeepEqual(parent[last], op.Value):
	default:
		return fmt.Errorf("testing value %s failed: test failed", op.Path)
	}
	return nil
}

func applyToList(parent map[string]any, name, index string, op backup.PatchOp) error {
	list, _ := parent[name].([]any)
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(list) {
		return fmt.Errorf("error in test for path: '%s': Unable to access invalid index: %s", op.Path, index)
	}
	switch {
	case op.Op == "test" && list[i] != op.Value:
		return fmt.Errorf("testing value %s failed: test failed", op.Path)
	case op.Op == "remove":
		parent[name] = slices.Delete(slices.Clone(list), i, i+1)
	}
	return nil
}
