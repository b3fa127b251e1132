package cli

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster/write"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/redact"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero/downloadrequest"
)

// AddViaServer adds --via-server to a verb that reads what Velero left in a bucket.
func (f *StorageFlags) AddViaServer(flags *pflag.FlagSet) {
	flags.BoolVar(&f.ViaServer, "via-server", false, "Where the bucket cannot be read from here, have Velero's server sign URLs for the files. This creates DownloadRequests in the namespace of the object, and deletes them at the end.")
}

// SignWith lets the collector ask Velero's server where --via-server says so.
func (g *Globals) SignWith(flags *StorageFlags, collector *collect.Collector) error {
	if !flags.ViaServer {
		return nil
	}
	writer, err := write.NewLive(g.Config, g.ClusterOptions())
	if err != nil {
		return err
	}
	collector.Signer = func(ev backup.Evidence, kinds []string) collect.Signer {
		suffix := make([]byte, 4)
		_, _ = rand.Read(suffix) // it never fails
		session := &downloadrequest.Session{
			Cluster: ev.Cluster, Target: ev.Object.Ref, System: ev.Object.System, Kinds: kinds, Suffix: hex.EncodeToString(suffix),
			Writer: writer, Reader: collector.Cluster, Announce: g.announce, Now: g.Now, Sleep: Sleep,
		}
		session.Begin = func(plan backup.Plan) (downloadrequest.Record, error) {
			brief := backup.Evidence{APIVersion: ev.APIVersion, Kind: ev.Kind, At: ev.At, Cluster: ev.Cluster, Object: ev.Object}
			return g.Journal("").Begin(plan, brief, redact.Object(ev.Raw))
		}
		return &signer{session, g}
	}
	return nil
}

// signer says what could not be deleted.
type signer struct {
	session *downloadrequest.Session
	globals *Globals
}

// Sign returns a signed URL.
func (s *signer) Sign(ctx context.Context, kind string) (string, error) {
	return s.session.Sign(ctx, kind)
}

// Close deletes what was created.
func (s *signer) Close() {
	err := s.session.Close()
	if err == nil {
		return
	}
	text := err.Error()
	var failed *cluster.Error
	if errors.As(err, &failed) && failed.Rule != "" {
		text += " (missing right: " + failed.Rule + ")"
	}
	_, _ = fmt.Fprintln(s.globals.ErrOut, "warning: "+render.Escape(redact.Text(text)))
}

// announce says what will be written, before it is.
func (g *Globals) announce(plan backup.Plan) {
	_, _ = fmt.Fprintln(g.ErrOut, render.Escape(fmt.Sprintf("context %s, server %s: the bucket cannot be read from here, so that DownloadRequests for %s are created in namespace %s, and deleted at the end",
		orNone(plan.Cluster.Context), plan.Cluster.Server, plan.Target.Human(), plan.Target.Namespace)))
}

func orNone(name string) string {
	if name == "" {
		return "<none>"
	}
	return name
}

// Sleep waits, or returns the context's error.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// WithServerHint names --via-server where a bucket could not be read and the
// server of the cluster was not asked.
func (f *StorageFlags) WithServerHint(err error) error {
	var unread *collect.UnreadError
	if f.ViaServer || f.Bucket != "" || !errors.As(err, &unread) {
		return err
	}
	return &HintedError{Err: err, Hint: ServerHint}
}

// ServerHint is the way on after a bucket could not be read.
const ServerHint = "--via-server has Velero's server sign URLs for the files instead; it creates DownloadRequests, and deletes them at the end"
