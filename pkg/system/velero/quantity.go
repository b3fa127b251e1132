package velero

import (
	"encoding/json"

	"k8s.io/apimachinery/pkg/api/resource"
)

// quantity is an amount of Kubernetes as JSON has it: "10Gi".
type quantity string

// UnmarshalJSON takes a number, too, and what is neither as nothing.
func (q *quantity) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		text = string(data)
	}
	*q = quantity(text)
	return nil
}

// bytes is nil where there is no such amount.
func (q quantity) bytes() *int64 {
	if q == "" {
		return nil
	}
	amount, err := resource.ParseQuantity(string(q))
	if err != nil {
		return nil
	}
	value := amount.Value()
	return &value
}
