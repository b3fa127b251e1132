package tidb_test

import (
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/system/tidb"
)

func TestATimestampIsReadAsBRDoes(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	for _, text := range []string{
		"2026-11-21T10:00:00Z", "2026-11-21T11:00:00+01:00", "2026-11-21T11:00:00+0100", "2026-11-21 18:00:00+0800", "2026-11-21 18:00:00+08:00",
		"470615379148800000",
	} {
		got, err := tidb.ParseTimestamp(text)
		if err != nil || !got.Equal(want) {
			t.Errorf("%s is %s, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "yesterday", "2026-11-21", "2026-11-21 10:00:00", "-1"} {
		if got, err := tidb.ParseTimestamp(text); err == nil {
			t.Errorf("%q is %s", text, got)
		}
	}
}
