package render

import (
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// deletionTable has a row for each object that is to be deleted, with what of its
// data goes.
func deletionTable(list backup.PlanList) *Table {
	table := NewTable("NAMESPACE", "OBJECT", "EFFECT", "DATA", "DECISION")
	for _, plan := range list.Items {
		table.add(say(plan.Target.Namespace), say(plan.Target.String()), say(string(plan.Effect)), say(erasedWords(plan)), batchDecision(plan))
	}
	return table
}

// erasedWords is how much a plan erases; of a place that was not counted that is
// not known.
func erasedWords(plan backup.Plan) string {
	if plan.Effect != backup.EffectErases {
		return "stays"
	}
	var counts []string
	for _, contents := range plan.Erases {
		counts = append(counts, contentsWords(contents))
	}
	switch {
	case len(counts) > 0:
		return strings.Join(counts, "; ")
	case allEmpty(plan.Storage):
		return "none"
	}
	return "not counted"
}
