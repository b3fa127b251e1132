package render

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// How much of many is shown; the structured result has all of it.
const (
	scanObjects = 5
	gapsShown   = 10
)

// Scan writes what a look over many objects found: the verdict, then each cause
// with its evidence, the oldest objects and the next command, then what was not
// looked at. Short leaves it at one line for each cause and the next command.
func Scan(w io.Writer, scan backup.Scan, s Style, short bool) error {
	p := newPage(s)
	where := joinComma(scanWhere(scan), contextWord(scan.Cluster))
	p.item(0, mark(scan.Status, ""), span{scan.Verdict, strong}, faint("   ("+where+")"))
	for _, cause := range scan.Causes {
		if short {
			p.item(0, mark(cause.Status, cause.Severity), say(causeTitle(cause)), faint("  "+affectedWords(cause, s)))
		} else {
			p.buf.WriteString("\n")
			p.cause(cause)
		}
	}
	if short && len(scan.Causes) > 0 && scan.Causes[0].Next != "" {
		p.next(0, scan.Causes[0].Next)
	}
	p.uncertain(scan, short)
	return p.writeTo(w)
}

func scanWhere(scan backup.Scan) string {
	switch len(scan.Namespaces) {
	case 0:
		return "all namespaces"
	case 1:
		return "namespace " + scan.Namespaces[0]
	}
	return "namespaces " + strings.Join(scan.Namespaces, ", ")
}

func contextWord(c backup.ClusterInfo) string {
	if c.Context == "" {
		return ""
	}
	return "context " + c.Context
}

func causeTitle(c backup.Cause) string { return joinWith("  ", c.Code, c.Title) }

// affectedWords is "50 hang in deletion, 3 failed; the oldest for 4d2h".
func affectedWords(c backup.Cause, s Style) string {
	count := map[backup.Trouble]int{}
	var oldest *time.Time
	for _, object := range c.Objects {
		count[object.Trouble]++
		if object.Since != nil && (oldest == nil || object.Since.Before(*oldest)) {
			oldest = object.Since
		}
	}
	var parts []string
	for _, trouble := range backup.Troubles() {
		if n := count[trouble]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, trouble.Words(n)))
		}
	}
	text := strings.Join(parts, ", ")
	if oldest != nil {
		text += "; the oldest for " + s.Age(*oldest)
	}
	return text
}

// cause is one block.
func (p *page) cause(c backup.Cause) {
	p.item(0, mark(c.Status, c.Severity), span{causeTitle(c), strong})
	p.text(2, say(affectedWords(c, p.style)))
	quoted := quotations{}
	var nodes []Node
	for _, proof := range c.Proof {
		nodes = append(nodes, Node{Text: quoted.once(proof.Text), Aside: proofSource(proof, p.style)})
	}
	p.tree("  ", nodes)
	table := NewTable("NAMESPACE", "OBJECT", "TROUBLE", "FOR")
	for i, object := range c.Objects {
		if i == scanObjects {
			break
		}
		table.Add(object.Ref.Namespace, object.Ref.String(), string(object.Trouble), p.style.Age(deref(object.Since)))
	}
	p.table(2, table)
	if more := len(c.Objects) - scanObjects; more > 0 {
		p.text(2, faint(fmt.Sprintf("… and %d more; -o json names them all", more)))
	}
	if c.Next != "" {
		p.next(2, c.Next)
	}
}

// next is a command for a shell, on one line of its own: a break in it shows, and
// begins no line that could pass for ours.
func (p *page) next(indent int, command string) {
	p.buf.WriteString(strings.Repeat(" ", indent) + p.style.paint(faint("next: ")) + p.style.paint(span{command, strong}) + "\n")
}

// uncertain says what was only counted and what was not seen.
func (p *page) uncertain(scan backup.Scan, short bool) {
	var lines []string
	if n := restOf(scan); n > 0 {
		var kinds []string
		for _, kind := range scan.Rest {
			kinds = append(kinds, fmt.Sprintf("%d %s", kind.Count, kind.Resource))
		}
		lines = append(lines, fmt.Sprintf("not examined, only counted: %s; --limit=%d examines all", strings.Join(kinds, ", "), scan.Examined+n))
	}
	if n := scan.JustDeleted; n > 0 {
		lines = append(lines, plural(int64(n), "object")+" being deleted just now, for less than a minute")
	}
	if n := scan.Unclear; n > 0 {
		lines = append(lines, plural(int64(n), "object")+" in a phase that is not known")
	}
	if len(lines) > 0 && !short {
		p.buf.WriteString("\n")
	}
	for _, line := range lines {
		p.item(0, mark(backup.StatusUnknown, ""), say(line))
	}
	if short {
		if len(scan.Gaps) > 0 {
			p.item(0, mark(backup.StatusUnknown, ""), say(plural(int64(len(scan.Gaps)), "thing")+" could not be seen: "+scan.Gaps[0].What))
		}
		return
	}
	p.someGaps("Not seen", scan.Gaps)
}

func restOf(scan backup.Scan) int {
	n := 0
	for _, kind := range scan.Rest {
		n += kind.Count
	}
	return n
}
