// Package pki makes the certificates and keys of the lab's cluster.
package pki

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Files that Write makes in its folder, PEM each.
const (
	Authority         = "ca.crt"
	ServingCert       = "serving.crt"
	ServingKey        = "serving.key"
	ServiceAccountKey = "service-account.key"
)

const lifetime = 10 * 365 * 24 * time.Hour

// Write makes a certificate authority, a serving certificate for loopback and the cluster's own names, and the
// key that signs service account tokens. The authority's key is not kept. Files that exist are left as they are.
func Write(folder string) error {
	if _, err := os.Stat(filepath.Join(folder, ServiceAccountKey)); err == nil {
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("create folder for certificates: %w", err)
	}
	authority, authorityKey, err := newAuthority()
	if err != nil {
		return fmt.Errorf("make certificate authority: %w", err)
	}
	if err := writePEM(folder, Authority, "CERTIFICATE", authority.Raw); err != nil {
		return err
	}
	if err := writeServing(folder, authority, authorityKey); err != nil {
		return fmt.Errorf("make serving certificate: %w", err)
	}
	// Written last: its presence says that the folder is complete.
	serviceAccountKey, err := newKey()
	if err != nil {
		return fmt.Errorf("make service account key: %w", err)
	}
	return writeKey(folder, ServiceAccountKey, serviceAccountKey)
}

func newAuthority() (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := newKey()
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "lab-ca"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(lifetime),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, nil, err
	}
	certificate, err := x509.ParseCertificate(raw)
	return certificate, key, err
}

func writeServing(folder string, authority *x509.Certificate, authorityKey *ecdsa.PrivateKey) error {
	key, err := newKey()
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2),
		Subject:      pkix.Name{CommonName: "lab"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(lifetime),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, authority, key.Public(), authorityKey)
	if err != nil {
		return err
	}
	if err := writePEM(folder, ServingCert, "CERTIFICATE", raw); err != nil {
		return err
	}
	return writeKey(folder, ServingKey, key)
}

func newKey() (*ecdsa.PrivateKey, error) {
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

func writeKey(folder, name string, key *ecdsa.PrivateKey) error {
	raw, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return fmt.Errorf("encode key: %w", err)
	}
	return writePEM(folder, name, "EC PRIVATE KEY", raw)
}

func writePEM(folder, name, kind string, raw []byte) error {
	block := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw})
	if err := os.WriteFile(filepath.Join(folder, name), block, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
