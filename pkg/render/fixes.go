package render

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// rows are conditions of a gate with what helps: each command once, however many
// rows it would help, and in words what has none.
func (p *page) rows(rows []backup.GateResult, indent int, one func(backup.GateResult)) {
	said := map[string]bool{}
	var words []string
	for _, row := range rows {
		one(row)
		if row.Finding == nil || row.State == backup.GatePass || row.State == backup.GateShown {
			continue
		}
		for _, fix := range row.Finding.Fixes {
			if len(fix.Commands) == 0 && !said[fix.Does] {
				said[fix.Does] = true
				words = append(words, fix.Does)
			}
			for _, command := range fix.Commands {
				if !said[command] {
					said[command] = true
					p.command(indent, command)
				}
			}
		}
	}
	for _, text := range words {
		p.text(indent, faint(text))
	}
}
