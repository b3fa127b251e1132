package systemtest_test

import (
	"os"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/system"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/systemtest"
)

func TestBuiltInProfiles(t *testing.T) {
	registry, err := system.Load(system.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range registry.Systems() {
		t.Run(s.Name, func(t *testing.T) { systemtest.Run(t, os.DirFS("testdata"), s.Name) })
	}
}

func TestBlockersOfTheBuiltInProfiles(t *testing.T) {
	registry, err := system.Load(system.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range registry.Systems() {
		t.Run(s.Name, func(t *testing.T) { systemtest.RunBlockers(t, os.DirFS("testdata"), s.Name) })
	}
}

func TestChecksOfTheBuiltInProfiles(t *testing.T) {
	registry, err := system.Load(system.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range registry.Systems() {
		t.Run(s.Name, func(t *testing.T) { systemtest.RunChecks(t, os.DirFS("testdata"), s.Name) })
	}
}
