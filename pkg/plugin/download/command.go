// Package download is the `download` verb: the files of a backup, as they are stored.
package download

import (
	"fmt"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// defaultMax is far above what Velero writes for a cluster.
const defaultMax = "10Gi"

type flags struct {
	dir     string
	include []string
	maximum string
	unpack  bool
	storage cli.StorageFlags
}

// NewCommand makes the verb.
func NewCommand(g *cli.Globals) *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:   "download [TYPE/]NAME -o DIR [--include contents,log,…] [--unpack]",
		Short: "Write the files of a backup or restore into a folder",
		Long: templates.LongDesc(`
			Write the files that Velero keeps in the bucket for a backup or restore
			into a folder, as they are stored. It needs the bucket alone, and Velero's
			server only with --via-server, where the bucket cannot be read from here.

			Files that are there are never replaced, and one that could not be read to
			its end is not left. The contents hold the Secrets of what was backed up,
			so that all files are for their owner alone. The data of volumes is in
			repositories and snapshots, and is not among these files.`),
		Example: templates.Examples(`
			# All files of a backup
			kubectl backup download backup/nightly -o ./nightly

			# Its log and its errors alone
			kubectl backup download nightly -o ./nightly --include log,results

			# Its objects, one file each
			kubectl backup download nightly -o ./nightly --include contents --unpack`),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(g, args)
			if err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	cmd.Flags().StringVarP(&f.dir, "output", "o", "", "The folder to write to; it is made if it is not there.")
	cmd.Flags().StringSliceVar(&f.include, "include", nil, "Only these files, such as contents, log, results, resource-list or volume-information. All that are there if not set.")
	cmd.Flags().StringVar(&f.maximum, "max-size", defaultMax, "Write no file that is larger, and unpack no more than this.")
	cmd.Flags().BoolVar(&f.unpack, "unpack", false, "Also unpack the contents into a folder of the backup's name.")
	f.storage.AddWay(cmd.Flags())
	f.storage.AddBucket(cmd.Flags())
	f.storage.AddViaServer(cmd.Flags())
	return cmd
}

// options are the flags, checked.
func (f *flags) options(g *cli.Globals, args []string) (*options, error) {
	if f.dir == "" {
		return nil, &cli.UsageError{Text: "say where to write to with -o DIR"}
	}
	quantity, err := resource.ParseQuantity(f.maximum)
	if err != nil || quantity.Value() <= 0 {
		return nil, &cli.UsageError{Text: fmt.Sprintf("--max-size=%s is not a size such as 500Mi or 10Gi", f.maximum)}
	}
	if err := checkWords(f.include); err != nil {
		return nil, err
	}
	look, err := cli.NewLook(g, args, "", &f.storage)
	if err != nil {
		return nil, err
	}
	return &options{Look: look, dir: f.dir, include: f.include, limit: quantity.Value(), unpack: f.unpack, storage: &f.storage}, nil
}
