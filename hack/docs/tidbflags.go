package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
)

// tidbPage lists the flags for TiDB Operator, which has no command of its own to
// compare them with, beside the fields that they set.
func tidbPage() string {
	var page strings.Builder
	page.WriteString("# Flags for TiDB Operator\n\nWhat each flag sets in an object of TiDB Operator 1.x. Fields without a flag are set with `--set PATH=VALUE`.\n")
	for _, role := range []backup.Role{backup.RoleBackup, backup.RoleSchedule, backup.RoleRestore} {
		fields := slices.DeleteFunc(compose.Fields(role), func(f compose.Field) bool { return !f.For(compose.TiDB, role) })
		if len(fields) == 0 {
			continue
		}
		fmt.Fprintf(&page, "\n## kubectl backup create %s\n\n| flag | field | |\n|---|---|---|\n", role)
		for _, f := range fields {
			fmt.Fprintf(&page, "| `--%s` | %s | %s |\n", f.Flag, fieldCell(f), strings.ReplaceAll(strings.TrimPrefix(f.Usage, "TiDB: "), "|", `\|`))
		}
	}
	return page.String()
}

func fieldCell(f compose.Field) string {
	switch {
	case f.Kind == compose.Place:
		return fmt.Sprintf("`%[1]s.s3`, `%[1]s.gcs` or `%[1]s.azblob`", f.Path)
	case f.Path == "":
		return ""
	}
	return "`" + f.Path + "`"
}
