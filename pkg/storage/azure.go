package storage

import (
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// azureVersion is the version of the REST API: the first one that says which
// names are percent-encoded in a listing is 2021-02-12.
const azureVersion = "2021-12-02"

// azureSuffixes are where the accounts of Azure's clouds answer.
func azureSuffixes() []string {
	return []string{"blob.core.windows.net", "blob.core.chinacloudapi.cn", "blob.core.usgovcloudapi.net"}
}

var azureAccount = regexp.MustCompile(`^[a-z0-9]{3,24}$`)

// azureStore is a container of Azure Blob Storage, read through its REST API.
type azureStore struct {
	*rest
	container string
	// hierarchical is set when a listing showed that the account has a
	// hierarchical namespace, which hides what is deleted.
	hierarchical atomic.Bool
}

func newAzureStore(loc backup.Location, creds Credentials, opts Options) (store, func(), error) {
	endpoint, err := azureEndpoint(loc, creds)
	if err != nil {
		return nil, nil, err
	}
	if creds.secret == "" && !opts.TypedEndpoint && !ownHost(endpoint, azureSuffixes()...) {
		return nil, nil, &Fault{Reason: backup.ReasonCredentials, Text: "the endpoint is not one of Azure's: no shared access signature is sent there unless --storage-endpoint names it"}
	}
	if creds.id == "" {
		creds.id = accountOf(endpoint)
	}
	authorize, err := azureAuthorizer(creds, opts.Now)
	if err != nil {
		return nil, nil, err
	}
	client, connect, err := newRest(loc, opts, endpoint)
	if err != nil {
		return nil, nil, err
	}
	client.authorize, client.refuse = authorize, refusedByAzure
	return &azureStore{rest: client, container: loc.Bucket}, connect.close, nil
}

// azureEndpoint is the address of the account: the location's, the
// credentials', or that of the account in the cloud that the credentials name.
func azureEndpoint(loc backup.Location, creds Credentials) (string, error) {
	endpoint := loc.Endpoint
	if endpoint == "" {
		endpoint = creds.endpoint
	}
	if endpoint != "" {
		return cleanEndpoint(endpoint)
	}
	if !azureAccount.MatchString(creds.id) {
		return "", &Fault{Reason: backup.ReasonNoLocation, Text: "neither the location nor its credentials name a storage account"}
	}
	return "https://" + creds.id + "." + azureSuffixes()[0], nil
}

// accountOf is the account that an address of Azure names.
func accountOf(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil || !ownHost(endpoint, azureSuffixes()...) {
		return ""
	}
	account, _, _ := strings.Cut(u.Hostname(), ".")
	return account
}

func (s *azureStore) address() string { return s.base.String() }

// azureBlobs is the answer of List Blobs (Azure Blob Storage REST API).
type azureBlobs struct {
	XMLName    xml.Name    `xml:"EnumerationResults"`
	Container  string      `xml:"ContainerName,attr"`
	Blobs      []azureBlob `xml:"Blobs>Blob"`
	NextMarker string      `xml:"NextMarker"`
}

type azureBlob struct {
	Name struct {
		Encoded bool   `xml:"Encoded,attr"`
		Text    string `xml:",chardata"`
	} `xml:"Name"`
	Deleted   bool   `xml:"Deleted"`
	Snapshot  string `xml:"Snapshot"`
	Version   string `xml:"VersionId"`
	IsCurrent bool   `xml:"IsCurrentVersion"`
	Modified  string `xml:"Properties>Last-Modified"`
	Bytes     string `xml:"Properties>Content-Length"`
	// Type is "file" or "directory" in an account with a hierarchical namespace.
	Type string `xml:"Properties>ResourceType"`
}

// current tells a blob from its snapshots, earlier versions and deleted ones.
func (b azureBlob) current() bool {
	return !b.Deleted && b.Snapshot == "" && (b.Version == "" || b.IsCurrent)
}

// key is the name of the blob; that of a directory gets the slash of a folder.
func (b azureBlob) key() (string, error) {
	name := b.Name.Text
	if b.Name.Encoded {
		plain, err := url.PathUnescape(name)
		if err != nil {
			return "", &AnswerError{"the listing holds a name that cannot be decoded"}
		}
		name = plain
	}
	if b.Type == "directory" {
		name += "/"
	}
	return name, nil
}

func (b azureBlob) object() (backup.StoredObject, error) {
	key, err := b.key()
	if err != nil {
		return backup.StoredObject{}, err
	}
	object := backup.StoredObject{Key: key}
	if object.Bytes, err = strconv.ParseInt(b.Bytes, 10, 64); err != nil {
		return object, &AnswerError{"the listing holds a blob without size"}
	}
	if object.Modified, err = time.Parse(http.TimeFormat, b.Modified); err != nil {
		object.Modified = time.Time{}
	}
	return object, nil
}

func (s *azureStore) page(ctx context.Context, q query) (page, error) {
	listed, err := s.list(ctx, q, "")
	if err != nil {
		return page{}, err
	}
	answer := page{next: listed.NextMarker}
	for _, blob := range listed.Blobs {
		object, err := blob.object()
		if err != nil {
			return page{}, err
		}
		answer.objects = append(answer.objects, object)
	}
	return answer, nil
}

// list takes one page, of current blobs and of what include names beside them.
func (s *azureStore) list(ctx context.Context, q query, include string) (azureBlobs, error) {
	parameters := url.Values{"restype": {"container"}, "comp": {"list"}, "maxresults": {strconv.Itoa(int(q.keys))}}
	for name, value := range map[string]string{"prefix": q.prefix, "marker": q.token, "include": include} {
		if value != "" {
			parameters.Set(name, value)
		}
	}
	var listed azureBlobs
	document, err := s.document(ctx, "/"+url.PathEscape(s.container), parameters)
	if err != nil {
		return listed, err
	}
	if err := xml.Unmarshal(document, &listed); err != nil {
		return listed, &AnswerError{"expected a list of blobs in XML"}
	}
	if listed.Container != s.container {
		return listed, &AnswerError{"the listing is not that of the container"}
	}
	if slices.ContainsFunc(listed.Blobs, func(b azureBlob) bool { return b.Type != "" }) {
		s.hierarchical.Store(true)
	}
	return listed, nil
}

func (s *azureStore) open(ctx context.Context, key string) (io.ReadCloser, error) {
	var path strings.Builder
	for segment := range strings.SplitSeq(s.container+"/"+key, "/") {
		path.WriteString("/" + url.PathEscape(segment))
	}
	return s.object(ctx, path.String(), nil)
}

// refusedByAzure reads an error (Azure Storage REST API, "Common error codes"
// and "Blob service error codes").
func refusedByAzure(resp *http.Response, body []byte) *refusal {
	var document struct {
		XMLName xml.Name `xml:"Error"`
		Code    string   `xml:"Code"`
		Message string   `xml:"Message"`
	}
	code := resp.Header.Get("X-Ms-Error-Code")
	unproven := false
	r := &refusal{reason: reasonOfStatus(resp.StatusCode), text: resp.Status}
	if xml.Unmarshal(body, &document) == nil { //nolint:gosec // two strings of a text whose length is limited
		code = document.Code
		message, _, _ := strings.Cut(document.Message, "\n") // the rest are the id and the time of the request
		r.text = refusalText(code, message)
		// azurite@3.35.0 says so with the code of a missing right.
		unproven = strings.HasPrefix(message, "Server failed to authenticate")
	} else if code != "" {
		r.text = code
	}
	if unproven {
		code = "AuthenticationFailed"
	}
	switch code {
	case "ContainerNotFound":
		r.reason, r.bucketMissing = "", true
	case "AuthenticationFailed", "InvalidAuthenticationInfo", "NoAuthenticationInformation", "KeyBasedAuthenticationNotPermitted",
		"BlobUsesCustomerSpecifiedEncryption":
		r.reason = backup.ReasonCredentials
	case "AccountIsDisabled", "PublicAccessNotPermitted", "InsufficientAccountPermissions", "AuthorizationFailure":
		r.reason = backup.ReasonDenied
	case "OperationTimedOut":
		r.reason = backup.ReasonTimeout
	}
	return r
}
