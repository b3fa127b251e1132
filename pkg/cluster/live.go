package cluster

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/kubernetes/scheme"
	_ "k8s.io/client-go/plugin/pkg/client/auth" // the OIDC provider of kubeconfig files; exec plugins are built in
	"k8s.io/client-go/rest"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Options of a live cluster. The zero value is usable.
type Options struct {
	// UserAgent is what audit logs show: "kubectl-backup/v1.0.0".
	UserAgent string
	// ListTimeout is how long a list may stand still; zero is 30 seconds.
	ListTimeout time.Duration
	// Timeout is how long any other call may take; zero is 10 seconds.
	Timeout time.Duration
}

// The defaults of Options, and the rates of a client that asks for many small
// things at once: a look over many objects has some ten for each. What is too much
// for a server it says itself (429), and that is heeded.
const (
	defaultUserAgent   = "kubectl-backup"
	defaultListTimeout = 30 * time.Second
	defaultTimeout     = 10 * time.Second
	clientQPS          = 200
	clientBurst        = 600
)

func (o Options) withDefaults() Options {
	if o.UserAgent == "" {
		o.UserAgent = defaultUserAgent
	}
	if o.ListTimeout <= 0 {
		o.ListTimeout = defaultListTimeout
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	return o
}

// Live is a cluster that is read through its API server. It is safe for use by
// several goroutines.
type Live struct {
	getter  genericclioptions.RESTClientGetter
	options Options
	config  *rest.Config
	http    *http.Client
	client  rest.Interface

	infoOnce sync.Mutex
	info     *backup.ClusterInfo

	servicesOnce sync.Mutex
	clusterIPs   map[string]string // ClusterIP to "namespace/name"; nil is not listed yet
}

// Live can do all that a source can.
var (
	_ Reader         = (*Live)(nil)
	_ Watcher        = (*Live)(nil)
	_ LogSource      = (*Live)(nil)
	_ AccessReviewer = (*Live)(nil)
	_ SecretReader   = (*Live)(nil)
	_ Dialer         = (*Live)(nil)
)

// NewLive prepares a live cluster from kubectl's own flags. It contacts nothing;
// the error is that of the kubeconfig file.
func NewLive(getter genericclioptions.RESTClientGetter, options Options) (*Live, error) {
	options = options.withDefaults()
	config, err := Config(getter, options)
	if err != nil {
		return nil, err
	}
	transport, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("prepare the connection to %s: %w", config.Host, err)
	}
	client, err := rest.UnversionedRESTClientForConfigAndClient(config, transport)
	if err != nil {
		return nil, fmt.Errorf("prepare the client of %s: %w", config.Host, err)
	}
	return &Live{getter: getter, options: options, config: config, http: transport, client: client}, nil
}

// Config is the client configuration that the flags ask for, with this
// program's name and rates. It contacts nothing.
func Config(getter genericclioptions.RESTClientGetter, options Options) (*rest.Config, error) {
	options = options.withDefaults()
	config, err := getter.ToRESTConfig()
	if err != nil {
		return nil, fmt.Errorf("read the kubeconfig: %w", err)
	}
	config = rest.CopyConfig(config)
	config.UserAgent = options.UserAgent
	config.QPS, config.Burst = clientQPS, clientBurst
	config.GroupVersion, config.APIPath = nil, ""
	config.ContentType, config.AcceptContentTypes = "application/json", "application/json"
	config.NegotiatedSerializer = scheme.Codecs.WithoutConversion()
	return config, nil
}
