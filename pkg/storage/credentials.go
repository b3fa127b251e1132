package storage

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Credentials are static keys for object storage. Whatever prints them sees
// only the name of their source. The zero value holds none.
type Credentials struct {
	provider string // a provider of backup.Location
	// S3: access key id, secret access key and session token. Google: e-mail,
	// private key in PEM and its id. Azure: account, account key, and the shared
	// access signature where there is no key.
	id, secret, token string
	endpoint          string // what a connection string of Azure names
	identity          string
}

// Identity names the source: "Secret tidb-test/s3-secret".
func (c Credentials) Identity() string { return c.identity }

// Empty tells that there are no keys to sign with.
func (c Credentials) Empty() bool {
	if c.provider == backup.ProviderAzure { // the endpoint may name the account
		return c.secret == "" && c.token == ""
	}
	return c.id == "" || c.secret == ""
}

// String is the identity; the values are never shown.
func (c Credentials) String() string {
	if c.identity == "" {
		return "no credentials"
	}
	return "credentials of " + c.identity
}

// GoString is the same as String, so that %#v shows no value.
func (c Credentials) GoString() string { return c.String() }

// Format writes String for every verb.
func (c Credentials) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// MarshalJSON writes the identity alone.
func (c Credentials) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"identity": c.identity})
}

// LogValue keeps the values out of structured logs.
func (c Credentials) LogValue() slog.Value { return slog.StringValue(c.String()) }

// hide replaces the values in a text that came from a server or a library.
func (c Credentials) hide(text string) string {
	values := []string{c.secret, c.token}
	switch c.provider {
	case backup.ProviderS3:
		values = append(values, c.id)
	case backup.ProviderAzure:
		if query, err := url.ParseQuery(c.token); err == nil {
			values = append(values, query.Get("sig"), url.QueryEscape(query.Get("sig")))
		}
	}
	for _, value := range values {
		// A shorter value would be found inside ordinary words.
		if len(value) >= 4 {
			text = strings.ReplaceAll(text, value, "***")
		}
	}
	return text
}

// CredentialsError says why credentials cannot be used from here. It never
// quotes a value.
type CredentialsError struct {
	// Source names where they were looked for.
	Source string
	// Problem is a lower-case phrase: "key access_key is missing".
	Problem string
}

// Error is the source and the problem. That it is about credentials is said by
// the reason of the verdict.
func (e *CredentialsError) Error() string {
	if e.Source == "" {
		return e.Problem
	}
	return e.Source + ": " + e.Problem
}

// newCredentials checks values for S3 that were read from a source. A line break
// inside one would end up in a header.
func newCredentials(source, id, secret, token string) (Credentials, error) {
	named := []struct{ name, value string }{{"access key id", id}, {"secret access key", secret}, {"session token", token}}
	for i, v := range named {
		if v.value == "" && i < 2 {
			return Credentials{}, &CredentialsError{source, "the " + v.name + " is empty"}
		}
		if hasControl(v.value) {
			return Credentials{}, &CredentialsError{source, "the " + v.name + " holds a control character"}
		}
	}
	return Credentials{provider: backup.ProviderS3, id: id, secret: secret, token: token, identity: source}, nil
}
