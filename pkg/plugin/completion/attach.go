package completion

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/download"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/get"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/logs"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/wait"
)

// Attach lets the arguments and flags of a whole command tree complete.
func Attach(root *cobra.Command, g *cli.Globals) {
	attach(root, source{Globals: g, open: func() (*collect.Collector, error) {
		collector, _, err := g.Collector(nil)
		return collector, err
	}})
}

func attach(root *cobra.Command, s source) {
	arguments, flags := s.arguments(), s.flags()
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		if complete, ok := arguments[path(cmd)]; ok {
			cmd.ValidArgsFunction = complete
		} else if cmd.Runnable() && len(cmd.ValidArgs) == 0 {
			cmd.ValidArgsFunction = cobra.NoFileCompletions
		}
		register := func(f *pflag.Flag) {
			complete, ok := flags[f.Name]
			if own, has := flags[path(cmd)+" "+f.Name]; has {
				complete, ok = own, true
			}
			if !ok {
				complete = cobra.NoFileCompletions
			}
			if f.Value.Type() != "bool" {
				_ = cmd.RegisterFlagCompletionFunc(f.Name, complete) // fails only for a flag that is registered already
			}
		}
		cmd.LocalNonPersistentFlags().VisitAll(register)
		cmd.PersistentFlags().VisitAll(register)
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(root)
}

// path is the name of a command below the root: "systems show".
func path(cmd *cobra.Command) string {
	if !cmd.HasParent() || !cmd.Parent().HasParent() {
		return cmd.Name()
	}
	return path(cmd.Parent()) + " " + cmd.Name()
}

// arguments are what the arguments of each verb complete to.
func (s source) arguments() map[string]cobra.CompletionFunc {
	roles, schedule := []string{"backup", "schedule", "restore", "location"}, []string{"schedule"}
	return map[string]cobra.CompletionFunc{
		"get":          s.objects(targets{types: []string{"backups", "schedules", "restores", "locations"}}),
		"describe":     s.objects(targets{types: roles}),
		"diagnose":     s.objects(targets{types: roles}),
		"verify":       s.objects(targets{types: []string{"backup", "restore"}}),
		"drill":        once(s.objects(targets{types: []string{"backup"}, bare: "backup"})),
		"download":     s.objects(targets{types: []string{"backup", "restore"}}),
		"unstick":      s.objects(targets{types: roles, keep: backup.Object.Deleting}),
		"delete":       s.objects(targets{types: roles}),
		"cancel":       s.objects(targets{types: []string{"backup", "restore"}, keep: running}),
		"logs":         s.objects(targets{types: []string{"backup", "restore"}}),
		"wait":         s.objects(targets{types: roles}),
		"pause":        s.objects(targets{types: schedule, bare: "schedule", keep: in(backup.PhaseActive)}),
		"resume":       s.objects(targets{types: schedule, bare: "schedule", keep: in(backup.PhasePaused)}),
		"trigger":      once(s.objects(targets{types: schedule, bare: "schedule"})),
		"explain":      once(offered(codes)),
		"systems show": once(offered(s.systems)),
		"journal show": once(offered(s.entries)),
	}
}

// flags are what the values of flags complete to, by the flag's name, or by
// that of the verb and the flag.
func (s source) flags() map[string]cobra.CompletionFunc {
	var risks []string
	for _, risk := range backup.Risks() {
		risks = append(risks, string(risk))
	}
	return map[string]cobra.CompletionFunc{
		"namespace": offered(s.namespaces), "context": s.kubeconfig(contexts), "cluster": s.kubeconfig(clusters), "user": s.kubeconfig(users),
		"color": words("auto", "always", "never"), "storage": words("auto", "always", "never"), "dry-run": words("none", "client", "server"),
		"system": offered(s.systems), "phase": listed(get.Phases()...), "sort-by": words("name", "age", "phase", "size", "system", "."),
		"via": words(backup.WayWait, backup.WayRelease, backup.WayRetryClean, backup.WayStrip), "accept-risk": listed(risks...),
		"output": words("json", "yaml", "jsonpath="), "download output": folders, "include": listed(download.Words()...), "get output": words("wide", "name", "json", "yaml", "jsonpath=", "custom-columns="),
		"storage-credentials": words("env", "profile:", "secret:"),
		"kubeconfig":          files, "system-file": files, "certificate-authority": files, "client-certificate": files, "client-key": files,
		"cache-dir": folders, "journal-dir": folders,
		"filename": files, "hooks-file": files, "like": value(s.objects(targets{types: []string{"backup", "schedule"}})),
		"create schedule like": value(s.objects(targets{types: []string{"backup", "schedule"}, bare: "schedule"})), "from-schedule": value(s.objects(targets{types: []string{"schedule"}, bare: "schedule"})),
		"resume journal": offered(s.entries), "create output": words("name", "json", "yaml", "jsonpath="), "trigger output": words("name", "json", "yaml", "jsonpath="),
		"create backup output": words("name", "json", "yaml", "jsonpath="), "create schedule output": words("name", "json", "yaml", "jsonpath="),
		"logs output": words("json"), "logs level": words(logs.Levels()...), "wait for": words(wait.Conditions()...),
	}
}

// running tells whether a run may be stopped.
func running(o backup.Object) bool { return !o.Phase.Terminal() && !o.Deleting() }
