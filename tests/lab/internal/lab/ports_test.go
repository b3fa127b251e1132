package lab

import (
	"fmt"
	"net"
	"testing"
)

func TestPickPorts(t *testing.T) {
	const kept = 6443
	ports := map[string]int{portAPIServer: kept}
	if err := pickPorts(ports, portNames[:]); err != nil {
		t.Fatal(err)
	}
	if ports[portAPIServer] != kept {
		t.Errorf("a known port became %d", ports[portAPIServer])
	}
	used := map[int]string{}
	for _, name := range portNames {
		port := ports[name]
		if other, twice := used[port]; twice {
			t.Errorf("%s and %s got the same port %d", name, other, port)
		}
		used[port] = name
		if name == portAPIServer {
			continue
		}
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			t.Errorf("port of %s is not free: %v", name, err)
			continue
		}
		listener.Close()
	}
}
