package scenario

import "testing"

func TestScenariosHaveNamesOfTheirOwn(t *testing.T) {
	known := map[string]bool{}
	for _, s := range all() {
		name, about := s.title()
		if name == "" || about == "" || known[name] {
			t.Errorf("scenario %q: %q", name, about)
		}
		known[name] = true
	}
}

func TestUnknownScenario(t *testing.T) {
	if err := SetUp(t.Context(), nil, "none"); err == nil {
		t.Error("an unknown scenario was set up")
	}
}
