package render

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// timetables write when schedules run: of one its coming runs, of several the next
// one of each.
func (p *page) timetables(all []backup.Timetable) {
	switch {
	case len(all) == 1:
		p.timetable(all[0])
	case len(all) > 1:
		p.section("Next runs")
		for _, t := range all {
			p.item(2, say("-"), say(t.Schedule.Human()+"  "+p.nextWord(t)))
		}
	}
}

func (p *page) timetable(t backup.Timetable) {
	p.section(fmt.Sprintf("Next runs of '%s'", t.Cron))
	if t.Due != nil {
		p.text(2, say("due since "+p.style.moment(*t.Due)))
	}
	for _, at := range t.Next {
		p.text(2, say(p.style.moment(at)))
	}
	p.text(2, faint("read in "+t.Zone+"; "+t.ZoneFrom))
	if t.Paused {
		p.text(2, span{"it is paused: none of these is made before it is resumed", warn})
	}
}

// nextWord is the next run of a schedule in a few words.
func (p *page) nextWord(t backup.Timetable) string {
	switch {
	case t.Due != nil && !t.Skips:
		return "at once"
	case len(t.Next) == 0:
		return none
	}
	return p.style.moment(t.Next[0])
}
