package lab

import (
	"fmt"
	"net"
)

// Names of the ports that the lab listens on.
const (
	portEtcd              = "etcd"
	portEtcdPeer          = "etcd-peer"
	portAPIServer         = "kube-apiserver"
	portControllerManager = "kube-controller-manager"
	portScheduler         = "kube-scheduler"
	portKwok              = "kwok"
	portStorage           = "versitygw"
	portTiDB              = "lab-tidb"
	portVelero            = "lab-velero"
	portGateway           = "lab-velero-gateway"
)

var portNames = [...]string{
	portEtcd, portEtcdPeer, portAPIServer, portControllerManager, portScheduler, portKwok, portStorage, portTiDB,
	portVelero, portGateway,
}

// pickPorts adds a free port for every name that has none. All are held until the last is known, so that none
// is given twice.
func pickPorts(ports map[string]int, names []string) error {
	for _, name := range names {
		if ports[name] != 0 {
			continue
		}
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return fmt.Errorf("pick a free port: %w", err)
		}
		defer listener.Close()
		ports[name] = listener.Addr().(*net.TCPAddr).Port
	}
	return nil
}
