package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// Output is the value of -o: empty for text, or a structured format.
type Output string

// Structured formats that every result has. List formats come on top for get.
var structured = []string{"json", "yaml", "jsonpath"}

// Validate refuses a format that is neither structured nor among the verb's own.
func (o Output) Validate(own ...string) error {
	kind, _, _ := strings.Cut(string(o), "=")
	if o == "" || slices.Contains(structured, kind) || slices.Contains(own, kind) {
		return nil
	}
	return &UsageError{Text: fmt.Sprintf("output format %q is not one of %s", o, strings.Join(append(structured, own...), ", "))}
}

// IsStructured tells whether a program reads the output.
func (o Output) IsStructured() bool {
	kind, _, _ := strings.Cut(string(o), "=")
	return slices.Contains(structured, kind) || kind == "custom-columns"
}

// Print writes a result in a structured format.
func (o Output) Print(w io.Writer, result any) error {
	kind, spec, _ := strings.Cut(string(o), "=")
	switch kind {
	case "json":
		text, err := marshal(result)
		if err != nil {
			return err
		}
		_, err = w.Write(text)
		return err
	case "yaml":
		text, err := yaml.Marshal(result)
		if err != nil {
			return err
		}
		_, err = w.Write(text)
		return err
	case "jsonpath":
		return printJSONPath(w, result, spec)
	case "custom-columns":
		return printColumns(w, result, spec)
	}
	return &UsageError{Text: fmt.Sprintf("output format %q cannot be printed here", o)}
}

// marshal is JSON without the escaping of <, > and &, which occur in error texts.
func marshal(result any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(result)
	return buffer.Bytes(), err
}
