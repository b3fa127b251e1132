package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// fewNames is how many objects a line names; the others are counted.
const fewNames = 3

// restoreChecks are the checks before a restore is made, in the order in which
// their answers are read.
func restoreChecks() []preflightCheck {
	return []preflightCheck{
		{name: backup.CheckBackup, entries: restoreBackupEntries()},
		{name: backup.CheckVersions, entries: []entry{restoreVersionsEntry(), tidbVersionEntry()}},
		{name: backup.CheckDefinitions, entries: restoreDefinitionEntries()},
		{name: backup.CheckStorageClasses, entries: restoreClassEntries()},
		{name: backup.CheckNamespaces, entries: restoreNamespaceEntries()},
		{name: backup.CheckNodePorts, entries: []entry{restoreNodePortsEntry()}},
		{name: backup.CheckHelperImages, entries: []entry{restoreHelperEntry()}},
		{name: backup.CheckRestoreOrder, entries: []entry{restoreOrderEntry()}},
		{name: backup.CheckNamespaceMapping, entries: []entry{restoreMappingEntry()}},
		{name: backup.CheckClusterIPs, entries: []entry{restoreAddressesEntry()}},
		{name: backup.CheckZones, entries: []entry{restoreZonesEntry()}},
		{name: backup.CheckSizes, entries: []entry{restoreSizesEntry()}},
		{name: backup.CheckRecentChanges, entries: []entry{restoreChangesEntry()}},
		{name: backup.CheckCluster, entries: []entry{tidbClusterEntry()}},
		{name: backup.CheckPointInTime, entries: []entry{tidbPointInTimeEntry()}},
		needsCheck(),
	}
}

// nothingLost is the danger of what is only looked at.
const nothingLost = "none"

// restoring is a restore that is to be made, and what was looked at for it.
type restoring struct {
	look     *backup.RestoreLook
	spec     map[string]any
	now      *backup.Evidence
	subject  backup.Ref
	selector bool // the server leaves out what does not have the labels
}

// onRestore judges evidence of a restore that is to be made.
func onRestore(judge func(r restoring) []backup.Finding) func(*backup.Evidence) []backup.Finding {
	return func(ev *backup.Evidence) []backup.Finding {
		if ev.Preflight == nil || ev.Preflight.Restore == nil {
			return nil
		}
		spec, _ := ev.Preflight.Manifest["spec"].(map[string]any)
		return judge(restoring{
			look: ev.Preflight.Restore, spec: spec, now: ev, subject: ev.Object.Ref,
			selector: spec["labelSelector"] != nil || spec["orLabelSelectors"] != nil,
		})
	}
}

// onContents judges what the tarball holds of what is restored. Where it was not
// read nothing is known.
func onContents(code, of string, judge func(r restoring, c *backup.RestoreContents) []backup.Finding) func(*backup.Evidence) []backup.Finding {
	return onRestore(func(r restoring) []backup.Finding {
		c := r.look.Contents
		if c == nil {
			return nil
		}
		if c.Lookup != backup.Found {
			return one(unknown(code, r.subject, notRead(of+" in the tarball of the backup", c.Read)))
		}
		return judge(r, c)
	})
}

// target is the namespace into which a namespace of the backup goes.
func (r restoring) target(namespace string) string {
	mapping, _ := r.spec["namespaceMapping"].(map[string]any)
	if to, _ := mapping[namespace].(string); to != "" {
		return to
	}
	return namespace
}

// overwrites tells whether the restore replaces what exists.
func (r restoring) overwrites() bool { return r.spec["existingResourcePolicy"] == "update" }

// upTo says that a count is a limit where labels select.
func (r restoring) upTo() string {
	if r.selector {
		return "up to "
	}
	return ""
}

// few names some of many: "a, b, c and 9 more".
func few(names []string, all int64) string {
	if all < int64(len(names)) {
		all = int64(len(names))
	}
	shown := names[:min(len(names), fewNames)]
	text := strings.Join(shown, ", ")
	if more := all - int64(len(shown)); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// each gathers texts without their doubles, in the order in which they come.
func each[T any](all []T, text func(T) string) []string {
	var out []string
	for _, one := range all {
		if t := text(one); t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// notRead says why a part was not seen, and which right would help.
func notRead(what string, r backup.Read) string {
	text := unread(what, r.Lookup, r.Error)
	if r.Rule != "" {
		text += "; missing right: " + r.Rule
	}
	return text
}
