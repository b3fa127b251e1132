package system

import (
	"errors"
	"time"
)

// ErrNeverRuns says that a cron expression names no time of the coming years.
var ErrNeverRuns = errors.New("no day of the coming years fits it")

// Runs are the first n runs of a cron expression after a time, as robfig/cron/v3
// counts them; zone is that of the server, which counts unless the expression names
// one itself. An error is that of the expression, or ErrNeverRuns.
func Runs(expression string, after time.Time, n int, zone *time.Location) ([]time.Time, error) {
	c, err := parseCron(expression)
	if err != nil {
		return nil, err
	}
	if !c.named {
		c.zone = zone
	}
	var runs []time.Time
	for range n {
		next, ok := c.next(after)
		if !ok {
			return runs, ErrNeverRuns
		}
		runs = append(runs, next)
		after = next
	}
	return runs, nil
}
