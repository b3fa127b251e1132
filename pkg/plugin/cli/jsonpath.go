package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"k8s.io/client-go/util/jsonpath"

	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// Path is a JSONPath over a result.
type Path struct{ *jsonpath.JSONPath }

// ParsePath reads a JSONPath with or without its braces and its first dot, as
// kubectl takes it: ".ref.name", "ref.name", "{.ref.name}".
func ParsePath(text string) (Path, error) {
	if !strings.Contains(text, "{") {
		text = "{." + strings.TrimPrefix(text, ".") + "}"
	}
	path := jsonpath.New("path").AllowMissingKeys(true)
	if err := path.Parse(text); err != nil {
		return Path{}, &UsageError{Text: fmt.Sprintf("%q is no JSONPath: %v", text, err)}
	}
	return Path{path}, nil
}

// Text is what the path finds in a result, or empty.
func (p Path) Text(result any) string {
	value, err := generic(result)
	if err != nil {
		return ""
	}
	var out strings.Builder
	if p.Execute(&out, value) != nil {
		return ""
	}
	return out.String()
}

// generic turns a result into the maps and lists that a JSONPath walks through.
func generic(result any) (any, error) {
	text, err := json.Marshal(result)
	if err != nil {
		return nil, err
	}
	var value any
	return value, json.Unmarshal(text, &value)
}

func printJSONPath(w io.Writer, result any, spec string) error {
	if spec == "" {
		return &UsageError{Text: "jsonpath wants an expression: -o jsonpath='{.items[*].ref.name}'"}
	}
	path, err := ParsePath(spec)
	if err != nil {
		return err
	}
	value, err := generic(result)
	if err != nil {
		return err
	}
	return path.Execute(w, value)
}

// printColumns prints the items of a list with the columns of a specification
// such as NAME:.ref.name,PHASE:.phase.
func printColumns(w io.Writer, result any, spec string) error {
	var headers []string
	var paths []Path
	for column := range strings.SplitSeq(spec, ",") {
		header, text, ok := strings.Cut(column, ":")
		if !ok || header == "" || text == "" {
			return &UsageError{Text: "custom-columns wants columns: -o custom-columns=NAME:.ref.name,PHASE:.phase"}
		}
		path, err := ParsePath(text)
		if err != nil {
			return err
		}
		headers, paths = append(headers, header), append(paths, path)
	}
	value, err := generic(result)
	if err != nil {
		return err
	}
	table := render.NewTable(headers...)
	list, _ := value.(map[string]any)["items"].([]any)
	for _, item := range list {
		cells := make([]string, len(paths))
		for i, path := range paths {
			var out strings.Builder
			if err := path.Execute(&out, item); err != nil {
				return err
			}
			if cells[i] = out.String(); cells[i] == "" {
				cells[i] = "<none>"
			}
		}
		table.Add(cells...)
	}
	return table.Print(w, render.Style{})
}
