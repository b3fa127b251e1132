package storage

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// readGoogleKey takes the key of a service account from its JSON file. Its
// addresses are not used. Files of another type say how to get a token
// elsewhere (a command, a metadata service, another account) and are refused.
func readGoogleKey(source string, file []byte) (Credentials, error) {
	var key struct {
		Type     string `json:"type"`
		Email    string `json:"client_email"`
		ID       string `json:"private_key_id"`
		Key      string `json:"private_key"`
		Universe string `json:"universe_domain"`
	}
	if err := json.Unmarshal(file, &key); err != nil {
		// The parser's error may quote the text.
		return Credentials{}, &CredentialsError{source, "the key file is not JSON"}
	}
	switch {
	case key.Type != "service_account":
		return Credentials{}, &CredentialsError{source, fmt.Sprintf("a key file of type %s, which is not followed", googleType(key.Type))}
	case key.Universe != "" && key.Universe != "googleapis.com":
		return Credentials{}, &CredentialsError{source, "the service account is of another cloud than Google's public one"}
	case key.Email == "" || key.Key == "":
		return Credentials{}, &CredentialsError{source, "the key file holds no client_email or no private_key"}
	case hasControl(key.Email + key.ID):
		return Credentials{}, &CredentialsError{source, "the key file holds a control character"}
	}
	if err := checkGoogleKey(source, key.Key); err != nil {
		return Credentials{}, err
	}
	return Credentials{provider: backup.ProviderGCS, id: key.Email, secret: key.Key, token: key.ID, identity: source}, nil
}

// googleType names a type that is known, so that no other text of the file is shown.
func googleType(name string) string {
	switch name {
	case "authorized_user", "external_account", "external_account_authorized_user", "impersonated_service_account", "gdch_service_account":
		return name
	}
	return "unknown"
}

// checkGoogleKey looks at a private key in PEM: PKCS #8, as Google writes it, or PKCS #1.
func checkGoogleKey(source, text string) error {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return &CredentialsError{source, "the private key is not PEM"}
	}
	if _, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return nil
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if _, ok := parsed.(*rsa.PrivateKey); err != nil || !ok {
		return &CredentialsError{source, "the private key is not an RSA key"}
	}
	return nil
}

func hasControl(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f })
}
