package storage

import (
	"net/http"
	"net/url"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
)

// azureVersion is the version of the REST API, which servers other than
// Azure's own also know: the first one that says which names are
// percent-encoded in a listing is 2021-02-12.
const azureVersion = "2021-12-02"

// newAzureClient makes a client that signs with the account's key, or hands
// over a shared access signature where there is no key.
func newAzureClient(endpoint, name string, creds Credentials, connect *transport) (*container.Client, error) {
	options := &container.ClientOptions{ClientOptions: azcore.ClientOptions{
		Transport:       connect.client(),
		PerCallPolicies: []policy.Policy{azureVersionPolicy{}},
		Telemetry:       policy.TelemetryOptions{Disabled: true},
		// A probe counts its requests, so nothing is asked again in it.
		Retry: policy.RetryOptions{MaxRetries: 1, MaxRetryDelay: connect.timeout, ShouldRetry: func(resp *http.Response, err error) bool {
			return err == nil && busy(resp.StatusCode) && counted(resp.Request.Context()) == nil
		}},
	}}
	address := endpoint + "/" + url.PathEscape(name)
	if creds.secret == "" {
		signature, err := url.ParseQuery(creds.token)
		if err != nil {
			return nil, &CredentialsError{creds.identity, "the shared access signature is not a query"}
		}
		return container.NewClientWithNoCredential(address+"?"+signature.Encode(), options)
	}
	account := creds.id
	if account == "" {
		account = accountOf(endpoint)
	}
	if account == "" {
		return nil, &CredentialsError{creds.identity, "no storage account is named for the key"}
	}
	key, err := container.NewSharedKeyCredential(account, creds.secret)
	if err != nil {
		return nil, &CredentialsError{creds.identity, "the account key is not base64"}
	}
	return container.NewClientWithSharedKeyCredential(address, key, options)
}

// azureVersionPolicy asks for the version of the REST API before the request is signed.
type azureVersionPolicy struct{}

// Do implements policy.Policy.
func (azureVersionPolicy) Do(req *policy.Request) (*http.Response, error) {
	header := req.Raw().Header
	delete(header, "x-ms-version") // as the client spells its own
	header.Set("X-Ms-Version", azureVersion)
	return req.Next()
}
