package render

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Progress tells how far an object is: on a terminal as one line at its bottom
// that is overwritten, elsewhere as one line for each change of its phase. It is
// safe for concurrent use.
type Progress struct {
	mu    sync.Mutex
	out   io.Writer
	style Style
	on    bool
	line  string // on the screen; empty is none
	phase string
	paces map[string]*pace // by unit
}

// NewProgress makes one for a stream. What is off prints nothing.
func NewProgress(out io.Writer, style Style, on bool) *Progress {
	return &Progress{out: out, style: style, on: on, paces: map[string]*pace{}}
}

// Show prints where the object is now.
func (p *Progress) Show(o backup.Object, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.on {
		return
	}
	lines := p.lines(o, now)
	if p.style.Width > 0 {
		p.overwrite(fitting(lines, p.style.Width-1))
		return
	}
	if phase := fmt.Sprint(o.Phase, o.NativePhase, o.Data); phase != p.phase {
		p.phase = phase
		_, _ = fmt.Fprintln(p.out, Escape(lines[0]))
	}
}

// Above runs what says something else, and has the line below it again.
func (p *Progress) Above(say func() error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	line := p.line
	p.clear()
	err := say()
	if line != "" {
		p.overwrite(line)
	}
	return err
}

// Clear takes the line away for good, as long as none is shown again.
func (p *Progress) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}

func (p *Progress) clear() {
	if p.line != "" {
		_, _ = io.WriteString(p.out, "\r\x1b[K")
		p.line = ""
	}
}

// overwrite puts a line in the place of the one that is shown.
func (p *Progress) overwrite(line string) {
	p.clear()
	_, _ = io.WriteString(p.out, p.style.paint(faint(line)))
	p.line = line
}

// fitting is the first line that is narrow enough, or the start of the last one:
// a line that is overwritten must not wrap.
func fitting(lines []string, width int) string {
	for _, line := range lines {
		if line = Escape(line); widthOf(line) <= width {
			return line
		}
	}
	return clip(lines[len(lines)-1], width)
}

// clip cuts a text to a width.
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
