package collect

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/storage"
)

const (
	// topLimit is how many names at the top of a location are looked at.
	topLimit = 200
	// serverContainer is the container of the server in its Deployment
	// (velero@v1.18.3 pkg/install/deployment.go, and the same in its Helm chart and in OADP).
	serverContainer = "velero"
	// The label and the type of the Secrets that e-backup reads, by its manual.
	eBackupLabel = "secret.everest.io/backup"
	eBackupType  = "cfe/secure-opaque"
)

// secrets are read by their metadata here.
var secrets = backup.Served{Version: "v1", Resource: "secrets", Kind: "Secret", Namespaced: true}

// Location looks at the target's location from this machine, and at what the
// server of the backup system wrote into it. The fields are those of a
// BackupStorageLocation, which e-backup has too.
func (c *Collector) Location(ctx context.Context, ev *backup.Evidence) {
	if len(ev.Object.Locations) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, storageTime)
	defer cancel()
	location, namespace := ev.Object.Locations[0], ev.Object.Ref.Namespace
	look := &backup.LocationLook{Server: serverLook(ev.Raw)}
	g := &gather{Collector: c, ev: ev}
	g.parallel(ctx,
		func(ctx context.Context) { look.Root = c.root(ctx, location, namespace) },
		func(ctx context.Context) { look.Secret = c.secret(ctx, location.Credentials) },
		func(ctx context.Context) { look.Server.Deployments, look.Server.Lookup = g.servers(ctx, namespace) },
		func(ctx context.Context) { look.Defaults, look.DefaultsLookup = g.defaults(ctx, namespace) },
	)
	look.Secret.Named = nested(ev.Raw, "spec", "credential", "name") != ""
	ev.Location = look
}

// serverLook reads what the server writes (velero@v1.18.3
// pkg/apis/velero/v1/backupstoragelocation_types.go).
func serverLook(raw map[string]any) backup.ServerLook {
	look := backup.ServerLook{
		Message:   nested(raw, "status", "message"),
		Validated: instant(raw, "status", "lastValidationTime"), Synced: instant(raw, "status", "lastSyncedTime"),
		ReadOnly: nested(raw, "spec", "accessMode") == "ReadOnly", Default: flag(raw, "spec", "default"),
	}
	if every, err := time.ParseDuration(nested(raw, "spec", "validationFrequency")); err == nil {
		frequency := backup.Duration(every)
		look.Every = &frequency
	}
	return look
}

func flag(raw map[string]any, path ...string) bool {
	value, _ := object(raw, path[:len(path)-1]...)[path[len(path)-1]].(bool)
	return value
}

// root lists the top of the location from this machine.
func (c *Collector) root(ctx context.Context, location backup.Location, namespace string) backup.RootLook {
	if c.Storage == nil {
		return backup.RootLook{Verdict: NotLooked(location, c.Now())}
	}
	location = c.Storage.Effective(location)
	look := backup.RootLook{}
	unseen := func(err error) backup.RootLook {
		look.Verdict = storage.Unseen(location, storage.Credentials{}, storage.Options{Now: c.Now, Vantage: look.Verdict.Vantage}, err)
		look.Listed = backup.No
		return look
	}
	place, err := c.Storage.Open(ctx, location, namespace)
	if err != nil {
		return unseen(err)
	}
	defer func() { _ = place.Close() }()
	look.Verdict.Vantage = place.Vantage()
	top, err := place.Top(ctx, topLimit)
	if err != nil {
		unseen := unseen(err)
		unseen.Verdict.Identity = place.Identity()
		return unseen
	}
	look.Verdict = backup.StorageVerdict{Class: backup.VerdictData, Location: location, Vantage: place.Vantage(), Identity: place.Identity(), At: c.Now().UTC()}
	look.Listed, look.Folders, look.Complete = backup.Yes, top.Folders, top.Complete
	for _, object := range top.Objects {
		look.Objects = append(look.Objects, object.Key)
	}
	return look
}

// secret looks at the form of the Secret that the location names.
func (c *Collector) secret(ctx context.Context, ref backup.CredentialsRef) backup.SecretLook {
	look := backup.SecretLook{Ref: ref}
	reader, ok := c.Cluster.(cluster.SecretReader)
	if !ok || c.Storage == nil || ref.Secret == "" || ref.Unusable != "" {
		return look
	}
	data, err := reader.Secret(ctx, ref.Namespace, ref.Secret)
	look.Lookup, look.Error = lookup(err), shortError(err)
	if err != nil {
		return look
	}
	look.Keys = slices.Sorted(maps.Keys(data))
	look.Flaws = storage.SecretForm(ref, data)
	var problem *storage.CredentialsError
	if _, err := storage.ParseCredentials(ref, data); errors.As(err, &problem) {
		look.Unusable = problem.Problem
	}
	if ref.Format != "obs" {
		return look
	}
	if c.isGiven(ref) {
		look.Labelled, look.Typed = backup.Yes, backup.Yes
		return look
	}
	if metadata, err := c.Cluster.Get(ctx, secrets, ref.Namespace, ref.Secret); err == nil {
		look.Labelled = backup.AnswerOf(nested(metadata, "metadata", "labels", eBackupLabel) == "true")
	}
	look.Typed = c.hasType(ctx, ref, eBackupType)
	return look
}

// hasType tells whether a Secret has a type. Only its metadata are read, which do
// not hold the type, so that the API server is asked for Secrets of that type.
func (c *Collector) hasType(ctx context.Context, ref backup.CredentialsRef, kind string) backup.Answer {
	there := false
	options := cluster.ListOptions{FieldSelector: "type=" + kind + ",metadata.name=" + ref.Secret, Metadata: true}
	err := c.list(ctx, secrets, ref.Namespace, options, func(map[string]any) error {
		there = true
		return nil
	})
	if err != nil {
		return backup.Unknown
	}
	return backup.AnswerOf(there)
}

// servers are the Deployments of the backup system in a namespace.
func (g *gather) servers(ctx context.Context, namespace string) (found []backup.Deployment, known backup.Lookup) {
	err := g.list(ctx, deployments, namespace, cluster.ListOptions{}, func(item map[string]any) error {
		for _, container := range items(item, "spec", "template", "spec", "containers") {
			if nested(container, "name") == serverContainer {
				found = append(found, readDeployment(item))
			}
		}
		return nil
	})
	if err != nil {
		g.gap("Deployments in namespace "+namespace, err)
		return nil, lookup(err)
	}
	if len(found) == 0 {
		return nil, backup.Absent
	}
	return found, backup.Found
}

// defaults are the locations of the namespace that call themselves the default.
func (g *gather) defaults(ctx context.Context, namespace string) (found []backup.Ref, known backup.Lookup) {
	served, ok := g.resource(g.ev.Object.Ref.Group, g.ev.Object.Ref.Resource)
	if !ok {
		return nil, backup.NotAsked
	}
	err := g.list(ctx, served, namespace, cluster.ListOptions{}, func(item map[string]any) error {
		if flag(item, "spec", "default") {
			found = append(found, served.Ref(namespace, nested(item, "metadata", "name")))
		}
		return nil
	})
	if err != nil {
		g.gap("locations in namespace "+namespace, err)
	}
	return found, lookup(err)
}
