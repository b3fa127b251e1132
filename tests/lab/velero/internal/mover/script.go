package mover

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// usualPace is the time before a step that names none.
const usualPace = 500 * time.Millisecond

// gone is the step that removes the object, as its owner does some time after its end.
const gone = "Gone"

// step is one change of an object: a phase, how much of the data is moved by then, and the time before it.
type step struct {
	phase string
	// percent is negative when the step leaves the progress as it is.
	percent int
	after   time.Duration
}

// parseScript reads steps as `Accepted,InProgress:50%@2s,Completed`.
func parseScript(text string) ([]step, error) {
	var steps []step
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		next := step{percent: -1, after: usualPace}
		rest, after, timed := strings.Cut(part, "@")
		if timed {
			duration, err := time.ParseDuration(after)
			if err != nil {
				return nil, fmt.Errorf("step %q: %w", part, err)
			}
			next.after = duration
		}
		phase, percent, moved := strings.Cut(rest, ":")
		if moved {
			number, err := strconv.Atoi(strings.TrimSuffix(percent, "%"))
			if err != nil || number < 0 || number > 100 {
				return nil, fmt.Errorf("step %q: want a number from 0 to 100", part)
			}
			next.percent = number
		}
		next.phase = phase
		steps = append(steps, next)
	}
	return steps, nil
}
