package system

import (
	"testing"
	"time"
)

func TestNextRunOfACronExpression(t *testing.T) {
	after := time.Date(2026, 11, 21, 9, 30, 20, 0, time.UTC) // a Saturday
	for expression, want := range map[string]string{
		"* * * * *":             "2026-11-21T09:31:00Z",
		"0 1 * * *":             "2026-11-22T01:00:00Z",
		"*/15 * * * *":          "2026-11-21T09:45:00Z",
		"5/20 9 * * *":          "2026-11-21T09:45:00Z",
		"30 9 * * *":            "2026-11-22T09:30:00Z",
		"0 3 * * sun":           "2026-11-22T03:00:00Z",
		"0 3 * * MON-fri":       "2026-11-23T03:00:00Z",
		"0 3 1 * *":             "2026-12-01T03:00:00Z",
		"0 3 1 * 1":             "2026-11-23T03:00:00Z",
		"0 0 29 feb *":          "2028-02-29T00:00:00Z",
		"0 0 1,15 1-3 *":        "2027-01-01T00:00:00Z",
		"@daily":                "2026-11-22T00:00:00Z",
		"@every 90m":            "2026-11-21T11:00:20Z",
		"CRON_TZ=UTC 0 1 * * *": "2026-11-22T01:00:00Z",
	} {
		c, err := parseCron(expression)
		if err != nil {
			t.Errorf("%s: %v", expression, err)
			continue
		}
		if got, ok := c.next(after); !ok || got.Format(time.RFC3339) != want {
			t.Errorf("%s runs at %s (%t), want %s", expression, got.Format(time.RFC3339), ok, want)
		}
	}
	c, err := parseCron("0 0 31 2 *")
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := c.next(after); ok {
		t.Errorf("the 31st of February is %s", got)
	}
}

func TestWhatIsNoCronExpression(t *testing.T) {
	for _, text := range []string{"", "* * * *", "60 * * * *", "x * * * *", "5-1 * * * *", "*/0 * * * *", "1-x * * * *", "@every now", "@every -1h", "CRON_TZ=Nowhere/Land * * * * *"} {
		if _, err := parseCron(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
