package diagnose

import (
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestFixesOfTheOperator(t *testing.T) {
	for name, c := range map[string]struct {
		code string
		set  func(*backup.Owner)
		want string
		not  string
	}{
		"scaled to zero":  {"BK-O502", func(o *backup.Owner) { o.Deployments[0].Replicas, o.Deployments[0].Ready = 0, 0 }, "kubectl scale deployment", ""},
		"crashes":         {"BK-O502", func(o *backup.Owner) { o.Deployments[0].Ready = 0 }, "kubectl describe deployment", "kubectl scale"},
		"silent":          {"BK-O503", func(o *backup.Owner) { o.Lease.Renewed = clock("08:00:00") }, "kubectl rollout restart deployment", ""},
		"none was listed": {"BK-O502", func(o *backup.Owner) { o.Deployments = nil }, "", "kubectl"},
	} {
		ev := stuck()
		c.set(&ev.Owners[0])
		var commands []string
		for _, fix := range find(t, ev, c.code).Fixes {
			commands = append(commands, fix.Commands...)
		}
		got := strings.Join(commands, "; ")
		if !strings.Contains(got, c.want) || c.not != "" && strings.Contains(got, c.not) {
			t.Errorf("%s: %s", name, got)
		}
	}
}
