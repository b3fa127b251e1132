package render

import (
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestWhatOfADeletionIsLost(t *testing.T) {
	t.Parallel()
	place := backup.StorageVerdict{Class: backup.VerdictEmpty}
	for want, plan := range map[string]backup.Plan{
		"stays":       {Effect: backup.EffectDeletes},
		"none":        {Effect: backup.EffectErases, Storage: []backup.StorageVerdict{place}},
		"not counted": {Effect: backup.EffectErases},
		"5 objects":   {Effect: backup.EffectErases, Erases: []backup.Contents{{Complete: true, Total: backup.Count{Objects: 5, Bytes: 10}}}},
	} {
		plan.Way, plan.Decision, plan.Target = "delete", backup.DecisionAllowed, backupNamed("tidb-test", "demo")
		var out strings.Builder
		if err := PlanList(&out, backup.PlanList{Items: []backup.Plan{plan}, Free: 1, Digest: "d"}, Style{}); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{want, "1 of 1 object would be deleted", "would delete"} {
			if !strings.Contains(out.String(), text) {
				t.Errorf("%q is not in %s", text, out.String())
			}
		}
	}
}
