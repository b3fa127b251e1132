package storage

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// azureAuthorizer signs with the account's key, or hands over a shared access
// signature where there is no key.
func azureAuthorizer(creds Credentials, now func() time.Time) (func(*http.Request) error, error) {
	if creds.secret == "" {
		signature, err := url.ParseQuery(creds.token)
		if err != nil {
			return nil, &CredentialsError{creds.identity, "the shared access signature is not a query"}
		}
		return func(req *http.Request) error {
			req.Header.Set("X-Ms-Version", azureVersion)
			query := req.URL.Query()
			for name, values := range signature {
				query[name] = values
			}
			req.URL.RawQuery = query.Encode()
			return nil
		}, nil
	}
	key, err := base64.StdEncoding.DecodeString(creds.secret)
	if err != nil {
		return nil, &CredentialsError{creds.identity, "the account key is not base64"}
	}
	if creds.id == "" {
		return nil, &CredentialsError{creds.identity, "no storage account is named for the key"}
	}
	return func(req *http.Request) error {
		req.Header.Set("X-Ms-Version", azureVersion)
		req.Header.Set("X-Ms-Date", now().UTC().Format(http.TimeFormat))
		mac := hmac.New(sha256.New, key)
		_, _ = io.WriteString(mac, stringToSign(req, creds.id))
		req.Header.Set("Authorization", "SharedKey "+creds.id+":"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
		return nil
	}, nil
}

// stringToSign is that of a GET request without body, range and conditions
// (Azure Storage, "Authorize with Shared Key", the Blob service).
func stringToSign(req *http.Request, account string) string {
	var headers []string
	for name, values := range req.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-ms-") {
			headers = append(headers, lower+":"+strings.TrimSpace(strings.Join(values, ","))+"\n")
		}
	}
	slices.Sort(headers)
	var resource []string
	for name, values := range req.URL.Query() {
		slices.Sort(values)
		resource = append(resource, "\n"+strings.ToLower(name)+":"+strings.Join(values, ","))
	}
	slices.Sort(resource)
	// Eleven standard headers, none of which is sent, stand after the method.
	return req.Method + "\n" + strings.Repeat("\n", 11) + strings.Join(headers, "") + "/" + account + req.URL.EscapedPath() + strings.Join(resource, "")
}
