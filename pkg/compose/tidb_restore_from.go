package compose

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime"
)

// ofBackup are the settings of a Backup that hold for the Job of its Restore as well:
// where it runs, and as whom.
var ofBackup = []string{
	"env", "serviceAccount", "useKMS", "imagePullSecrets", "affinity", "tolerations", "podSecurityContext",
	"priorityClassName", "additionalVolumes", "additionalVolumeMounts",
}

// ofBR are those of its section br; others concern the making of a backup alone.
var ofBR = []string{"cluster", "clusterNamespace", "db", "table", "sendCredToTikv", "logLevel"}

// RestoreOf puts into the manifest of a Restore of TiDB what the Backups say that it is
// made from: the full one and, for a restore to a point in time, the log. Either may
// be nil. The target of a dump is left to the person, since Lightning writes over rows.
func RestoreOf(object, full, log map[string]any) error {
	if err := checkModes(full, log); err != nil {
		return err
	}
	spec, _ := object["spec"].(map[string]any)
	main := full
	if log != nil {
		main = log
		spec["restoreMode"] = restorePITR
		if full != nil {
			spec["pitrFullBackupStorageProvider"] = storageSection(full)
		}
	}
	if main == nil {
		return nil
	}
	for _, storage := range tidbStorages {
		delete(spec, storage[0])
	}
	for name, section := range storageSection(main) {
		spec[name] = section
	}
	from := specOf(main)
	for _, name := range ofBackup {
		take(spec, from, name)
	}
	if Get(main, "spec.backupMode") == restoreVolumes {
		spec["restoreMode"] = restoreVolumes
	}
	if full != nil {
		take(spec, specOf(full), "backupType")
		take(spec, specOf(full), "tableFilter")
	}
	return takeBR(spec, main)
}

// takeBR takes the section br. A Backup without one is a dump, which Lightning
// reads by the path of its one file.
func takeBR(spec, main map[string]any) error {
	br, ok := specOf(main)["br"].(map[string]any)
	if !ok {
		return takeDump(spec, main)
	}
	take(spec, specOf(main), "toolImage")
	taken := map[string]any{}
	for _, name := range ofBR {
		take(taken, br, name)
	}
	if taken["clusterNamespace"] == nil {
		taken["clusterNamespace"] = Get(main, "metadata.namespace")
	}
	spec["br"] = taken
	return nil
}

// takeDump says which file is restored: the one that the run recorded.
func takeDump(spec, main map[string]any) error {
	path, _ := Get(main, "status.backupPath").(string)
	if path == "" {
		return fmt.Errorf("the Backup records no path of its dump (status.backupPath)")
	}
	for _, storage := range tidbStorages {
		section, ok := spec[storage[0]].(map[string]any)
		if !ok {
			continue
		}
		delete(section, "prefix")
		section["path"] = path
		return nil
	}
	return nil
}

// checkModes refuses a log in the place of a full backup, and the reverse.
func checkModes(full, log map[string]any) error {
	isLog := func(b map[string]any) bool { return Get(b, "spec.backupMode") == "log" }
	switch {
	case full != nil && isLog(full):
		return fmt.Errorf("it is a log backup, and --from-backup names a full one; --log-backup names the log")
	case log != nil && !isLog(log):
		return fmt.Errorf("--log-backup names a Backup that is none of a log (spec.backupMode is not log)")
	}
	return nil
}

// storageSection is the section of a Backup that says where it lies, by its name: the
// first that is set, as the operator takes it.
func storageSection(b map[string]any) map[string]any {
	out := map[string]any{}
	if name := storageOf(specOf(b)); name != "" {
		take(out, specOf(b), name)
	}
	return out
}

func specOf(object map[string]any) map[string]any {
	spec, _ := object["spec"].(map[string]any)
	return spec
}

// take copies a field that is set.
func take(to, from map[string]any, name string) {
	if value, set := from[name]; set {
		to[name] = runtime.DeepCopyJSONValue(value)
	}
}
