package collect

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// restoreTime is how long all that is looked at before a restore may take. What is
// not known by then is unknown.
const restoreTime = 10 * time.Second

var errRestoreTime = errors.New("not known within 10s")

// restoreLook gathers what is looked at before a restore, each part by its own function.
type restoreLook struct {
	*Collector
	home  string // the namespace of the restore
	spec  map[string]any
	scope *restoreScope
	skip  []backup.PreflightCheck
	look  *backup.RestoreLook
	// listed is closed when the backup's own list of what it holds was read.
	listed chan struct{}
}

// Restore looks at what a restore would meet: the backup it is made from, and the
// cluster. The manifest is that of the restore. What could not be read is said at
// each part; what is only for checks in skip is left out.
func (c *Collector) Restore(ctx context.Context, manifest map[string]any, source Hit, skip []backup.PreflightCheck) *backup.RestoreLook {
	ctx, cancel := context.WithTimeoutCause(ctx, restoreTime, errRestoreTime)
	defer cancel()
	r := &restoreLook{
		Collector: c, home: source.Namespace, spec: object(manifest, "spec"), scope: newRestoreScope(manifest, c.served),
		skip: skip, look: &backup.RestoreLook{}, listed: make(chan struct{}),
	}
	ev, err := c.Brief(ctx, source)
	if err != nil {
		r.look.Source, r.look.SourceRead = &backup.Evidence{At: c.Now().UTC(), Object: backup.Object{Ref: source.Ref()}}, read(ctx, err)
		return r.look
	}
	r.look.Source, r.look.SourceRead = &ev, backup.Read{Lookup: backup.Found}
	r.look.Version = nested(ev.Raw, "metadata", "annotations", "velero.io/source-cluster-k8s-gitversion")
	var wg sync.WaitGroup
	for _, part := range r.parts() {
		if slices.ContainsFunc(part.checks, r.wants) {
			wg.Go(func() { part.read(ctx) })
		}
	}
	wg.Wait()
	r.settle()
	if archive := r.look.Source.Archive; archive != nil {
		archive.Resources = nil // long, and said in short by now
	}
	return r.look
}

// restorePart is something that is read, for the checks that ask for it.
type restorePart struct {
	read   func(context.Context)
	checks []backup.PreflightCheck
}

func (r *restoreLook) parts() []restorePart {
	return []restorePart{
		{r.source, []backup.PreflightCheck{
			backup.CheckBackup, backup.CheckDefinitions, backup.CheckNamespaces, backup.CheckRecentChanges, backup.CheckStorageClasses,
			backup.CheckHelperImages, backup.CheckZones, backup.CheckSizes, backup.CheckVersions,
		}},
		{r.location, []backup.PreflightCheck{backup.CheckBackup}},
		{r.contents, []backup.PreflightCheck{backup.CheckBackup, backup.CheckStorageClasses, backup.CheckNodePorts, backup.CheckNamespaceMapping, backup.CheckClusterIPs, backup.CheckZones}},
		{r.existing, []backup.PreflightCheck{backup.CheckNamespaces, backup.CheckRecentChanges}},
		{r.classes, []backup.PreflightCheck{backup.CheckStorageClasses}},
		{r.ports, []backup.PreflightCheck{backup.CheckNodePorts}},
		{r.server, []backup.PreflightCheck{backup.CheckDefinitions, backup.CheckHelperImages, backup.CheckRestoreOrder}},
		{r.registries, []backup.PreflightCheck{backup.CheckHelperImages}},
		{r.zones, []backup.PreflightCheck{backup.CheckZones}},
	}
}

func (r *restoreLook) wants(check backup.PreflightCheck) bool { return !slices.Contains(r.skip, check) }

// source reads what the bucket holds of the backup, without its tarball, and what
// of it is restored.
func (r *restoreLook) source(ctx context.Context) {
	defer close(r.listed)
	r.Archive(ctx, r.look.Source, ArchiveDepth{})
	archive := r.look.Source.Archive
	if r.look.Version == "" && archive.Record != nil {
		r.look.Version = archive.Record.Cluster
	}
	r.look.VolumesRead = archive.VolumesRead
	for _, v := range archive.Volumes {
		if r.scope.item("persistentvolumeclaims", v.Namespace) && r.scope.item("pods", v.Namespace) {
			r.look.Volumes = append(r.look.Volumes, v)
		}
	}
	r.look.Kinds = r.kinds(archive)
}

// contents streams the tarball, and tells of it what a look at the bucket tells of
// every file.
func (r *restoreLook) contents(ctx context.Context) {
	found, err := r.readContents(ctx)
	found.Read = read(ctx, err)
	r.look.Contents = &found
}

// settle takes over what the reading of the tarball said of the file itself.
func (r *restoreLook) settle() {
	if r.look.Contents == nil || r.look.Source.Archive == nil {
		return
	}
	file := r.look.Source.Archive.File(backup.FileContents)
	switch contents := r.look.Contents; {
	case file == nil || file.State != backup.FileListed:
	case contents.Damage != "":
		file.State, file.Detail = contents.State, contents.Damage
	case contents.Lookup == backup.Found:
		file.State = backup.FileSound
	}
}

// read is how the reading of a part ended. A time that was over is said as such.
func read(ctx context.Context, err error) backup.Read {
	if err != nil && errors.Is(context.Cause(ctx), errRestoreTime) {
		return backup.Read{Lookup: backup.Failed, Error: errRestoreTime.Error()}
	}
	return backup.Read{Lookup: lookup(err), Error: shortError(err), Rule: missingRule(err)}
}

// location reads where the backup lies, as the server sees it.
func (r *restoreLook) location(ctx context.Context) {
	name := nested(r.look.Source.Raw, "spec", "storageLocation")
	served, ok := r.resource("velero.io", "backupstoragelocations")
	if name == "" || !ok {
		return
	}
	l := &backup.RestoreLocation{Ref: served.Ref(r.home, name)}
	raw, err := r.Cluster.Get(ctx, served, r.home, name)
	l.Read = read(ctx, err)
	l.Phase, l.Message = nested(raw, "status", "phase"), shortError(errorOf(nested(raw, "status", "message")))
	r.look.Location = l
}

// errorOf is an error of a text, or none.
func errorOf(text string) error {
	if text == "" {
		return nil
	}
	return errors.New(text)
}

// each lists the objects of a kind.
func (r *restoreLook) each(ctx context.Context, served backup.Served, namespace string, options cluster.ListOptions, each func(map[string]any)) backup.Read {
	err := r.list(ctx, served, namespace, options, func(item map[string]any) error {
		each(item)
		return nil
	})
	if err == nil {
		return backup.Read{Lookup: backup.Found}
	}
	return read(ctx, err)
}
