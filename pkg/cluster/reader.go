package cluster

import (
	"context"
	"io"
	"net"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Reader reads objects. Its errors are of type [*Error]; [Lookup] turns one
// into the state of the knowledge.
type Reader interface {
	// Info names the cluster. What cannot be found out stays empty.
	Info(ctx context.Context) backup.ClusterInfo
	// Discover lists what the server serves, every version of it. An API group
	// that cannot be discovered is a gap, not an error.
	Discover(ctx context.Context) ([]backup.Served, []backup.Gap, error)
	// Get reads one object. Of a Secret it reads the metadata only.
	Get(ctx context.Context, served backup.Served, namespace, name string) (map[string]any, error)
	// List hands each item to each as it arrives and keeps none; namespace ""
	// is all of them. The items come without their managedFields, unless
	// the options ask for their writers. An error of each stops the list and is returned as it is.
	// An answer that was cut short is an error, never a short list. Of Secrets it
	// reads the metadata only.
	List(ctx context.Context, served backup.Served, namespace string, opts ListOptions, each func(item map[string]any) error) error
}

// ListOptions narrow a list or a watch.
type ListOptions struct {
	LabelSelector string
	FieldSelector string
	// Metadata asks for the items' metadata only.
	Metadata bool
	// Writers keeps of the items' managedFields who wrote when; else they are left out.
	Writers bool
	// Limit is the size of a page; zero asks for all items in one answer.
	Limit int64
	// ResourceVersion is where a watch begins; empty begins with an ADDED event
	// for each object that exists. A list ignores it.
	ResourceVersion string
	// Version, where it is set, receives the resourceVersion of a complete list,
	// from which a watch can go on.
	Version *string
}

// Watcher follows objects as they change.
type Watcher interface {
	// Watch hands on ADDED, MODIFIED and DELETED events until the context ends or
	// each returns an error. It reconnects where it left off; [IsExpired] says that
	// it could not, and that the caller has to list again.
	Watch(ctx context.Context, served backup.Served, namespace string, opts ListOptions, each func(event string, item map[string]any) error) error
}

// LogSource reads the logs of containers.
type LogSource interface {
	// Logs opens the log of one container; an empty container is the pod's only one.
	Logs(ctx context.Context, namespace, pod, container string, opts LogOptions) (io.ReadCloser, error)
}

// LogOptions narrow a log. The zero value is the whole log of the running container.
type LogOptions struct {
	Tail       int64     // last lines; zero is all
	Previous   bool      // of the instance that ended before
	Since      time.Time // zero is from the start; the server cuts it to seconds
	Follow     bool      // do not end while the container runs
	LimitBytes int64     // zero is no limit
	Timestamps bool      // begin each line with the container runtime's RFC 3339 time
}

// AccessReviewer asks the cluster what this identity may do.
type AccessReviewer interface {
	// MayI asks for one verb on one object; an empty name is any object. The text is
	// the server's reason. The answer is advice: admission may still refuse.
	MayI(ctx context.Context, verb string, ref backup.Ref, subresource string) (backup.Answer, string, error)
}

// SubjectReviewer asks the cluster what another user may do. Few may ask that.
type SubjectReviewer interface {
	// MayUser asks for one verb on one object for a user such as
	// "system:serviceaccount:NAMESPACE:NAME". The text is the server's reason.
	MayUser(ctx context.Context, user, verb string, ref backup.Ref) (backup.Answer, string, error)
}

// SecretReader is the only way to the values of a Secret.
type SecretReader interface {
	// Secret reads the decoded data. The caller must not keep, log or print it.
	Secret(ctx context.Context, namespace, name string) (map[string][]byte, error)
}

// Dialer reaches Services from outside of the cluster.
type Dialer interface {
	// ServiceHost tells whether a host name or an address names a Service, as
	// "namespace/name". A bare name is looked up in the given namespace.
	ServiceHost(ctx context.Context, host, namespace string) (service string, inCluster bool, err error)
	// DialService connects to a port of the Service through the API server's
	// port-forward to a ready pod. The vantage says which: "port-forward to pod s3/minio-0:9000".
	DialService(ctx context.Context, service, port string) (conn net.Conn, vantage string, err error)
}
