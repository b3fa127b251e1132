package logs

import (
	"container/heap"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// settle hands on entries in order of their time. Each waits for the length of
// patience, so that older ones of slower containers can come before it.
func settle(lines <-chan backup.LogEntry, patience time.Duration, emit func(backup.LogEntry) error) error {
	waiting := &arrivals{}
	ticks := time.NewTicker(patience / 3)
	defer ticks.Stop()
	for number := 0; ; number++ {
		select {
		case e, open := <-lines:
			if !open {
				return release(waiting, time.Time{}, emit)
			}
			heap.Push(waiting, arrival{e, time.Now(), number})
		case now := <-ticks.C:
			if err := release(waiting, now.Add(-patience), emit); err != nil {
				return err
			}
		}
	}
}

// release hands on what arrived before the limit; zero is everything.
func release(waiting *arrivals, limit time.Time, emit func(backup.LogEntry) error) error {
	for waiting.Len() > 0 && (limit.IsZero() || (*waiting)[0].at.Before(limit)) {
		if err := emit(heap.Pop(waiting).(arrival).LogEntry); err != nil {
			return err
		}
	}
	return nil
}

// arrival is an entry and when it came, by the clock and by its number.
type arrival struct {
	backup.LogEntry
	at     time.Time
	number int
}

// arrivals are ordered by the time of the entry; equal times as they came.
type arrivals []arrival

func (a arrivals) Len() int      { return len(a) }
func (a arrivals) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a arrivals) Less(i, j int) bool {
	if a[i].At.Equal(a[j].At) {
		return a[i].number < a[j].number
	}
	return a[i].At.Before(a[j].At)
}

// Push implements [heap.Interface].
func (a *arrivals) Push(x any) { *a = append(*a, x.(arrival)) }

// Pop implements [heap.Interface].
func (a *arrivals) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}
