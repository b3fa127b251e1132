package clustertest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"k8s.io/apimachinery/pkg/labels"
)

// ServeHTTP answers discovery as it was recorded, and reads of objects from the
// recorded lists: of one namespace, by labels or name, or the metadata alone.
// What the server did not serve has no path here either.
func (r *recording) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if found, ok := r.Discovery[request.URL.Path]; ok {
		found.write(w)
		return
	}
	at, ok := r.parse(request.URL.Path)
	switch {
	case !ok:
		http.Error(w, "404 page not found", http.StatusNotFound)
	case request.Method == http.MethodPost && strings.HasSuffix(at.resource, "accessreviews"):
		reply(w, http.StatusCreated, map[string]any{"status": map[string]any{"allowed": true}})
	case request.Method != http.MethodGet:
		reply(w, http.StatusMethodNotAllowed, status(http.StatusMethodNotAllowed, "MethodNotAllowed", "a recording cannot be changed"))
	default:
		r.read(w, request, at)
	}
}

// place is what a path names; without a name it is all objects of a resource.
type place struct {
	list, resource  string
	namespace, name string
}

// parse reads a path such as /apis/apps/v1/namespaces/shop/deployments/web, if
// discovery has its resource.
func (r *recording) parse(path string) (place, bool) {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	root := 2
	if segments[0] == "apis" {
		root = 3
	}
	if len(segments) <= root {
		return place{}, false
	}
	version, rest := "/"+strings.Join(segments[:root], "/"), segments[root:]
	at := place{}
	if rest[0] == "namespaces" && len(rest) > 2 {
		at.namespace, rest = rest[1], rest[2:]
	}
	at.resource, at.list = rest[0], version+"/"+rest[0]
	if len(rest) == 2 {
		at.name = rest[1]
	}
	return at, len(rest) <= 2 && r.serves(version, at.resource)
}

func (r *recording) serves(version, resource string) bool {
	var served struct {
		Resources []struct{ Name string }
	}
	found, ok := r.Discovery[version]
	if !ok || json.Unmarshal(found.body, &served) != nil {
		return false
	}
	for _, s := range served.Resources {
		if s.Name == resource {
			return true
		}
	}
	return false
}

func (r *recording) read(w http.ResponseWriter, request *http.Request, at place) {
	found, ok := r.Lists[at.list]
	if ok && found.code != http.StatusOK {
		found.write(w)
		return
	}
	list := map[string]any{"kind": "List", "metadata": map[string]any{"resourceVersion": "1"}, "items": []any{}}
	if ok {
		if err := json.Unmarshal(found.body, &list); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	items, err := at.choose(list, request)
	switch {
	case err != nil:
		reply(w, http.StatusBadRequest, status(http.StatusBadRequest, "BadRequest", err.Error()))
	case at.name != "" && len(items) == 0:
		reply(w, http.StatusNotFound, status(http.StatusNotFound, "NotFound", fmt.Sprintf("%s %q not found", at.resource, at.name)))
	case at.name != "":
		reply(w, http.StatusOK, items[0])
	default:
		list["items"] = items
		reply(w, http.StatusOK, list)
	}
}

// choose are the items that were asked for. Items of a list have neither kind
// nor apiVersion; one that is read alone has them.
func (at place) choose(list map[string]any, request *http.Request) ([]any, error) {
	selector, err := labels.Parse(request.URL.Query().Get("labelSelector"))
	if err != nil {
		return nil, err
	}
	name := at.name
	if field, ok := strings.CutPrefix(request.URL.Query().Get("fieldSelector"), "metadata.name="); ok {
		name = field
	}
	metadataOnly := strings.Contains(request.Header.Get("Accept"), "as=PartialObjectMetadata")
	out := []any{}
	all, _ := list["items"].([]any)
	for _, entry := range all {
		item := entry.(map[string]any)
		metadata := item["metadata"].(map[string]any)
		if at.namespace != "" && metadata["namespace"] != at.namespace || name != "" && metadata["name"] != name || !selector.Matches(labelsOf(metadata)) {
			continue
		}
		switch kind, _ := list["kind"].(string); {
		case metadataOnly:
			item = map[string]any{"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": metadata}
		case at.name != "":
			item["kind"], item["apiVersion"] = strings.TrimSuffix(kind, "List"), list["apiVersion"]
		}
		out = append(out, item)
	}
	return out, nil
}

func labelsOf(metadata map[string]any) labels.Set {
	out := labels.Set{}
	all, _ := metadata["labels"].(map[string]any)
	for key, value := range all {
		out[key], _ = value.(string)
	}
	return out
}

// status is the body of an error, as the API server has it.
func status(code int, reason, message string) map[string]any {
	return map[string]any{
		"kind": "Status", "apiVersion": "v1", "metadata": map[string]any{}, "status": "Failure",
		"code": code, "reason": reason, "message": message,
	}
}

func reply(w http.ResponseWriter, code int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer{code: code, body: text}.write(w)
}
