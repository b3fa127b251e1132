package backup_test

import (
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestAnOrderPutsOneBeforeTheOther(t *testing.T) {
	order := backup.RestoreOrder{First: []string{"namespaces", "pods"}, Last: []string{"clusters.example.com"}}
	for pair, want := range map[[2]string]string{
		{"secrets", "pods"}:                       "namespaces,secrets,pods,-,clusters.example.com",
		{"secrets", "apples"}:                     "namespaces,pods,secrets,-,clusters.example.com",
		{"clusters.example.com", "apples"}:        "namespaces,pods,clusters.example.com",
		{"pods", "namespaces"}:                    "pods,namespaces,-,clusters.example.com",
		{"namespaces", "pods"}:                    "namespaces,pods,-,clusters.example.com",
		{"apples", "secrets"}:                     "namespaces,pods,-,clusters.example.com",
		{"secrets", "clusters.example.com"}:       "namespaces,pods,-,clusters.example.com",
		{"b.example.com", "a.example.com"}:        "namespaces,pods,b.example.com,-,clusters.example.com",
		{"clusters.example.com", "b.example.org"}: "namespaces,pods,clusters.example.com",
	} {
		if got := order.Before(pair[0], pair[1]).Value(); got != want {
			t.Errorf("%v: %s, want %s", pair, got, want)
		}
	}
	if got := order.Value(); got != "namespaces,pods,-,clusters.example.com" {
		t.Errorf("the order was changed: %s", got)
	}
}
