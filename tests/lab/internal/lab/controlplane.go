package lab

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/pki"
)

// serviceRange is the cluster's range of Service addresses.
const serviceRange = "10.0.0.0/24"

func (l *Lab) etcd() daemon {
	client, peer := l.url("http", portEtcd), l.url("http", portEtcdPeer)
	return daemon{
		name: "etcd", port: portEtcd, program: "etcd",
		args: []string{
			"--data-dir=" + l.Workspace.State("etcd"),
			"--listen-client-urls=" + client, "--advertise-client-urls=" + client,
			"--listen-peer-urls=" + peer, "--initial-advertise-peer-urls=" + peer,
			"--initial-cluster=default=" + peer,
			"--unsafe-no-fsync", "--log-level=warn",
		},
		ready: l.healthy(client + "/health"),
	}
}

// apiServer keeps the ServiceAccount admission, so that a Job whose ServiceAccount is missing fails to create
// its pods as it does in the field.
func (l *Lab) apiServer() daemon {
	return daemon{
		name: "kube-apiserver", port: portAPIServer, program: "kube-apiserver",
		args: []string{
			"--etcd-servers=" + l.url("http", portEtcd),
			"--bind-address=127.0.0.1", "--advertise-address=127.0.0.1",
			l.portFlag("--secure-port", portAPIServer),
			"--cert-dir=" + l.Workspace.State("pki"),
			"--tls-cert-file=" + l.certificate(pki.ServingCert),
			"--tls-private-key-file=" + l.certificate(pki.ServingKey),
			"--service-account-key-file=" + l.certificate(pki.ServiceAccountKey),
			"--service-account-signing-key-file=" + l.certificate(pki.ServiceAccountKey),
			"--service-account-issuer=https://kubernetes.default.svc",
			"--token-auth-file=" + l.Workspace.State("tokens.csv"),
			"--authorization-mode=RBAC",
			"--service-cluster-ip-range=" + serviceRange,
			"--allow-privileged",
			"--endpoint-reconciler-type=none",
			"--kubelet-preferred-address-types=InternalIP",
		},
		ready: l.healthy(l.url("https", portAPIServer) + "/readyz"),
	}
}

func (l *Lab) controllerManager() daemon {
	return daemon{
		name: "kube-controller-manager", port: portControllerManager, program: "kube-controller-manager",
		args: append(l.controllerFlags(portControllerManager),
			"--root-ca-file="+l.certificate(pki.Authority),
			"--service-account-private-key-file="+l.certificate(pki.ServiceAccountKey),
			"--use-service-account-credentials=false",
			"--controllers=*,-nodeipam",
		),
		ready: l.healthy(l.url("https", portControllerManager) + "/healthz"),
	}
}

func (l *Lab) scheduler() daemon {
	return daemon{
		name: "kube-scheduler", port: portScheduler, program: "kube-scheduler",
		args:  l.controllerFlags(portScheduler),
		ready: l.healthy(l.url("https", portScheduler) + "/healthz"),
	}
}

func (l *Lab) controllerFlags(port string) []string {
	return []string{
		"--kubeconfig=" + l.Workspace.Kubeconfig(""),
		"--bind-address=127.0.0.1",
		l.portFlag("--secure-port", port),
		"--tls-cert-file=" + l.certificate(pki.ServingCert),
		"--tls-private-key-file=" + l.certificate(pki.ServingKey),
		"--leader-elect=false",
	}
}

func (l *Lab) portFlag(flag, port string) string {
	return fmt.Sprintf("%s=%d", flag, l.state.Ports[port])
}
