package backup

import "time"

// Timetable is when a schedule runs.
type Timetable struct {
	Schedule Ref    `json:"schedule"`
	Cron     string `json:"cron"`
	// Zone is that of the server, in which the expression is read; ZoneFrom says how it is known.
	Zone     string `json:"zone"`
	ZoneFrom string `json:"zoneFrom,omitempty"`
	Paused   bool   `json:"paused,omitempty"`
	// Next are its coming runs.
	Next []time.Time `json:"next,omitempty"`
	// Due is a run whose time is over: it comes as soon as the schedule is at work.
	Due *time.Time `json:"due,omitempty"`
	// Skips tells that a run which is due is left out.
	Skips bool `json:"skips,omitempty"`
	// AtOnce says why the first run of a new schedule does not wait for its time.
	AtOnce string `json:"atOnce,omitempty"`
}
