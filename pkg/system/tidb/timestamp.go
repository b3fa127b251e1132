package tidb

import (
	"fmt"
	"strconv"
	"time"
)

// timeOf is the time in a timestamp of TiDB: milliseconds since 1970 above 18 bits
// that count within one (pingcap/tidb pkg/store/driver, oracle.ExtractPhysical).
func timeOf(timestamp uint64) time.Time {
	return time.UnixMilli(int64(timestamp >> 18)).UTC()
}

// layouts are how BR reads a time. Each has a zone: without one BR takes that of its
// pod, or refuses (pingcap/tidb br/pkg/task/common.go ParseTSString).
var layouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700",
	"2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999Z0700",
}

// ParseTimestamp reads a point in time as BR does: a timestamp of TiDB (a TSO), or a
// date, a time and a zone.
func ParseTimestamp(text string) (time.Time, error) {
	if timestamp, err := strconv.ParseUint(text, 10, 64); err == nil {
		return timeOf(timestamp), nil
	}
	for _, layout := range layouts {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is neither a timestamp of TiDB nor a time with its zone, such as 2026-11-21T10:00:00Z", text)
}
