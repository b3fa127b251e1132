package compose

import (
	"errors"
	"fmt"

	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// Decode reads one value of YAML or JSON as the API server would: whole numbers are
// integers, and a key that is there twice is an error.
func Decode(text string) (any, error) {
	plain, err := yaml.YAMLToJSONStrict([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("no YAML: %w", err)
	}
	var value any
	if err := json.UnmarshalCaseSensitivePreserveInts(plain, &value); err != nil {
		return nil, fmt.Errorf("no YAML: %w", err)
	}
	return value, nil
}

var errNoMap = errors.New("the YAML is no object with fields")

func mapOf(text string) (map[string]any, error) {
	value, err := Decode(text)
	if err != nil {
		return nil, err
	}
	out, ok := value.(map[string]any)
	if !ok {
		return nil, errNoMap
	}
	return out, nil
}
