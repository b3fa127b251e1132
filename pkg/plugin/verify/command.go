// Package verify is the `verify` verb: whether what the storage holds of a
// backup is what the backup says, so that it can be restored.
package verify

import (
	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

type flags struct {
	all        bool
	namespaces bool
	deep       bool
	output     string
	storage    cli.StorageFlags
}

// NewCommand makes the verb.
func NewCommand(g *cli.Globals) *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:   "verify ([TYPE/]NAME… | --all)",
		Short: "Say whether a backup can be restored, from what its storage holds",
		Long: templates.LongDesc(`
			Compare what the storage holds of a backup with what the backup says:
			files that are missing, cut off, empty or broken, volumes that were never
			copied or are empty, data that still moves, markers of a finished run.

			Only the storage is asked, with the credentials that the objects name; the
			servers of the backup system are not needed. Without --deep the listing and
			the small files are read, and a large one only where nothing else says what
			became of a volume. With --deep every file of the backup's own folder is read
			to its end, for Velero and e-backup. Of TiDB the listing and BR's markers count.

			Nothing is changed, unless --via-server lets Velero's server sign URLs where
			the bucket cannot be read from here: that creates DownloadRequests and deletes
			them again. What only a listing shows stays unknown then. That the data inside of snapshots, repositories and data
			files is what it was, only a restore shows.

			Exit status: 0 nothing speaks against a restore, 2 problems were found, 4 no
			problem was found but something could not be checked.`),
		Example: templates.Examples(`
			# Can this backup be restored?
			kubectl backup verify backup/nightly -n velero

			# Read every file of it to its end
			kubectl backup verify nightly --deep

			# All backups of the cluster, in one table
			kubectl backup verify --all -A

			# Those in the bucket of a cluster that is gone
			kubectl backup verify --all --bucket=s3://backups/prod --storage-credentials=env`),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.validate(args); err != nil {
				return err
			}
			if f.all {
				return f.runAll(cmd.Context(), g)
			}
			look, err := cli.NewLook(g, args, f.output, &f.storage)
			if err != nil {
				return err
			}
			return f.run(cmd.Context(), look)
		},
	}
	cmd.Flags().BoolVar(&f.all, "all", false, "Verify every backup of the namespace and of the systems' home namespaces, in one table.")
	cmd.Flags().BoolVarP(&f.namespaces, "all-namespaces", "A", false, "With --all: every backup of the cluster.")
	cmd.Flags().BoolVar(&f.deep, "deep", false, "Read every file of a backup to its end, the tarball included.")
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "Output format: json, yaml or jsonpath=….")
	f.storage.AddFlags(cmd.Flags())
	f.storage.AddBucket(cmd.Flags())
	f.storage.AddViaServer(cmd.Flags())
	return cmd
}

func (f *flags) validate(args []string) error {
	switch {
	case f.all && len(args) > 0:
		return &cli.UsageError{Text: "--all verifies every backup; leave it away to verify what is named"}
	case f.namespaces && !f.all:
		return &cli.UsageError{Text: "-A verifies the backups of all namespaces: add --all, and leave names away"}
	case f.all && f.storage.ViaServer:
		return &cli.UsageError{Text: "--via-server creates DownloadRequests for what is named; leave --all away"}
	case !f.all && len(args) == 0:
		return &cli.UsageError{Text: "name a backup, or verify every one with --all"}
	}
	return nil
}

// depth is how much is read of each backup.
func (f *flags) depth() collect.ArchiveDepth {
	return collect.ArchiveDepth{Items: true, Small: true, Deep: f.deep}
}
