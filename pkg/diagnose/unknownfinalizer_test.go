package diagnose

import (
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestSuspectsAreLikely(t *testing.T) {
	suspect := func(replicas, ready int64, renewed string) backup.Suspect {
		return backup.Suspect{
			Finalizer: "example.com/hold", Domain: "example.com", Groups: []string{"example.com"}, DeploymentsLookup: backup.Found,
			Deployments: []backup.SuspectDeployment{{
				Deployment: backup.Deployment{Ref: backup.Ref{Resource: "deployments", Kind: "Deployment", Namespace: "ops", Name: "keeper"}, Replicas: replicas, Ready: ready},
				Because:    "its name is that of the field manager keeper",
			}},
			Leases:   []backup.Lease{{Ref: backup.Ref{Kind: "Lease", Namespace: "ops", Name: "keeper"}, Holder: "keeper-0", Renewed: clock(renewed), Seconds: 15}},
			Webhooks: []backup.Webhook{hook(goneService())},
		}
	}
	for name, tc := range map[string]struct {
		suspect backup.Suspect
		want    []string
	}{
		"scaled to zero": {suspect(0, 0, "08:00:00"), []string{"0 of 0 ready: it was scaled to zero", "kubectl describe deployment keeper -n ops"}},
		"not running":    {suspect(2, 0, "08:00:00"), []string{"0 of 2 ready: it is not running"}},
		"hangs":          {suspect(1, 1, "08:00:00"), []string{"its lease is stale: it is not at work", "likely its lease, stale, held by keeper-0"}},
		"runs": {suspect(1, 1, "09:00:05"), []string{"it runs, so that its log should say", "likely its lease, fresh", "kubectl logs deployment/keeper --tail=50 -n ops",
			"likely the same system: API group example.com", "likely of the same system: webhook guard.example.com, Service shop/guard does not exist", "It was added by keeper."}},
		"nobody":      {backup.Suspect{Finalizer: "example.com/hold", DeploymentsLookup: backup.Found}, []string{"No Deployment of the cluster is called like it"}},
		"unreadable":  {backup.Suspect{Finalizer: "example.com/hold", DeploymentsLookup: backup.Denied}, []string{"Whether its controller runs is not known"}},
		"not its own": {backup.Suspect{Finalizer: "other.io/x"}, []string{"no way out is offered for it. It was added by keeper."}},
	} {
		t.Run(name, func(t *testing.T) {
			ev := heldThing()
			ev.Control.Suspects = []backup.Suspect{tc.suspect}
			wants(t, told(ev, "BK-F102"), tc.want...)
		})
	}
	ev := heldThing()
	ev.Object.Finalizers[0].AddedBy = "kubectl-patch"
	wants(t, told(ev, "BK-F102"), "That is a person or a script")
}

func TestOwnerWithARoleOnly(t *testing.T) {
	ev := stuck()
	home := ev.Object.Ref
	home.Namespace = "tidb-admin"
	ev.Owners[0].Deployments[0].Account = "keeper"
	ev.Owners[0].Rights = []backup.Access{{Verb: "update", Ref: ev.Object.Ref, Allowed: backup.No}, {Verb: "update", Ref: home, Allowed: backup.Yes}}
	ev.Owners[0].Refusals = []string{"backups.pingcap.com is forbidden: User x"}
	wants(t, told(ev, "BK-O509"), "may not update backups.pingcap.com in namespace tidb-test", "it has a Role there and no ClusterRole", "is forbidden: User x", "--as=system:serviceaccount:")
	ev.Object.Ref.Namespace, ev.Owners[0].Rights[0].Ref.Namespace, ev.Owners[0].Deployments = "", "", nil
	wants(t, told(ev, "BK-O509"), "may not update backups.pingcap.com in the cluster")
}

func TestGitOpsFixes(t *testing.T) {
	ev := heldThing()
	ev.Object.GitOps = []string{
		"Argo CD shop:example.com/Thing:shop/one (annotation argocd.argoproj.io/tracking-id)", "Flux Kustomization apps (label x)",
		"Flux HelmRelease db (label x)", "Helm release db; rm -rf x (annotation x)", "Helm (label app.kubernetes.io/managed-by)",
	}
	wants(t, told(ev, "BK-P703"), "argocd app set shop --sync-policy none", "flux suspend kustomization apps", "flux suspend helmrelease db", "helm get manifest 'db; rm -rf x'")
}
