package render

import (
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/util/duration"
)

// Style is how text is shown. The zero value is plain, unwrapped, in UTC.
type Style struct {
	// Color adds ANSI colours; they only repeat what the words say.
	Color bool
	// Width is that of the terminal in columns; zero, as in a pipe, wraps nothing.
	Width int
	// Zone is the zone of all times; nil is UTC.
	Zone *time.Location
	// Now is the instant against which ages are told.
	Now time.Time
}

// none stands for a value that an object does not tell.
const none = "-"

// Time is an instant in the style's zone: "2026-11-21 08:58:47 UTC".
func (s Style) Time(t time.Time) string {
	if t.IsZero() {
		return none
	}
	zone := s.Zone
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format("2006-01-02 15:04:05 MST")
}

// Age is how long ago an instant was, as kubectl tells it: "4d2h".
func (s Style) Age(t time.Time) string {
	if t.IsZero() {
		return none
	}
	return Duration(s.Now.Sub(t))
}

// Ago is an instant relative to now: "4d2h ago", "in 29d".
func (s Style) Ago(t time.Time) string {
	switch d := s.Now.Sub(t); {
	case t.IsZero():
		return none
	case d <= -2*time.Second:
		return "in " + Duration(-d)
	default:
		return Duration(d) + " ago"
	}
}

// moment is an instant with its age: "2026-11-21 08:58:47 UTC (4d2h ago)".
func (s Style) moment(t time.Time) string {
	if t.IsZero() {
		return none
	}
	return s.Time(t) + " (" + s.Ago(t) + ")"
}

// Duration is a length of time with two or three significant figures, as kubectl prints it.
func Duration(d time.Duration) string { return duration.HumanDuration(d) }

// Bytes is a size with a binary unit: "812 B", "1.5 KiB", "41 GiB".
func Bytes(n int64) string {
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	value, unit := float64(n)/1024, 0
	units := []string{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	for value >= 1023.5 && unit < len(units)-1 {
		value, unit = value/1024, unit+1
	}
	tenths := int64(value*10 + 0.5)
	if tenths < 100 && tenths%10 != 0 {
		return fmt.Sprintf("%d.%d %s", tenths/10, tenths%10, units[unit])
	}
	return fmt.Sprintf("%d %s", int64(value+0.5), units[unit])
}
