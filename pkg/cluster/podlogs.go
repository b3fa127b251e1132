package cluster

import (
	"context"
	"io"
	"math"
	"strconv"
	"time"

	"k8s.io/client-go/rest"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Logs opens the log of one container. A log that is followed begins with its
// first line: a kubelet sends nothing of one that is empty, for as long as it is.
func (l *Live) Logs(ctx context.Context, namespace, pod, container string, opts LogOptions) (io.ReadCloser, error) {
	c := callFor("get", servedPods, namespace, pod)
	c.Subresource = "log"
	request := opts.narrow(l.client.Get().SetHeader("Accept", "text/plain, */*"))
	if container != "" {
		request = request.Param("container", container)
	}
	wait := l.options.Timeout
	if opts.Follow {
		wait = forever
	}
	return l.do(ctx, request, c, wait, !opts.Follow)
}

const forever = time.Duration(math.MaxInt64)

func (o LogOptions) narrow(request *rest.Request) *rest.Request {
	for name, n := range map[string]int64{"tailLines": o.Tail, "limitBytes": o.LimitBytes} {
		if n > 0 {
			request = request.Param(name, strconv.FormatInt(n, 10))
		}
	}
	for name, set := range map[string]bool{"previous": o.Previous, "follow": o.Follow, "timestamps": o.Timestamps} {
		if set {
			request = request.Param(name, "true")
		}
	}
	if !o.Since.IsZero() {
		request = request.Param("sinceTime", o.Since.UTC().Format(time.RFC3339))
	}
	return request
}

// The resources that this package reads on its own account.
var (
	servedPods           = backup.Served{Version: "v1", Resource: "pods", Kind: "Pod", Namespaced: true}
	servedSecrets        = backup.Served{Version: "v1", Resource: "secrets", Kind: "Secret", Namespaced: true}
	servedServices       = backup.Served{Version: "v1", Resource: "services", Kind: "Service", Namespaced: true}
	servedEndpoints      = backup.Served{Version: "v1", Resource: "endpoints", Kind: "Endpoints", Namespaced: true}
	servedEndpointSlices = backup.Served{Group: "discovery.k8s.io", Version: "v1", Resource: "endpointslices", Kind: "EndpointSlice", Namespaced: true}
	servedAccessReviews  = backup.Served{Group: "authorization.k8s.io", Version: "v1", Resource: "selfsubjectaccessreviews", Kind: "SelfSubjectAccessReview"}
	servedSubjectReviews = backup.Served{Group: "authorization.k8s.io", Version: "v1", Resource: "subjectaccessreviews", Kind: "SubjectAccessReview"}
)
