package diagnose

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func restoreNodePortsEntry() entry {
	return entry{Code{
		Code: "BK-B350", Title: "node ports of Services are taken",
		Explain: "A node port belongs to one Service of the cluster. The API server refuses a Service whose port another one has.",
		Why:     "The ports are kept with --preserve-nodeports, or because somebody chose them, and the Service that has them is still there.",
		Fix:     "Leave --preserve-nodeports away, delete the other Service, or leave the Services out with --exclude-resources.",
		Danger:  nothingLost, Source: "the Services of the cluster and of the backup; velero@v1.18.3 pkg/restore/actions/service_action.go",
	}, onContents("BK-B350", "node ports of Services", judgeRestorePorts)}
}

func judgeRestorePorts(r restoring, c *backup.RestoreContents) []backup.Finding {
	const code = "BK-B350"
	taken := r.look.Ports
	if taken == nil {
		return nil
	}
	kept, clashes := 0, []string(nil)
	for _, s := range c.Services {
		ports := s.Explicit
		if r.spec["preserveNodePorts"] == true {
			ports = s.Ports
		}
		kept += len(ports)
		own := r.target(s.Namespace) + "/" + s.Name
		for _, port := range ports {
			if owner := taken.Owners[port]; owner != "" && owner != own {
				clashes = append(clashes, fmt.Sprintf("%d of %s/%s by %s", port, s.Namespace, s.Name, owner))
			}
		}
	}
	switch {
	case len(clashes) > 0:
		return one(problem(code, backup.SeverityCause, r.subject, "node ports are taken: "+few(clashes, 0)))
	case kept == 0:
		return one(fine(code, r.subject, "no Service keeps a node port"))
	case taken.Lookup != backup.Found:
		return one(unknown(code, r.subject, notRead("which node ports are taken", taken.Read)))
	}
	return one(fine(code, r.subject, counted(int64(kept), "node port")+" kept, none of them taken"))
}

func restoreAddressesEntry() entry {
	return entry{Code{
		Code: "BK-B410", Title: "settings name a ClusterIP that changes",
		Explain: "A restored Service gets another ClusterIP. Programs that were given the old one do not find it any more.",
		Why:     "An address was written into a setting where the name of the Service belongs.",
		Fix:     "Write the name of the Service instead, in the restored objects or with --resource-modifier-configmap.",
		Danger:  nothingLost, Source: "ConfigMaps and environment variables in the backup; velero@v1.18.3 pkg/restore/actions/service_action.go",
	}, onContents("BK-B410", "ClusterIPs of Services", judgeRestoreAddresses)}
}

func judgeRestoreAddresses(r restoring, c *backup.RestoreContents) []backup.Finding {
	const code = "BK-B410"
	var changed int64
	for _, s := range c.Services {
		if s.ClusterIP != "" {
			changed++
		}
	}
	named := each(c.Mentions, func(m backup.Mention) string {
		if m.OldNamespace != "" {
			return ""
		}
		return mentionText(m)
	})
	switch {
	case len(named) > 0:
		return one(problem(code, backup.SeverityWarning, r.subject, "ClusterIPs change, and settings name them: "+few(named, 0)))
	case c.Cut:
		return one(unknown(code, r.subject, "not all settings were looked through for ClusterIPs: there are too many, or too large ones"))
	case changed == 0:
		return one(fine(code, r.subject, "no Service in it has a ClusterIP"))
	}
	return one(fine(code, r.subject, "other ClusterIPs for "+counted(changed, "Service")+", and no setting in it names an old one"))
}

func restoreMappingEntry() entry {
	return entry{Code{
		Code: "BK-B400", Title: "settings name Services of the old namespace",
		Explain: "The namespace gets another name, and Velero does not change what is written in settings. The restored programs go on talking to the Services of the old namespace, if it is there.",
		Why:     "Names such as db.shop or db.shop.svc stand in ConfigMaps or environment variables.",
		Fix:     "Change these settings after the restore, before the programs run, or with --resource-modifier-configmap.",
		Danger:  "Restored programs may write to the data of the old namespace.", Source: "ConfigMaps and environment variables in the backup",
	}, onContents("BK-B400", "names of Services", judgeRestoreMapping)}
}

func judgeRestoreMapping(r restoring, c *backup.RestoreContents) []backup.Finding {
	const code = "BK-B400"
	if mapping, _ := r.spec["namespaceMapping"].(map[string]any); len(mapping) == 0 {
		return nil
	}
	named := each(c.Mentions, func(m backup.Mention) string {
		if m.OldNamespace == "" {
			return ""
		}
		return mentionText(m)
	})
	switch {
	case len(named) > 0:
		return one(problem(code, backup.SeverityWarning, r.subject, "settings name Services by the old namespace: "+few(named, 0)))
	case c.Cut:
		return one(unknown(code, r.subject, "not all settings were looked through for the old namespace: there are too many, or too large ones"))
	}
	return one(fine(code, r.subject, "no setting names a Service by the old namespace"))
}

// mentionText is "db.shop in configmaps shop/app, key url".
func mentionText(m backup.Mention) string {
	return fmt.Sprintf("%s in %s %s/%s, %s", m.Says, m.Resource, m.Namespace, m.Name, m.Field)
}
