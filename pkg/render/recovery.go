package render

import (
	"fmt"
	"io"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Recovery writes how a backup comes out of its bucket into another cluster.
func Recovery(w io.Writer, steps []backup.Fix, s Style) error {
	p := newPage(s)
	p.recovery(steps)
	return p.writeTo(w)
}

func (p *page) recovery(steps []backup.Fix) {
	if len(steps) == 0 {
		return
	}
	p.buf.WriteString("\n")
	p.put("", "", span{"To restore from this bucket:", strong})
	for i, step := range steps {
		p.item(2, say(fmt.Sprintf("%d.", i+1)), say(joinWords(step.Does, step.DoesNot)))
		p.command(5, step.Commands...)
	}
}
