package render

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// lines tell the phase, and as far as they are known the works, how much is done,
// how fast, and how long the rest takes. Each leaves out what matters less than
// what the one before it has: the system's own word for the phase, the items
// while bytes are moved, the namespace.
func (p *Progress) lines(o backup.Object, now time.Time) []string {
	phase := string(o.Phase)
	native := phase
	if o.NativePhase != "" && o.NativePhase != phase {
		native += " (" + o.NativePhase + ")"
	}
	var works []string
	if done, total, known := movers(o); known {
		works = []string{fmt.Sprintf("%d of %d volumes", done, total)}
	}
	all := p.amounts(o, now)
	last := all[max(len(all)-1, 0):]
	line := func(name, phase string, amounts []string) string {
		return name + ": " + strings.Join(append(append([]string{phase}, works...), amounts...), ", ")
	}
	return []string{
		line(o.Ref.Human(), native, all), line(o.Ref.Human(), phase, all),
		line(o.Ref.Human(), phase, last), line(o.Ref.Name, phase, last),
	}
}

// amounts are what the object says of its progress while that grows, and the
// bytes of its movers.
func (p *Progress) amounts(o backup.Object, now time.Time) []string {
	moved := backup.Progress{Unit: "bytes"}
	for _, w := range o.Works {
		if w.Role == backup.WorkMove && w.Progress != nil && w.Progress.Unit == "bytes" {
			moved.Done += w.Progress.Done
			moved.Total += w.Progress.Total
		}
	}
	var out []string
	if own := o.Progress; own != nil && !o.Phase.Terminal() && (own.Done < own.Total || moved.Total == 0) {
		out = append(out, p.amount(*own, now))
	}
	if moved.Total > 0 {
		out = append(out, p.amount(moved, now))
	}
	return out
}

func (p *Progress) amount(progress backup.Progress, now time.Time) string {
	if p.paces[progress.Unit] == nil {
		p.paces[progress.Unit] = &pace{}
	}
	text := progressWord(&progress)
	if speed := p.paces[progress.Unit].tell(progress, now); speed != "" {
		text += ", " + speed
	}
	return text
}
