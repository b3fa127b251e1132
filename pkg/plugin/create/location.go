package create

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

const (
	// locationTime is how long the server is waited for to validate a location: it
	// does so within seconds, and again each minute.
	locationTime = 60 * time.Second

	storageLocations = "backupstoragelocations"
	veleroGroup      = "velero.io"
)

// locationFlags are those that are no field of the object.
type locationFlags struct {
	snapshots   bool
	cacert      string
	credentials string
}

func newLocation(g *cli.Globals) *cobra.Command {
	f := &locationFlags{}
	cmd := newNoun(g, noun{
		role:  backup.RoleLocation,
		short: "Make a location in which backups, or snapshots of volumes, are stored",
		long: templates.LongDesc(`
			Make a location for backups of Velero or e-backup, or with --snapshots one for
			snapshots of volumes. --credentials-file makes the Secret with the credentials
			as well, in the same plan and before the location: no value is on the command
			line, in the output or in the journal.

			The place is looked at before, with these credentials, and a fault that is
			proven refuses. Then the server is waited for to say that it can be used; its
			reason is printed if it cannot, and what this machine sees.

			Exit status: 0 it can be used, 2 it cannot, 3 refused, 4 something could not be
			checked, 8 the server has not said it within --timeout.`),
		example: templates.Examples(`
			# A bucket that speaks S3, with a new Secret from a credentials file
			kubectl backup create location offsite --provider aws --bucket backups --prefix shop \
			  --config region=eu-1,s3Url=https://s3.example.com,s3ForcePathStyle=true --credentials-file ./credentials

			# Huawei's OBS for e-backup
			kubectl backup create location obs --provider huawei --bucket backups \
			  --config endpoint=obs.cn-north-4.myhuaweicloud.com --credentials-file ./keys

			# Snapshots of volumes
			kubectl backup create location snapshots --snapshots --provider aws --config region=eu-1`),
		flags: f.add, located: f.locate, drafted: f.draft, made: f.wait, system: f.system,
	})
	return cmd
}

func (f *locationFlags) add(add *pflag.FlagSet, all *flags) {
	add.BoolVar(&f.snapshots, "snapshots", false, "Make a location for snapshots of volumes, not for backups.")
	add.StringVar(&f.cacert, "cacert", "", "A file with certificates of authorities that the storage's own is trusted by.")
	add.StringVar(&f.credentials, "credentials-file", "", "Make the Secret with the credentials too, of this file as the provider's plugin reads it: an AWS credentials file, a JSON key of Google, lines of Azure or of OBS. The Secret has the name of the location, unless --credential names one.")
	add.BoolVar(&all.wait, "wait", true, "Wait until the server has said whether it can be used.")
	add.DurationVar(&all.timeout, "timeout", locationTime, "How long to wait with --wait.")
}

// resource is the one of the two kinds that is meant.
func (f *locationFlags) resource() string {
	if f.snapshots {
		return compose.SnapshotLocations
	}
	return storageLocations
}

// system is the one that has the kind: beside e-backup locations for snapshots are
// those of Velero, which it leaves as they are.
func (f *locationFlags) system(ctx context.Context, o *options) (string, error) {
	kind, err := o.collector.KindOf(ctx, veleroGroup, f.resource())
	if kind == nil {
		return "", err
	}
	return kind.System, err
}

// locate takes the kind of the two that is meant.
func (f *locationFlags) locate(ctx context.Context, o *options) error {
	resource := f.resource()
	kind, err := o.collector.KindOf(ctx, veleroGroup, resource)
	switch {
	case err != nil:
		return err
	case kind == nil || kind.System != o.kind.System:
		return &cli.UsageError{Text: fmt.Sprintf("%s has no %s", o.kind.System, resource)}
	}
	o.kind, o.ref = kind, kind.Served.Ref(o.ref.Namespace, o.name)
	return nil
}

// draft finishes the manifest, and makes the steps that come before it.
func (f *locationFlags) draft(ctx context.Context, o *options) error {
	if err := f.onlyForBuckets(o); err != nil {
		return err
	}
	if f.cacert != "" {
		text, err := os.ReadFile(f.cacert)
		if err != nil {
			return fmt.Errorf("--cacert: %w", err)
		}
		if err := compose.Put(o.object, "spec.objectStorage.caCert", base64.StdEncoding.EncodeToString(text)); err != nil {
			return err
		}
	}
	if !f.snapshots {
		if err := faultsError(compose.FinishLocation(o.object, o.kind.System)); err != nil {
			return err
		}
	}
	if f.credentials != "" {
		if err := f.secret(o); err != nil {
			return err
		}
	}
	if isDefault, _ := compose.Get(o.object, "spec.default").(bool); isDefault {
		return f.replaceDefault(ctx, o)
	}
	return nil
}

// onlyForBuckets refuses what a location for snapshots does not have.
func (f *locationFlags) onlyForBuckets(o *options) error {
	if !f.snapshots {
		return nil
	}
	typed := map[string]bool{"cacert": f.cacert != ""}
	for name, v := range o.flags.values {
		typed[name] = v.typed != nil
	}
	for name, is := range typed {
		if is && compose.OnlyForBuckets(name) {
			return &cli.UsageError{Text: "--" + name + " is for a location of backups, and --snapshots makes one of snapshots"}
		}
	}
	return nil
}

// replaceDefault has the locations that are the default cease to be it.
func (f *locationFlags) replaceDefault(ctx context.Context, o *options) error {
	others, err := o.collector.DefaultLocations(ctx, o.kind, o.ref.Namespace)
	if err != nil {
		return err
	}
	for _, other := range others {
		o.before = append(o.before, compose.Default(other, false))
	}
	return nil
}
