package mover

import (
	"slices"
	"testing"
	"time"
)

func TestParseScript(t *testing.T) {
	for _, test := range []struct {
		text string
		want []step
		bad  bool
	}{
		{text: ""},
		{text: "Accepted", want: []step{{"Accepted", -1, usualPace}}},
		{text: "New, InProgress:50%@2s", want: []step{{"New", -1, usualPace}, {"InProgress", 50, 2 * time.Second}}},
		{text: "InProgress:0%,Gone", want: []step{{"InProgress", 0, usualPace}, {gone, -1, usualPace}}},
		{text: "InProgress:101%", bad: true},
		{text: "InProgress:half", bad: true},
		{text: "New@soon", bad: true},
	} {
		t.Run(test.text, func(t *testing.T) {
			got, err := parseScript(test.text)
			if (err != nil) != test.bad {
				t.Fatalf("error is %v, want one: %v", err, test.bad)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("steps are %v, want %v", got, test.want)
			}
		})
	}
}

func TestScriptsOfKindsAreReadable(t *testing.T) {
	for _, k := range kinds() {
		steps, err := parseScript(k.script)
		if err != nil || len(steps) == 0 {
			t.Errorf("%s: %d steps, %v", k.resource, len(steps), err)
		}
	}
}
