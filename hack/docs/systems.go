package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// systemsPage describes the built-in profiles.
func systemsPage() (string, error) {
	registry, err := system.Load(system.Options{})
	if err != nil {
		return "", err
	}
	var page strings.Builder
	page.WriteString("# Systems\n\nWhat the built-in profiles know. Further ones can be added from files: see [profile.md](profile.md).\n")
	for _, s := range registry.Systems() {
		fmt.Fprintf(&page, "\n## %s\n\n", s.Name)
		if s.Description != "" {
			fmt.Fprintf(&page, "%s\n\n", s.Description)
		}
		kindsTable(&page, s.Kinds)
		finalizerList(&page, s.Finalizers)
	}
	return page.String(), nil
}

func kindsTable(page *strings.Builder, kinds []system.Resource) {
	if len(kinds) == 0 {
		return
	}
	page.WriteString("| role | resource | versions |\n|---|---|---|\n")
	for _, k := range kinds {
		fmt.Fprintf(page, "| %s | `%s.%s` | %s |\n", k.Role, k.Resource, k.Group, strings.Join(k.Versions, ", "))
	}
	page.WriteString("\n")
}

func finalizerList(page *strings.Builder, finalizers []string) {
	names := slices.Compact(slices.Sorted(slices.Values(finalizers)))
	if len(names) == 0 {
		return
	}
	page.WriteString("Finalizers that it explains:\n\n")
	for _, name := range names {
		fmt.Fprintf(page, "* `%s`\n", name)
	}
}
