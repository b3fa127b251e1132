package cluster

import (
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"
)

func TestUnreachableIsTheNetworkOnly(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"nobody listens": {&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, true},
		"a file":         {fmt.Errorf("journal: %w", &os.PathError{Op: "mkdir", Path: "x", Err: syscall.ENOTDIR}), false},
	} {
		if got := IsUnreachable(c.err); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
