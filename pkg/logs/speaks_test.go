package logs

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestKeeper(t *testing.T) {
	t.Parallel()
	k := newKeeper([]backup.LogMatch{
		{Field: "backup", Value: "velero/demo"}, {Field: "gc backup", Value: "velero/demo"}, {Field: "name", Value: `a "b"`}, {Value: "shop/db"},
	})
	for text, want := range map[string]bool{
		`level=info msg="x" backup=velero/demo`:                           true,
		`level=info msg="x" Backup=velero/demo`:                           true,
		`level=info msg="x" backup=velero/demo-2`:                         false,
		`level=info msg="backup=velero/demo"`:                             false,
		`level=info msg=x gc backup=velero/demo name=y`:                   true,
		`level=info msg=x name="a \"b\""`:                                 true,
		`{"level":"info","msg":"x","backup":"velero/demo"}`:               true,
		`{"level":"info","msg":"x","other":{"backup":"velero/demo"}}`:     false,
		`I1121 09:00:00.000000       1 a.go:1] "x" backup="velero/demo"`:  true,
		`I1121 09:00:00.000000       1 a.go:1] "x" restore="velero/demo"`: false,
		`updateSnapshotStatusPhase: Snapshot shop/db updated`:             true,
		`updateSnapshotStatusPhase: Snapshot shop/db-1 updated`:           false,
		``: false,
	} {
		if got := k.keeps(text); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
	if k.add([]backup.LogMatch{{Field: "BACKUP", Value: "velero/demo"}}) || !k.add([]backup.LogMatch{{Value: "more"}}) || !k.keeps("no more") {
		t.Error("what is new was not told from what is known")
	}
	if !newKeeper(nil).keeps("anything") {
		t.Error("without matches every line counts")
	}
}

// A data mover is named seconds after its first lines were written.
func TestFollowTakesLinesThatCountOnlyLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		node := &fakeNode{}
		node.write("agent", after(0), "level=info msg=1 dataupload=a")
		node.write("agent", after(1), "level=info msg=2 dataupload=b")
		source := func(name string) backup.LogSource {
			return backup.LogSource{Name: "node-agent", Namespace: "ns", Selector: "a=b", Keep: []backup.LogMatch{{Field: "dataupload", Value: name}}}
		}
		r := NewReader(node, []backup.LogSource{source("a")}, Options{})
		done := make(chan struct{})
		var got []string
		err := r.Follow(t.Context(), done, func(e backup.LogEntry) error {
			got = append(got, e.Message)
			switch e.Message {
			case "1":
				go func() {
					time.Sleep(50 * time.Millisecond)
					r.Add(source("b"))
					r.Add(source("b"))
					node.write("agent", after(2), "level=info msg=3 dataupload=b")
					node.write("agent", after(3), "level=info msg=4 dataupload=c")
					time.Sleep(time.Second)
					r.Add(source("c")) // its line is read at the end at the latest
					close(done)
				}()
			}
			return nil
		})
		if err != nil || len(got) != 4 || got[1] != "2" || got[3] != "4" {
			t.Errorf("got %v, %v", got, err)
		}
	})
}

// A node-agent repeats the log of the pod that moved the data.
func TestCopiedLines(t *testing.T) {
	t.Parallel()
	write := func(node *fakeNode) {
		for i, text := range []string{
			"level=info msg=other dataupload=b",
			`level=info msg="Redirecting to log file /tmp/1" dataupload=b`,
			"level=info msg=others",
			`level=info msg="Completed to collect data mover pod log for b" dataupload=b`,
			`level=info msg="Redirecting to log file /tmp/2" dataupload=a`,
			"level=info msg=moving",
			"level=info msg=moved",
			`level=info msg="Completed to collect data mover pod log for a" dataupload=a`,
			"level=info msg=unrelated",
		} {
			node.write("agent", after(10+i), text)
		}
	}
	agent := backup.LogSource{
		Name: "node-agent", Namespace: "ns", Pod: "agent", Keep: []backup.LogMatch{{Field: "dataupload", Value: "a"}},
		Copied: &backup.LogCopy{Begin: "Redirecting to log file", End: "Completed to collect data mover pod log"},
	}
	mover := backup.LogSource{Name: "data-mover", Namespace: "ns", Pod: "mover"}

	gone := &fakeNode{}
	write(gone)
	if got := messages(collect(t, NewReader(gone, []backup.LogSource{agent, mover}, Options{}))); got != "Redirecting to log file /tmp/2|moving|moved|Completed to collect data mover pod log for a" {
		t.Errorf("of a pod that is gone: %s", got)
	}

	there := &fakeNode{}
	there.write("mover", after(0), "level=info msg=moving")
	there.write("mover", after(1), "level=info msg=moved")
	write(there)
	if got := messages(collect(t, NewReader(there, []backup.LogSource{agent, mover}, Options{}))); got != "moving|moved|Redirecting to log file /tmp/2|Completed to collect data mover pod log for a" {
		t.Errorf("of a pod that is there: %s", got)
	}
}

func messages(entries []backup.LogEntry) string {
	out := ""
	for i, e := range entries {
		if i > 0 {
			out += "|"
		}
		out += e.Message
	}
	return out
}

// Lines of a source that is bounded in time, such as the maintenance of a repository.
func TestBoundedSource(t *testing.T) {
	t.Parallel()
	node := &fakeNode{}
	for i := range 5 {
		node.write("a", after(i*1000), string(rune('0'+i)))
	}
	source := everything()[0]
	first, second := source, source
	first.From, first.Until = after(1000), after(1500)
	second.From, second.Until = after(1200), after(3000)
	if got := texts(collect(t, NewReader(node, []backup.LogSource{first, second}, Options{}))); got != "a:1 a:2 a:3" {
		t.Errorf("got %s", got)
	}
	second.Until = time.Time{}
	if got := texts(collect(t, NewReader(node, []backup.LogSource{first, second}, Options{}))); got != "a:1 a:2 a:3 a:4" {
		t.Errorf("without an end: %s", got)
	}
}

// BenchmarkKeeper is what a server's lines cost that are about others, one core, bytes a second.
func BenchmarkKeeper(b *testing.B) {
	const (
		text = `time="2026-11-21T08:00:00Z" level=info msg="Processing item" backup=velero/shop logSource="pkg/backup/backup.go:625" name=web-0 namespace=shop progress= resource=pods`
		json = `{"backup":"velero/shop","level":"info","logSource":"pkg/backup/backup.go:625","msg":"Processing item","name":"web-0","namespace":"shop","progress":"","resource":"pods","time":"2026-11-21T08:00:00Z"}`
	)
	k := newKeeper([]backup.LogMatch{
		{Field: "backup", Value: "velero/demo"}, {Field: "gc backup", Value: "velero/demo"},
		{Field: "backup operations for backup", Value: "velero/demo"}, {Field: "backup", Value: "demo"},
	})
	for form, line := range map[string]string{"text": text, "JSON": json} {
		b.Run(form, func(b *testing.B) {
			b.SetBytes(int64(len(line)))
			for b.Loop() {
				k.keeps(line)
			}
		})
	}
}
