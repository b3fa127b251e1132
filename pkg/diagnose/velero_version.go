package diagnose

func veleroVersionCodes() []Code {
	return []Code{
		{
			Code: "BK-E191", Title: "versions of Velero, its plugins or its node-agent do not fit",
			Explain: "The images of the server and of what works with it are of releases that were not made for each other. Each release of the plugins for AWS, Google Cloud and Azure is made for one of Velero, and the node-agent is of the server's own.",
			Why:     "Only one of them was upgraded, or the plugin for CSI stayed behind, which is part of the server since 1.14.",
			Fix:     "Upgrade them together; `velero plugin get` and the images of the Deployment and of the DaemonSet node-agent show what is there.",
			Danger:  "An upgrade restarts the server and the node-agent, and what they run then fails.",
			Source:  "images of the Deployment and the DaemonSet; compatibility tables of the plugins' READMEs",
		},
		{
			Code: "BK-E192", Title: "Kubernetes is of another version than at the backup",
			Explain: "Velero notes in each backup of which version the cluster was. Objects are stored in one version of their API each, as a rule, and Kubernetes removes old ones over time: what was stored in such a one is not restored. After an upgrade the next good backup is the first that shows that this cluster can be backed up.",
			Why:     "The cluster was upgraded since the last backup that completed, or the backup comes from another cluster.",
			Fix:     "Make a backup of the upgraded cluster and verify it. For what an old backup holds in a removed version there is Velero's feature EnableAPIGroupVersions, which has to be on when the backup is made.",
			Danger:  "none",
			Source:  "annotation velero.io/source-cluster-k8s-minor-version of the backups, which Velero itself completed; the version of the API server; vmware-tanzu/velero@v1.18.3 pkg/apis/velero/v1/labels_annotations.go",
		},
	}
}
