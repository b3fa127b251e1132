package cluster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/rest"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Info names the cluster as the kubeconfig and the flags do, and asks the server
// for its version, once.
func (l *Live) Info(ctx context.Context) backup.ClusterInfo {
	l.infoOnce.Lock()
	defer l.infoOnce.Unlock()
	if l.info != nil {
		return *l.info
	}
	info := backup.ClusterInfo{Server: l.config.Host, CAHash: caHash(l.config)}
	info.Context, info.User = contextOf(l.getter)
	if as := l.config.Impersonate.UserName; as != "" {
		info.User = as + ", impersonated by " + info.User
	}
	if info.Version, info.Release = l.version(ctx); info.Version != "" {
		l.info = &info
	}
	return info
}

// contextOf are the names of the context and the user, as the kubeconfig says and
// flags override. Both are empty where there is no kubeconfig.
func contextOf(getter genericclioptions.RESTClientGetter) (name, user string) {
	raw, err := getter.ToRawKubeConfigLoader().RawConfig()
	if err != nil {
		return "", ""
	}
	name = raw.CurrentContext
	flags, isFlags := getter.(*genericclioptions.ConfigFlags)
	if isFlags && flags.Context != nil && *flags.Context != "" {
		name = *flags.Context
	}
	if current, ok := raw.Contexts[name]; ok {
		user = current.AuthInfo
	}
	if isFlags && flags.AuthInfoName != nil && *flags.AuthInfoName != "" {
		user = *flags.AuthInfoName
	}
	return name, user
}

// caHash is the sha256 of the CA bundle, empty where the system's is trusted.
func caHash(config *rest.Config) string {
	loaded := rest.CopyConfig(config)
	if err := rest.LoadTLSFiles(loaded); err != nil || len(loaded.CAData) == 0 {
		return ""
	}
	sum := sha256.Sum256(loaded.CAData)
	return hex.EncodeToString(sum[:])
}

// version is the whole version of the server, and its major and minor version,
// which providers mark with a plus: "1" and "36+".
func (l *Live) version(ctx context.Context) (whole, release string) {
	ctx, cancel := context.WithTimeout(ctx, l.options.Timeout)
	defer cancel()
	answer, err := l.client.Get().AbsPath("/version").MaxRetries(retries).Stream(ctx)
	if err != nil {
		return "", ""
	}
	defer answer.Close()
	var version struct {
		GitVersion string `json:"gitVersion"`
		Major      string `json:"major"`
		Minor      string `json:"minor"`
	}
	if err := json.NewDecoder(answer).Decode(&version); err != nil {
		return "", ""
	}
	if version.Major != "" && version.Minor != "" {
		release = version.Major + "." + strings.TrimRight(version.Minor, "+")
	}
	return version.GitVersion, release
}
