package diagnose

import (
	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// toRestore is the evidence of a restore of a sound backup against which nothing speaks.
func toRestore() *backup.Evidence {
	source := verified()
	source.Object.Ref = ref("velero.io", "backups", "Backup", "nightly")
	source.Object.Phase, source.Object.NativePhase, source.Object.Data = backup.PhaseCompleted, "Completed", backup.DataMoved
	found := backup.Read{Lookup: backup.Found}
	return &backup.Evidence{
		At: clock("09:00:00"), Cluster: backup.ClusterInfo{Version: "v1.36.1"},
		Object: backup.Object{System: "velero", Role: backup.RoleRestore, Ref: ref("velero.io", "restores", "Restore", "copy")},
		Preflight: &backup.Preflight{
			Manifest: map[string]any{"spec": map[string]any{"backupName": "nightly"}},
			Restore: &backup.RestoreLook{
				Source: source, SourceRead: found, Version: "v1.36.0", VolumesRead: backup.Yes,
				Location: &backup.RestoreLocation{Read: found, Ref: ref("velero.io", "backupstoragelocations", "BackupStorageLocation", "default"), Phase: "Available"},
				Kinds:    &backup.RestoreKinds{Read: found, Kinds: []backup.RestoreKind{{Kind: "apps/v1/Deployment", Count: 2, Served: backup.Yes, Versions: []string{"v1"}}}},
				Existing: &backup.RestoreExisting{Read: found, Planned: 9, Namespaces: []backup.RestoreNamespace{{Read: found, Name: "shop", From: "shop"}}},
				Contents: &backup.RestoreContents{Read: found},
				Classes:  &backup.StorageClasses{Read: found, Provisioners: map[string]string{"fast": "csi.example.com"}},
				Ports:    &backup.NodePorts{Read: found, Owners: map[int64]string{30080: "other/web"}},
				Server:   &backup.RestoreServer{Read: found, Image: "velero/velero:v1.18.3", HelperRead: found},
				Images:   &backup.UsedRegistries{Read: found, Pods: map[string]int64{"registry.example.com": 7}},
				Zones:    &backup.NodeZones{Read: found, Zones: []string{"a"}},
			},
		},
	}
}

func onRestoring(changes ...func(*backup.RestoreLook)) func(*backup.Evidence) {
	return func(ev *backup.Evidence) {
		for _, change := range changes {
			change(ev.Preflight.Restore)
		}
	}
}

// withSpec sets a field of the restore, after other changes.
func withSpec(field string, value any, also ...func(*backup.RestoreLook)) func(*backup.Evidence) {
	return func(ev *backup.Evidence) {
		spec, _ := ev.Preflight.Manifest["spec"].(map[string]any)
		spec[field] = value
		onRestoring(also...)(ev)
	}
}

var (
	deniedRead = backup.Read{Lookup: backup.Denied, Rule: "list services"}
	lateRead   = backup.Read{Lookup: backup.Failed, Error: "not known within 10s"}
)

func noContents(l *backup.RestoreLook) { l.Contents.Read = lateRead }

func podVolume(l *backup.RestoreLook) {
	l.Volumes = []backup.ArchivedVolume{{Namespace: "shop", Claim: "db", Method: backup.MethodPodVolume, State: backup.VolumeCopied}}
}

func snapshotIn(zone string) func(*backup.RestoreLook) {
	return func(l *backup.RestoreLook) {
		l.Volumes = []backup.ArchivedVolume{{Namespace: "shop", Claim: "db", Method: backup.MethodNativeSnapshot, Zone: zone}}
	}
}

func claimOf(class, driver string) func(*backup.RestoreLook) {
	return func(l *backup.RestoreLook) {
		l.Contents.Claims = []backup.RestoreClaim{{Namespace: "shop", Name: "db", Class: class, Driver: driver, Zones: []string{"a"}}, {Namespace: "shop", Name: "plain"}}
	}
}

func webPort(l *backup.RestoreLook) {
	l.Contents.Services = []backup.RestoreService{{Namespace: "shop", Name: "web", ClusterIP: "10.0.0.7", Ports: []int64{30080}}}
}

func explicitPort(l *backup.RestoreLook) {
	webPort(l)
	l.Contents.Services[0].Explicit = []int64{30080}
}

func existingMaps(l *backup.RestoreLook) {
	l.Existing.Kinds = []backup.ExistingKind{{Read: backup.Read{Lookup: backup.Found}, Resource: "configmaps", Count: 5, Names: []backup.Ref{{Namespace: "shop", Name: "a"}, {Namespace: "shop", Name: "b"}}}}
}

func changedMap(l *backup.RestoreLook) {
	existingMaps(l)
	when := clock("08:58:00")
	k := &l.Existing.Kinds[0]
	k.Changed, k.At, k.Last, k.By = 1, &when, &k.Names[0], "kubectl-edit"
}

func mentioned(m backup.Mention) func(*backup.RestoreLook) {
	m.Resource, m.Namespace, m.Name, m.Field = "configmaps", "shop", "app", "key url"
	return func(l *backup.RestoreLook) { l.Contents.Mentions = []backup.Mention{m} }
}

func cutContents(l *backup.RestoreLook) { l.Contents.Cut = true }

func preflightRestoreCases() []codeCase {
	deleting := func(l *backup.RestoreLook) { l.Existing.Namespaces[0].Deleted = at("08:00:00") }
	large := int64(600 << 30)
	renamed := map[string]any{"shop": "shop-test"}
	return append([]codeCase{
		{"BK-B301", isOK, toRestore, nil, onRestoring(func(l *backup.RestoreLook) { l.SourceRead = lateRead })},
		{"BK-B301", isProblem, toRestore, onRestoring(func(l *backup.RestoreLook) { l.Source.Object.Phase = backup.PhaseRunning }), nil},
		{"BK-B301", isProblem, toRestore, onRestoring(func(l *backup.RestoreLook) { l.Source.Object.Data = backup.DataMoving }), nil},
		{"BK-B301", isProblem, toRestore, onRestoring(func(l *backup.RestoreLook) {
			file := l.Source.Archive.File(backup.FileContents)
			file.State, file.Detail = backup.FileTruncated, "cut off"
		}), nil},
		{"BK-B301", isUnknown, toRestore, onRestoring(func(l *backup.RestoreLook) { l.Source.Archive = nil }), nil},
		{"BK-B301", isUnknown, toRestore, onRestoring(func(l *backup.RestoreLook) { l.SourceRead = lateRead }), nil},
		{"BK-B302", isProblem, toRestore, onRestoring(func(l *backup.RestoreLook) {
			l.Source.Archive.Volumes = []backup.ArchivedVolume{{Namespace: "shop", Claim: "db", Method: backup.MethodNone, State: backup.VolumeNotCopied, Why: "nothing"}}
		}), nil},
		{"BK-B303", isOK, toRestore, nil, onRestoring(func(l *backup.RestoreLook) { l.Location = nil })},
		{"BK-B303", isProblem, toRestore, onRestoring(func(l *backup.RestoreLook) { l.Location.Phase, l.Location.Message = "Unavailable", "refused" }), nil},
		{"BK-B303", isProblem, toRestore, onRestoring(func(l *backup.RestoreLook) { l.Location.Lookup = backup.Absent }), nil},
		{"BK-B303", isUnknown, toRestore, onRestoring(func(l *backup.RestoreLook) { l.Location.Phase = "" }), nil},
		{"BK-B303", isUnknown, toRestore, onRestoring(func(l *backup.RestoreLook) { l.Location.Read = deniedRead }), nil},
		{"BK-B310", isOK, toRestore, nil, onRestoring(func(l *backup.RestoreLook) { l.Version = "v1.30.4" })},
		{"BK-B310", isProblem, toRestore, onRestoring(func(l *backup.RestoreLook) { l.Version = "v1.30.4" }), nil},
		{"BK-B310", isProblem, toRestore, onRestoring(func(l *backup.RestoreLook) { l.Version = "v1.37.0" }), nil},
		{"BK-B310", isUnknown, toRestore, onRestoring(func(l *backup.RestoreLook) { l.Version = "" }), nil},
		{"BK-B310", isUnknown, toRestore, func(ev *backup.Evidence) { ev.Cluster.Version = "" }, nil},
		{"BK-B320", isOK, toRestore, nil, onRestoring(func(l *backup.RestoreLook) { l.Kinds = nil })},
		{"BK-B320", isProblem, toRestore, onRestoring(func(l *backup.RestoreLook) {
			l.Kinds.Kinds = []backup.RestoreKind{{Kind: "example.com/v1/Gadget", Count: 3, Served: backup.No}}
		}), onRestoring(func(l *backup.RestoreLook) {
			l.Kinds.Kinds = []backup.RestoreKind{{Kind: "example.com/v1/Gadget", Count: 3, Served: backup.No, Made: true}}
		})},
		{"BK-B320", isUnknown, toRestore, onRestoring(func(l *backup.RestoreLook) { l.Kinds.Read = lateRead }), nil},
		{"BK-B321", isProblem, toRestore, onRestoring(func(l *backup.RestoreLook) {
			l.Kinds.Kinds = []backup.RestoreKind{{Kind: "policy/v1beta1/PodDisruptionBudget", Count: 1, Served: backup.No, Versions: []string{"v1"}}}
		}), onRestoring(func(l *backup.RestoreLook) { l.Kinds.Read = lateRead })},
		{"BK-B330", isOK, toRestore, onRestoring(claimOf("fast", "csi.example.com")), onRestoring(func(l *backup.RestoreLook) { l.Classes = nil })},
		{"BK-B330", isProblem, toRestore, onRestoring(claimOf("gone", ""), podVolume), onRestoring(claimOf("gone", ""), podVolume, func(l *backup.RestoreLook) {
			l.Classes.Mapped = map[string]string{"gone": "fast"}
		})},
		{"BK-B330", isProblem, toRestore, onRestoring(claimOf("old", ""), func(l *backup.RestoreLook) {
			l.Classes.Mapped, l.Classes.MappedBy = map[string]string{"old": "gone"}, "ConfigMap classes"
		}), onRestoring(claimOf("old", ""), func(l *backup.RestoreLook) { l.Classes.Restored = []string{"old"} })},
		{"BK-B330", isUnknown, toRestore, onRestoring(func(l *backup.RestoreLook) { l.Classes.Read = deniedRead }), nil},
		{"BK-B330", isUnknown, toRestore, onRestoring(noContents), nil},
		{"BK-B331", isProblem, toRestore, onRestoring(claimOf("fast", "other.example.com")), onRestoring(claimOf("fast", "csi.example.com"))},
		{"BK-B331", isProblem, toRestore, onRestoring(claimOf("fast", "other.example.com"), func(l *backup.RestoreLook) {
			l.Volumes = []backup.ArchivedVolume{{Namespace: "shop", Claim: "db", Method: backup.MethodCSISnapshot}}
		}), onRestoring(noContents)},
		{"BK-B340", isProblem, toRestore, onRestoring(deleting), nil},
		{"BK-B340", isUnknown, toRestore, onRestoring(func(l *backup.RestoreLook) { l.Existing.Namespaces[0].Read = deniedRead }), onRestoring(func(l *backup.RestoreLook) { l.Existing = nil })},
		{"BK-B341", isOK, toRestore, nil, onRestoring(existingMaps)},
		{"BK-B341", isProblem, toRestore, onRestoring(existingMaps), withSpec("existingResourcePolicy", "update", existingMaps)},
		{"BK-B341", isProblem, toRestore, withSpec("labelSelector", map[string]any{}, existingMaps), nil},
		{"BK-B341", isUnknown, toRestore, onRestoring(func(l *backup.RestoreLook) { l.Existing.Read = lateRead }), onRestoring(func(l *backup.RestoreLook) { l.Existing = nil })},
		{"BK-B342", isProblem, toRestore, withSpec("existingResourcePolicy", "update", existingMaps), onRestoring(existingMaps)},
		{"BK-B350", isOK, toRestore, onRestoring(webPort), withSpec("preserveNodePorts", true, webPort)},
		{"BK-B350", isProblem, toRestore, withSpec("preserveNodePorts", true, webPort), onRestoring(webPort)},
		{"BK-B350", isProblem, toRestore, onRestoring(explicitPort), onRestoring(explicitPort, func(l *backup.RestoreLook) { l.Ports.Owners[30080] = "shop/web" })},
		{"BK-B350", isUnknown, toRestore, onRestoring(explicitPort, func(l *backup.RestoreLook) { l.Ports = &backup.NodePorts{Read: deniedRead} }), nil},
		{"BK-B350", isUnknown, toRestore, onRestoring(noContents), onRestoring(func(l *backup.RestoreLook) { l.Ports = nil })},
		{"BK-B430", isOK, toRestore, nil, onRestoring(func(l *backup.RestoreLook) { l.VolumesRead = backup.Unknown })},
		{"BK-B430", isProblem, toRestore, onRestoring(podVolume, func(l *backup.RestoreLook) { l.Volumes[0].Capacity = &large }), onRestoring(podVolume)},
		{"BK-B430", isProblem, toRestore, onRestoring(podVolume, func(l *backup.RestoreLook) {
			small := int64(1)
			l.Volumes[0].Bytes, l.Volumes[0].Capacity = &small, &large
		}), nil},
		{"BK-B430", isUnknown, toRestore, onRestoring(func(l *backup.RestoreLook) { l.VolumesRead = backup.Unknown }), onRestoring(func(l *backup.RestoreLook) { l.Source = nil })},
		{"BK-B440", isOK, toRestore, nil, onRestoring(changedMap)},
		{"BK-B440", isProblem, toRestore, onRestoring(changedMap), onRestoring(existingMaps)},
		{"BK-B440", isUnknown, toRestore, onRestoring(func(l *backup.RestoreLook) { l.Existing.Read = lateRead }), onRestoring(func(l *backup.RestoreLook) { l.Existing = nil })},
		{"BK-B400", isProblem, toRestore, withSpec("namespaceMapping", renamed, mentioned(backup.Mention{Says: "db.shop", OldNamespace: "shop", Service: "db"})), onRestoring(mentioned(backup.Mention{Says: "db.shop", OldNamespace: "shop"}))},
		{"BK-B400", isOK, toRestore, withSpec("namespaceMapping", renamed, mentioned(backup.Mention{Says: "10.0.0.7"})), withSpec("namespaceMapping", renamed, cutContents)},
		{"BK-B400", isUnknown, toRestore, withSpec("namespaceMapping", renamed, cutContents), nil},
		{"BK-B410", isProblem, toRestore, onRestoring(webPort, mentioned(backup.Mention{Says: "10.0.0.7"})), onRestoring(mentioned(backup.Mention{Says: "db.shop", OldNamespace: "shop"}))},
		{"BK-B410", isOK, toRestore, onRestoring(webPort), onRestoring(cutContents)},
		{"BK-B410", isOK, toRestore, nil, onRestoring(noContents)},
		{"BK-B410", isUnknown, toRestore, onRestoring(cutContents), nil},
		{"BK-B420", isOK, toRestore, nil, onRestoring(func(l *backup.RestoreLook) { l.Zones = nil })},
		{"BK-B420", isOK, toRestore, onRestoring(snapshotIn("a")), onRestoring(snapshotIn("b"))},
		{"BK-B420", isProblem, toRestore, onRestoring(snapshotIn("b")), onRestoring(snapshotIn("a"))},
		{"BK-B420", isUnknown, toRestore, onRestoring(snapshotIn("b"), func(l *backup.RestoreLook) { l.Zones.Unlabelled = 1 }), nil},
		{"BK-B420", isUnknown, toRestore, onRestoring(claimOf("fast", ""), snapshotIn(""), func(l *backup.RestoreLook) { l.Zones.Read = deniedRead }), nil},
	}, serverCases()...)
}

func serverCases() []codeCase {
	own := func(l *backup.RestoreLook) { l.Images.Pods["docker.io"] = 2 }
	image := func(name string) func(*backup.RestoreLook) {
		return func(l *backup.RestoreLook) { l.Server.Image = name }
	}
	named := func(l *backup.RestoreLook) {
		l.Server.Helper, l.Server.HelperFrom = "registry.example.com/restore-helper:v1", ref("", "configmaps", "ConfigMap", "helper")
	}
	order := func(text string) func(*backup.RestoreLook) {
		return func(l *backup.RestoreLook) { l.Server.Priorities = text }
	}
	return []codeCase{
		{"BK-B360", isOK, toRestore, nil, onRestoring(podVolume)},
		{"BK-B360", isOK, toRestore, onRestoring(podVolume, own), onRestoring(podVolume)},
		{"BK-B360", isOK, toRestore, onRestoring(podVolume, named), onRestoring(func(l *backup.RestoreLook) { l.Images = nil })},
		{"BK-B360", isProblem, toRestore, onRestoring(podVolume), onRestoring(podVolume, named)},
		{"BK-B360", isProblem, toRestore, onRestoring(podVolume, image("registry.example.com/velero:v1.12.1@sha256:00")), onRestoring(podVolume, image("registry.example.com/velero:v1.17.0"))},
		{"BK-B360", isProblem, toRestore, onRestoring(podVolume, image("registry.example.com/velero:v1.9.1")), nil},
		{"BK-B360", isUnknown, toRestore, onRestoring(podVolume, image("registry.example.com/velero:main")), nil},
		{"BK-B360", isUnknown, toRestore, onRestoring(podVolume, image("")), nil},
		{"BK-B360", isUnknown, toRestore, onRestoring(podVolume, func(l *backup.RestoreLook) { l.Server.HelperRead = deniedRead }), nil},
		{"BK-B360", isUnknown, toRestore, onRestoring(podVolume, func(l *backup.RestoreLook) { l.Images = &backup.UsedRegistries{Read: deniedRead} }), nil},
		{"BK-B360", isUnknown, toRestore, onRestoring(func(l *backup.RestoreLook) { l.VolumesRead = backup.Unknown }), nil},
		{"BK-B370", isOK, toRestore, nil, onRestoring(order("pods,persistentvolumeclaims"))},
		{"BK-B370", isOK, toRestore, onRestoring(order("customresourcedefinitions,namespaces,storageclasses,volumesnapshots.snapshot.storage.k8s.io,persistentvolumes,persistentvolumeclaims,serviceaccounts,secrets,configmaps,limitranges,pods,replicasets.apps,endpoints,-,services")), onRestoring(order("endpoints,-,secrets"))},
		{"BK-B370", isProblem, toRestore, onRestoring(order("pods,persistentvolumeclaims")), nil},
		{"BK-B370", isUnknown, toRestore, onRestoring(func(l *backup.RestoreLook) { l.Server.Read = deniedRead }), onRestoring(func(l *backup.RestoreLook) { l.Server = nil })},
	}
}
