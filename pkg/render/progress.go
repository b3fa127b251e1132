package render

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Progress tells how far an object is: on a terminal as one line that is
// overwritten, elsewhere as one line for each change of its phase. It is safe
// for concurrent use.
type Progress struct {
	mu    sync.Mutex
	out   io.Writer
	style Style
	on    bool
	shown bool
	phase string
	first map[string]sample // by unit
}

// sample is how far the object was at a time, for the rate.
type sample struct {
	at   time.Time
	done backup.Progress
}

// NewProgress makes one for a stream. What is off prints nothing.
func NewProgress(out io.Writer, style Style, on bool) *Progress {
	return &Progress{out: out, style: style, on: on, first: map[string]sample{}}
}

// Show prints where the object is now.
func (p *Progress) Show(o backup.Object, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.on {
		return
	}
	line := o.Ref.Human() + ": " + p.line(o, now)
	if p.style.Width == 0 {
		if phase := fmt.Sprint(o.Phase, o.NativePhase, o.Data); phase != p.phase {
			p.phase = phase
			_, _ = fmt.Fprintln(p.out, Escape(line))
		}
		return
	}
	p.clear()
	_, _ = io.WriteString(p.out, p.style.paint(faint(clip(line, p.style.Width-1))))
	p.shown = true
}

// Clear takes the line away, so that something else can be printed.
func (p *Progress) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}

func (p *Progress) clear() {
	if p.shown {
		_, _ = io.WriteString(p.out, "\r\x1b[K")
		p.shown = false
	}
}

// line is the phase, and as far as they are known the works, how much is done,
// how fast, and how long the rest takes at that rate.
func (p *Progress) line(o backup.Object, now time.Time) string {
	parts := []string{string(o.Phase)}
	if o.NativePhase != "" && o.NativePhase != string(o.Phase) {
		parts[0] += " (" + o.NativePhase + ")"
	}
	if done, total, known := movers(o); known {
		parts = append(parts, fmt.Sprintf("%d of %d volumes", done, total))
	}
	for _, progress := range amounts(o) {
		parts = append(parts, progressWord(&progress))
		if rate := p.rate(progress, now); rate != "" {
			parts = append(parts, rate)
		}
	}
	return strings.Join(parts, ", ")
}

// rate is how fast it goes and how long the rest takes. It is known once some of
// the same unit came in a second or more.
func (p *Progress) rate(done backup.Progress, now time.Time) string {
	first, known := p.first[done.Unit]
	if !known || first.done.Done > done.Done {
		p.first[done.Unit] = sample{now, done}
		return ""
	}
	passed := now.Sub(first.at).Seconds()
	came := done.Done - first.done.Done
	if passed < 1 || came <= 0 {
		return ""
	}
	rate := float64(came) / passed
	var text string
	switch {
	case done.Unit == "bytes":
		text = Bytes(int64(rate)) + "/s"
	case rate < 1:
		text = fmt.Sprintf("%.0f/min", rate*60)
	default:
		text = fmt.Sprintf("%.0f/s", rate)
	}
	if rest := done.Total - done.Done; rest > 0 {
		text += ", " + Duration(time.Duration(float64(rest)/rate*float64(time.Second))) + " left"
	}
	return text
}

// amounts are what the object says of its progress, and the bytes of its movers.
func amounts(o backup.Object) []backup.Progress {
	var out []backup.Progress
	if o.Progress != nil && !o.Phase.Terminal() {
		out = append(out, *o.Progress)
	}
	moved := backup.Progress{Unit: "bytes"}
	for _, w := range o.Works {
		if w.Role == backup.WorkMove && w.Progress != nil && w.Progress.Unit == "bytes" {
			moved.Done += w.Progress.Done
			moved.Total += w.Progress.Total
		}
	}
	if moved.Total > 0 {
		out = append(out, moved)
	}
	return out
}

// clip cuts a text to a width, for a line that is overwritten must not wrap.
func clip(text string, width int) string {
	text = Escape(text)
	if widthOf(text) <= width {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && widthOf(string(runes))+1 > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}
