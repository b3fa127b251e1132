package plugin

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

func TestHintNamesEachMissingRuleOnce(t *testing.T) {
	rule := "get backups.pingcap.com in namespace a"
	hint := hintFor(&cobra.Command{}, &collect.NotFoundError{Gaps: []backup.Gap{
		{What: "backups", Rule: rule}, {What: "backups", Rule: rule}, {What: "restores", Rule: "get restores.pingcap.com in namespace a"},
	}})
	if strings.Count(hint, rule) != 1 || !strings.Contains(hint, "get restores.pingcap.com") {
		t.Errorf("hint %q", hint)
	}
	if hint := hintFor(&cobra.Command{}, &collect.NotFoundError{Gaps: []backup.Gap{{What: "backups", Why: "timed out"}}}); !strings.Contains(hint, "backups: timed out") {
		t.Errorf("hint %q", hint)
	}
}
