package system

import (
	"errors"
	"testing"
	"time"
)

func TestRunsAreCountedInTheZoneOfTheServer(t *testing.T) {
	after := time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)
	zone := time.FixedZone("server", 2*3600)
	for expression, want := range map[string][]string{
		"0 1 * * *":             {"2026-11-21T23:00:00Z", "2026-11-22T23:00:00Z"},
		"CRON_TZ=UTC 0 1 * * *": {"2026-11-22T01:00:00Z", "2026-11-23T01:00:00Z"},
		"@every 6h":             {"2026-11-21T15:30:00Z", "2026-11-21T21:30:00Z"},
	} {
		runs, err := Runs(expression, after, 2, zone)
		if err != nil || len(runs) != 2 {
			t.Errorf("%s: %v, %v", expression, runs, err)
			continue
		}
		for i, run := range runs {
			if got := run.UTC().Format(time.RFC3339); got != want[i] {
				t.Errorf("%s: run %d is at %s, want %s", expression, i+1, got, want[i])
			}
		}
	}
	if _, err := Runs("0 0 31 2 *", after, 1, zone); !errors.Is(err, ErrNeverRuns) {
		t.Errorf("the 31st of February: %v", err)
	}
	if _, err := Runs("now", after, 1, zone); err == nil {
		t.Error("now is taken for an expression")
	}
}
