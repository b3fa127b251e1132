package logs

import (
	"container/heap"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// merge hands on the entries of several streams by their time. Each stream is in
// its own order already, so one entry of each is held at a time. A stream ends
// when its channel is closed.
func merge(streams []<-chan backup.LogEntry, emit func(backup.LogEntry) error) error {
	queue := &heads{}
	for i, stream := range streams {
		if e, ok := <-stream; ok {
			*queue = append(*queue, head{e, i})
		}
	}
	heap.Init(queue)
	for queue.Len() > 0 {
		first := (*queue)[0]
		if err := emit(first.LogEntry); err != nil {
			return err
		}
		if e, ok := <-streams[first.stream]; ok {
			(*queue)[0].LogEntry = e
			heap.Fix(queue, 0)
		} else {
			heap.Pop(queue)
		}
	}
	return nil
}

// head is the next entry of a stream.
type head struct {
	backup.LogEntry
	stream int
}

// heads are ordered by time, and among equal times by their stream.
type heads []head

func (h heads) Len() int      { return len(h) }
func (h heads) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h heads) Less(i, j int) bool {
	if h[i].At.Equal(h[j].At) {
		return h[i].stream < h[j].stream
	}
	return h[i].At.Before(h[j].At)
}

// Push implements [heap.Interface].
func (h *heads) Push(x any) { *h = append(*h, x.(head)) }

// Pop implements [heap.Interface].
func (h *heads) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
