package render

import (
	"fmt"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const (
	// paceWindow is the time over which a rate is measured: long enough for movers
	// that report every few seconds, short enough to see that they became slow.
	paceWindow = time.Minute
	// paceStalls is how long nothing may come before that is said.
	paceStalls = 30 * time.Second
)

// pace is how fast something grows.
type pace struct {
	samples []sample // the oldest is as old as the window, or the first
	changed time.Time
}

// sample is how much was done at a time.
type sample struct {
	at   time.Time
	done int64
}

// tell notes how much is done, and says how fast it grows and how long the rest
// takes at that rate, or for how long nothing came. It is empty while that is not
// known, and once nothing is left.
func (p *pace) tell(progress backup.Progress, now time.Time) string {
	last := len(p.samples) - 1
	if last >= 0 && progress.Done < p.samples[last].done {
		p.samples, last = nil, -1 // another run
	}
	if last < 0 || progress.Done > p.samples[last].done {
		p.changed = now
	}
	p.samples = append(p.samples, sample{now, progress.Done})
	for len(p.samples) > 2 && now.Sub(p.samples[1].at) >= paceWindow {
		p.samples = p.samples[1:]
	}
	first := p.samples[0]
	passed, came, rest := now.Sub(first.at), progress.Done-first.done, progress.Total-progress.Done
	switch still := now.Sub(p.changed); {
	case rest <= 0 && progress.Total > 0:
		return ""
	case still >= paceStalls:
		return "no progress for " + Duration(still)
	case passed < time.Second || came <= 0:
		return ""
	}
	rate := float64(came) / passed.Seconds()
	text := rateWord(progress.Unit, rate)
	if rest > 0 {
		text += ", " + Duration(time.Duration(float64(rest)/rate*float64(time.Second))) + " left"
	}
	return text
}

func rateWord(unit string, rate float64) string {
	switch {
	case unit == "bytes":
		return Bytes(int64(rate)) + "/s"
	case rate < 1:
		return fmt.Sprintf("%.0f/min", rate*60)
	}
	return fmt.Sprintf("%.0f/s", rate)
}
