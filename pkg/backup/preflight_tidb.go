package backup

import "time"

// The checks before a restore of TiDB is made, beside those of other restores.
const (
	CheckCluster     PreflightCheck = "cluster"
	CheckPointInTime PreflightCheck = "point-in-time"
)

// TiDBRestoreLook is what was looked at before a restore of TiDB. A part is nil where
// it was not asked for, or does not concern this restore.
type TiDBRestoreLook struct {
	// Full is the backup of the whole, or the dump; Log is the log that goes on from it.
	Full *TiDBSource `json:"full,omitempty"`
	Log  *TiDBSource `json:"log,omitempty"`
	// Cluster is that into which BR writes, and Host that into which Lightning does.
	Cluster *TiDBCluster `json:"cluster,omitempty"`
	Host    string       `json:"host,omitempty"`
	// Start is from when on a log is restored without its full backup. Until is the point
	// in time that is asked for; nil is the end of the log.
	Start *time.Time `json:"start,omitempty"`
	Until *time.Time `json:"until,omitempty"`
}

// TiDBSource is something that is restored, as the Job of the restore will meet it:
// at the place that the restore names, read with the Secret that the restore names.
type TiDBSource struct {
	// Seen has the archive of BR's files, or the verdict on a dump. Its object is that
	// of the Backup where one is named.
	Seen  Evidence `json:"seen"`
	Named bool     `json:"named,omitempty"`
	// From is where what it holds begins: of a full backup the time of its snapshot, of a
	// log its start or where it was truncated. Nil is not known.
	From *time.Time `json:"from,omitempty"`
	// Version is that of the TiDB cluster it was made of: "8.1.0".
	Version     string `json:"version,omitempty"`
	VersionRead Read   `json:"versionRead,omitzero"`
}

// TiDBCluster is a TidbCluster.
type TiDBCluster struct {
	Read
	Ref     Ref    `json:"ref"`
	Version string `json:"version,omitempty"` // of TiKV: "8.1.0"; empty is not known
}
