package storage

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// gcsEndpoint is where Google Cloud Storage answers unless a location says otherwise.
const gcsEndpoint = "https://storage.googleapis.com"

// gcsStore is a bucket of Google Cloud Storage, read through its JSON API v1.
type gcsStore struct {
	*rest
	bucket string
}

func newGCSStore(loc backup.Location, creds Credentials, opts Options) (store, func(), error) {
	endpoint, err := cleanEndpoint(loc.Endpoint)
	if err != nil {
		return nil, nil, err
	}
	// Clients of Google take the endpoint with the path of the API.
	if endpoint = strings.TrimSuffix(endpoint, "/storage/v1"); endpoint == "" {
		endpoint = gcsEndpoint
	}
	if !opts.TypedEndpoint && !ownHost(endpoint, "googleapis.com") {
		return nil, nil, &Fault{Reason: backup.ReasonCredentials, Text: "the endpoint is not one of Google's: no token is sent there unless --storage-endpoint names it"}
	}
	client, connect, err := newRest(loc, opts, endpoint)
	if err != nil {
		return nil, nil, err
	}
	tokens, err := newTokenSource(creds, opts)
	if err != nil {
		return nil, nil, err
	}
	s := &gcsStore{rest: client, bucket: loc.Bucket}
	client.refuse = s.refused
	client.authorize = func(req *http.Request) error {
		token, err := tokens.token(req.Context())
		if err == nil {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		return err
	}
	idle := func() { connect.close(); tokens.connect.close() }
	return s, idle, nil
}

// objects is the path of the list of objects.
func (s *gcsStore) objects() string { return "/storage/v1/b/" + url.PathEscape(s.bucket) + "/o" }

func (s *gcsStore) address() string { return s.base.String() }

// gcsObjects is the list of objects (Cloud Storage JSON API v1, "Objects: list").
type gcsObjects struct {
	Kind          string      `json:"kind"`
	NextPageToken string      `json:"nextPageToken"`
	Items         []gcsObject `json:"items"`
}

type gcsObject struct {
	Bucket      string    `json:"bucket"`
	Name        string    `json:"name"`
	Size        string    `json:"size"`
	TimeCreated time.Time `json:"timeCreated"` // of this generation, so that metadata changes it not
	TimeDeleted time.Time `json:"timeDeleted"` // set for a noncurrent generation
	SoftDeleted time.Time `json:"softDeleteTime"`
}

// gcsFields keeps everything out of the answer that is not used.
const gcsFields = "kind,nextPageToken,items(bucket,name,size,timeCreated,timeDeleted,softDeleteTime)"

func (s *gcsStore) page(ctx context.Context, q query) (page, error) {
	items, next, err := s.list(ctx, q, "")
	if err != nil {
		return page{}, err
	}
	answer := page{next: next}
	for _, item := range items {
		answer.objects = append(answer.objects, backup.StoredObject{Key: item.Name, Bytes: item.bytes(), Modified: item.TimeCreated})
	}
	return answer, nil
}

// list takes one page, of current objects or of those that an option names.
func (s *gcsStore) list(ctx context.Context, q query, option string) (items []gcsObject, next string, err error) {
	parameters := url.Values{"maxResults": {strconv.Itoa(int(q.keys))}, "fields": {gcsFields}, "projection": {"noAcl"}}
	for name, value := range map[string]string{"prefix": q.prefix, "pageToken": q.token} {
		if value != "" {
			parameters.Set(name, value)
		}
	}
	if option != "" {
		parameters.Set(option, "true")
	}
	document, err := s.document(ctx, s.objects(), parameters)
	if err != nil {
		return nil, "", err
	}
	var listed gcsObjects
	if err := json.Unmarshal(document, &listed); err != nil || listed.Kind != "storage#objects" {
		return nil, "", &AnswerError{"expected a list of objects in JSON"}
	}
	for _, item := range listed.Items {
		if item.Bucket != s.bucket || item.bytes() < 0 {
			return nil, "", &AnswerError{"the listing holds an object of another bucket or without size"}
		}
	}
	return listed.Items, listed.NextPageToken, nil
}

// bytes is negative where the answer holds no size.
func (o gcsObject) bytes() int64 {
	n, err := strconv.ParseInt(o.Size, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

func (s *gcsStore) open(ctx context.Context, key string) (io.ReadCloser, error) {
	return s.object(ctx, s.objects()+"/"+url.PathEscape(key), url.Values{"alt": {"media"}})
}

// refused reads an error of the JSON API (Cloud Storage, "HTTP status and error
// codes"). The list of objects is not found only where there is no bucket.
func (s *gcsStore) refused(resp *http.Response, body []byte) *refusal {
	var document struct {
		Error struct {
			Code    int    `json:"code"`
			Message string `json:"message"`
			Errors  []struct {
				Reason string `json:"reason"`
			} `json:"errors"`
		} `json:"error"`
	}
	r := &refusal{reason: reasonOfStatus(resp.StatusCode), text: resp.Status}
	if json.Unmarshal(body, &document) != nil || document.Error.Code == 0 {
		return r
	}
	reason := ""
	if len(document.Error.Errors) > 0 {
		reason = document.Error.Errors[0].Reason
	}
	r.text = refusalText(reason, document.Error.Message)
	switch {
	case resp.StatusCode == http.StatusUnauthorized, strings.Contains(reason, "EncryptedWithCustomerEncryptionKey"):
		r.reason = backup.ReasonCredentials
	case resp.StatusCode == http.StatusNotFound && strings.HasSuffix(resp.Request.URL.EscapedPath(), s.objects()):
		r.reason, r.bucketMissing = "", true
	}
	return r
}
