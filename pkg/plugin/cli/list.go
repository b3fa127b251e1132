package cli

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// List is the structured result of a verb over several targets.
type List[T any] struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Items      []T    `json:"items"`
}

// NewList makes a list of a kind.
func NewList[T any](kind string, items []T) List[T] {
	return List[T]{APIVersion: backup.APIVersion, Kind: kind, Items: items}
}
