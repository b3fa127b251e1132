package render

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// nextCommand is the command to type next: the one that costs least among the
// fixes of problems and the open ways out, else the explanation of the problem.
func nextCommand(d backup.Diagnosis) string {
	best, least := "", dearest+1
	consider := func(commands []string, effect backup.Effect) {
		if rank := cost(effect); len(commands) > 0 && rank < least {
			best, least = commands[0], rank
		}
	}
	for _, f := range d.Findings {
		for _, fix := range f.Fixes {
			if f.Status == backup.StatusProblem {
				consider(fix.Commands, fix.Effect)
			}
		}
	}
	for _, way := range d.WaysOut {
		if way.Open == backup.DecisionAllowed {
			consider(way.Commands, way.Effect)
		}
	}
	if code := headCode(d.Findings); best == "" && code != "" {
		best = "kubectl backup explain " + ShellQuote(code)
	}
	return best
}

// cost ranks an effect by what it costs; none changes nothing by itself, and an
// unknown one counts as the dearest.
func cost(effect backup.Effect) int {
	switch effect {
	case "":
		return 0
	case backup.EffectWaits:
		return 1
	case backup.EffectReleases:
		return 2
	case backup.EffectStrips:
		return 3
	}
	return dearest
}

// dearest is the cost of erasing.
const dearest = 4
