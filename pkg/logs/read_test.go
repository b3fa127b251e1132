package logs

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

var base = time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)

func after(ms int) time.Time { return base.Add(time.Duration(ms) * time.Millisecond) }

func everything() []backup.LogSource {
	return []backup.LogSource{{Name: "all", Namespace: "ns", Selector: "app=x"}}
}

func collect(t *testing.T, r *Reader) []backup.LogEntry {
	t.Helper()
	var out []backup.LogEntry
	if err := r.Read(t.Context(), func(e backup.LogEntry) error { out = append(out, e); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestReadMergesByTime(t *testing.T) {
	node := &fakeNode{}
	node.write("a", after(0), "1")
	node.write("b", after(1), "2a")
	node.write("b", after(1), "2b")
	node.write("a", after(2), "3")
	node.write("c", after(3), "4")
	if got := texts(collect(t, NewReader(node, everything(), Options{}))); got != "a:1 b:2a b:2b a:3 c:4" {
		t.Errorf("got %s", got)
	}
}

func TestReadInstances(t *testing.T) {
	node := &fakeNode{}
	node.write("a", after(0), "old")
	node.restart("a")
	node.write("a", after(1), "new")
	cases := []struct {
		opts Options
		want string
	}{
		{Options{}, "a:old a:new"},
		{Options{Previous: true}, "a:old"},
		{Options{Since: after(1)}, "a:new"},
	}
	for _, c := range cases {
		if got := texts(collect(t, NewReader(node, everything(), c.opts))); got != c.want {
			t.Errorf("%+v: got %s, want %s", c.opts, got, c.want)
		}
	}
}

func TestReadKeepsWhatSpeaksOfTheTarget(t *testing.T) {
	node := &fakeNode{}
	for i, text := range []string{
		`time="2026-11-21T08:00:00Z" level=info msg="Processing backup" backup=velero/demo`,
		`time="2026-11-21T08:00:00Z" level=info msg="Deleting" backup=demo`,
		`time="2026-11-21T08:00:00Z" level=info msg="Processing backup" backup=velero/demo-2`,
		`time="2026-11-21T08:00:00Z" level=info msg="the upload demo-x1 goes on"`,
		`time="2026-11-21T08:00:00Z" level=info msg="the upload demo-x10 goes on"`,
	} {
		node.write("server", after(i), text)
	}
	sources := []backup.LogSource{{Name: "server", Namespace: "ns", Selector: "a=b", Keep: []backup.LogMatch{
		{Field: "backup", Value: "velero/demo"}, {Field: "backup", Value: "demo"}, {Value: "demo-x1"},
	}}}
	got := collect(t, NewReader(node, sources, Options{}))
	if len(got) != 3 || got[1].Message != "Deleting" || got[2].Message != "the upload demo-x1 goes on" {
		t.Errorf("got %s", texts(got))
	}
}

func TestReadTellsTrouble(t *testing.T) {
	node := &fakeNode{denied: errors.New("denied")}
	var troubles []Trouble
	collect(t, NewReader(node, everything(), Options{Trouble: func(x Trouble) { troubles = append(troubles, x) }}))
	if len(troubles) != 1 || troubles[0].What != "pods of all" || !errors.Is(troubles[0].Err, node.denied) {
		t.Errorf("got %+v", troubles)
	}
}

func TestReadMasksPrivateKeys(t *testing.T) {
	node := &fakeNode{}
	for i, text := range []string{"-----BEGIN RSA PRIVATE KEY-----", "c2VjcmV0", "-----END RSA PRIVATE KEY-----", "done"} {
		node.write("a", after(i), text)
	}
	got := collect(t, NewReader(node, everything(), Options{}))
	for _, e := range got[:3] {
		if e.Text == "c2VjcmV0" || e.Message == "c2VjcmV0" {
			t.Errorf("the key was printed: %q", e.Text)
		}
	}
	if got[3].Text != "done" {
		t.Errorf("after the key: %q", got[3].Text)
	}
}

// TestFollowLosesAndRepeatsNothing: fifty pods write, restart and end, their
// connections are cut again and again, and half of them appear late.
func TestFollowLosesAndRepeatsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const podCount, lineCount = 50, 60
		node := &fakeNode{cutAfter: 7}
		for p := range podCount / 2 {
			node.write(fmt.Sprintf("pod-%02d", p), time.Now().Truncate(10*time.Millisecond), "0")
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			var writers sync.WaitGroup
			for p := range podCount {
				writers.Go(func() {
					name := fmt.Sprintf("pod-%02d", p)
					first := 0
					if p < podCount/2 {
						first = 1
					}
					for i := first; i < lineCount; i++ {
						if i == lineCount/2 {
							node.restart(name)
						}
						// Two lines at a time have the same time.
						node.write(name, time.Now().Truncate(10*time.Millisecond), fmt.Sprint(i))
						time.Sleep(time.Duration(i%3) * 20 * time.Millisecond)
					}
					node.change(name, func(p *fakePod) { p.ended, p.final = p.restarts > 0, p.restarts > 0 })
				})
			}
			writers.Wait()
		}()
		next := map[string]int{}
		r := NewReader(node, everything(), Options{Trouble: func(x Trouble) { t.Errorf("%s: %v", x.What, x.Err) }})
		err := r.Follow(t.Context(), done, func(e backup.LogEntry) error {
			if want := fmt.Sprint(next[e.Pod.Name]); e.Text != want {
				return fmt.Errorf("%s: got line %s, want %s", e.Pod.Name, e.Text, want)
			}
			next[e.Pod.Name]++
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for p := range podCount {
			if name := fmt.Sprintf("pod-%02d", p); next[name] != lineCount {
				t.Errorf("%s: %d lines of %d", name, next[name], lineCount)
			}
		}
	})
}

func TestFollowEndsWithTheContainers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		node := &fakeNode{}
		node.write("a", after(0), "only")
		node.change("a", func(p *fakePod) { p.ended, p.final = true, true })
		done := make(chan struct{})
		close(done)
		var got []backup.LogEntry
		if err := NewReader(node, everything(), Options{}).Follow(t.Context(), done, func(e backup.LogEntry) error { got = append(got, e); return nil }); err != nil {
			t.Fatal(err)
		}
		if texts(got) != "a:only" {
			t.Errorf("got %s", texts(got))
		}
	})
}

func TestFollowStopsWithAnErrorOfItsReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		node := &fakeNode{}
		node.write("a", after(0), "1")
		full := errors.New("the disk is full")
		err := NewReader(node, everything(), Options{}).Follow(t.Context(), nil, func(backup.LogEntry) error { return full })
		if !errors.Is(err, full) {
			t.Errorf("got %v", err)
		}
	})
}

// What heals at once is not told; what does not is, and the stream goes on.
func TestFollowTellsWhatDoesNotHeal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for broken, want := range map[int]int{1: 0, 2: 1} {
			node, told, done := &fakeNode{broken: broken}, 0, make(chan struct{})
			node.write("a", time.Now(), "first")
			r := NewReader(node, everything(), Options{Trouble: func(x Trouble) {
				if told++; !x.Passing {
					t.Errorf("%s: %v", x.What, x.Err)
				}
			}})
			time.AfterFunc(time.Duration(broken)*lookAgain+lookAgain/2, func() {
				node.write("a", time.Now(), "second")
				close(done)
			})
			got := 0
			if err := r.Follow(t.Context(), done, func(backup.LogEntry) error { got++; return nil }); err != nil || got != 2 || told != want {
				t.Errorf("%d failures: %d lines, %d times told, %v", broken, got, told, err)
			}
		}
	})
}

func TestHasWord(t *testing.T) {
	for text, want := range map[string]bool{
		"backup velero/demo is done": true, "demo": true, "demo-2": false, "my-demo": false,
		"demo2 and demo.": true, "": false, "name=demo,": true,
	} {
		if got := hasWord(text, "demo"); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
