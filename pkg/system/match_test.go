package system_test

import (
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

func served(version string, preferred bool) backup.Served {
	return backup.Served{Group: "example.org", Version: version, Resource: "dumps", Kind: "Dump", Namespaced: true, Preferred: preferred}
}

func TestMatchTakesTheMostSpecificProfileAndTheBestVersion(t *testing.T) {
	general := "kinds: [{role: backup, match: {group: example.org, resource: dumps}}]"
	versions := "kinds: [{role: backup, match: {group: example.org, resource: dumps, versions: [v2, v1]}}]"
	fields := "kinds: [{role: backup, match: {group: example.org, resource: dumps, versions: [v2], fields: [spec.target]}}]"
	registry := load(t, system.Options{Files: []string{profile(t, "general", general), profile(t, "versions", versions), profile(t, "fields", fields)}})
	tests := map[string]struct {
		served          []backup.Served
		system, version string
	}{
		"fields are more specific":        {[]backup.Served{served("v1", true), served("v2", false)}, "fields", "v2"},
		"versions are more specific":      {[]backup.Served{served("v1", false), served("v3", true)}, "versions", "v1"},
		"without a match the general one": {[]backup.Served{served("v3", false), served("v4", true)}, "general", "v4"},
		"the first without a preference":  {[]backup.Served{served("v3", false), served("v4", false)}, "general", "v3"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			kind := only(t, registry, test.served...)
			if kind.System != test.system || kind.Served.Version != test.version {
				t.Errorf("%s reads %s, want %s and %s", kind.System, kind.Served.Version, test.system, test.version)
			}
		})
	}
}

func TestMatchPrefersTheVersionThatTheClusterPrefers(t *testing.T) {
	file := profile(t, "versions", "kinds: [{role: backup, match: {group: example.org, resource: dumps, versions: [v2, v1]}}]")
	registry := load(t, system.Options{Files: []string{file}})
	if got := only(t, registry, served("v2", false), served("v1", true)).Served.Version; got != "v1" {
		t.Errorf("the version is %s", got)
	}
	if got := only(t, registry, served("v1", false), served("v2", false)).Served.Version; got != "v2" {
		t.Errorf("without a preference the version is %s, want the first of the profile", got)
	}
}

func TestMatchFindsNothingOfASystemThatIsNotServed(t *testing.T) {
	other := backup.Served{Group: "apps", Version: "v1", Resource: "deployments"}
	if kinds := load(t, system.Options{}).Match([]backup.Served{other}, nil); len(kinds) != 0 {
		t.Errorf("%d kinds match", len(kinds))
	}
}

func TestKnowsTheGroupsOfProfiles(t *testing.T) {
	registry := load(t, system.Options{})
	for group, want := range map[string]bool{"pingcap.com": true, "velero.io": true, "metrics.k8s.io": false, "": false} {
		if registry.Knows(group) != want {
			t.Errorf("group %q: want %t", group, want)
		}
	}
}

func TestFieldsAreReadFromTheSchema(t *testing.T) {
	general := "kinds: [{role: backup, match: {group: example.org, resource: dumps}}, {role: restore, match: {group: example.org, resource: loads}}]"
	special := "kinds: [{role: backup, match: {group: example.org, resource: dumps, fields: [spec.mode]}}, " +
		"{role: restore, match: {group: example.org, resource: loads, fields: [spec.mode], fieldsOf: dumps}}]"
	registry := load(t, system.Options{Files: []string{profile(t, "general", general), profile(t, "special", special)}})
	loads := backup.Served{Group: "example.org", Version: "v1", Resource: "loads", Kind: "Load", Namespaced: true, Preferred: true}
	both := []backup.Served{served("v1", true), loads}
	if contested := registry.Contested(both); len(contested) != 1 || contested[0].Resource != "dumps" {
		t.Errorf("the schemas that decide are %v, want only that of the dumps", contested)
	}
	answers := map[backup.Answer]string{backup.Yes: "special", backup.No: "general", backup.Unknown: "general"}
	for answer, want := range answers {
		has := func(of backup.Served, field string) backup.Answer {
			if of.Resource != "dumps" || field != "spec.mode" {
				t.Errorf("asked for %s of %s", field, of.Resource)
			}
			return answer
		}
		for _, kind := range registry.Match(both, has) {
			if kind.System != want {
				t.Errorf("with the answer %s %s reads %s, want %s", answer, kind.System, kind.Served.Resource, want)
			}
		}
	}
}
