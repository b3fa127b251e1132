package storage

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"time"
)

// Dial opens a connection, such as one through a port-forward.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// AddressRefusedError is an address that an object must not make this machine
// dial: its own, a link-local one or that of a cloud's metadata service.
type AddressRefusedError struct{ Address string }

// Error names the address.
func (e *AddressRefusedError) Error() string {
	return "address " + e.Address + " is loopback, link-local or a metadata service: refused"
}

// metadataAddresses serve credentials or machine data outside the link-local
// ranges: Amazon EC2 over IPv6, Alibaba Cloud, Azure's wire server, Oracle Cloud.
func metadataAddresses() []netip.Addr {
	return []netip.Addr{
		netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("100.100.100.200"),
		netip.MustParseAddr("168.63.129.16"), netip.MustParseAddr("192.0.0.192"),
	}
}

// guard refuses to connect to forbidden addresses. It sees the address that is
// really dialled, after names were resolved.
type guard struct{ allowLoopback bool }

func (g guard) dialer(timeout time.Duration) *net.Dialer {
	return &net.Dialer{Timeout: timeout, Control: func(_, address string, _ syscall.RawConn) error {
		ip, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("dial: %w", err)
		}
		return g.check(ip.Addr())
	}}
}

func (g guard) check(ip netip.Addr) error {
	ip = embeddedIPv4(ip.WithZone("").Unmap())
	switch {
	case ip.IsLoopback() && g.allowLoopback:
		return nil
	case ip.IsLoopback(), ip.IsUnspecified(), ip.IsMulticast(), ip.IsLinkLocalUnicast():
		return &AddressRefusedError{ip.String()}
	}
	for _, metadata := range metadataAddresses() {
		if ip == metadata {
			return &AddressRefusedError{ip.String()}
		}
	}
	return nil
}

// checkHost judges a host that a proxy would resolve and dial for us. Only its
// spelling can be judged from here.
func (g guard) checkHost(host string) error {
	if ip, err := netip.ParseAddr(host); err == nil {
		return g.check(ip)
	}
	name := strings.TrimSuffix(strings.ToLower(host), ".")
	if (name == "localhost" || strings.HasSuffix(name, ".localhost")) && !g.allowLoopback {
		return &AddressRefusedError{host}
	}
	return nil
}

// embeddedIPv4 is the IPv4 address that a NAT64 gateway would reach (RFC 6052).
func embeddedIPv4(ip netip.Addr) netip.Addr {
	if netip.MustParsePrefix("64:ff9b::/96").Contains(ip) {
		bytes := ip.As16()
		return netip.AddrFrom4([4]byte(bytes[12:]))
	}
	return ip
}
