package render

import (
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// losses says in capitals what the plan destroys or leaves without an owner,
// and what was seen at each place.
func (p *page) losses(plan backup.Plan) {
	if len(plan.Storage) > 0 {
		p.section("Storage")
		for _, v := range plan.Storage {
			p.item(2, verdictMark(v), say(v.Location.URL()), say("  "), verdictWord(v))
			p.text(4, faint(vantageWords(v, p.style)))
		}
	}
	if plan.Effect == backup.EffectErases {
		p.erased(plan)
	}
	if plan.Orphans != "" && !allEmpty(plan.Storage) {
		p.buf.WriteString("\n")
		p.put("", "  ", span{"THIS LEAVES " + plan.Orphans, warn})
	}
}

// allEmpty tells whether every place was seen to hold nothing at all.
func allEmpty(places []backup.StorageVerdict) bool {
	return len(places) > 0 && !slices.ContainsFunc(places, func(v backup.StorageVerdict) bool { return v.Class != backup.VerdictEmpty })
}

// erased states for each place what an erasing plan destroys there.
func (p *page) erased(plan backup.Plan) {
	var lines []span
	for i := range max(len(plan.Erases), len(plan.Storage)) {
		place := ""
		if i < len(plan.Storage) {
			place = " under " + plan.Storage[i].Location.URL()
		}
		if i >= len(plan.Erases) {
			if !plan.Storage[i].Class.Clear() {
				lines = append(lines, span{"THIS DELETES what lies" + place + ", which was not counted", bad})
			}
			continue
		}
		if c := plan.Erases[i]; c.Total.Objects > 0 || !c.Complete {
			lines = append(lines, span{"THIS DELETES " + contentsWords(c) + place, bad})
		}
	}
	if len(lines) > 0 {
		p.buf.WriteString("\n")
	}
	for _, line := range slices.Compact(lines) {
		p.put("", "  ", line)
	}
}

// contentsWords is the sum of a place; counting that stopped is said.
func contentsWords(c backup.Contents) string {
	if c.Complete {
		return countWords(c.Total)
	}
	total := c.Total
	total.AtLeast = true
	text := countWords(total)
	if c.Error != "" {
		text += " (" + oneLine(c.Error) + ")"
	}
	return text
}
