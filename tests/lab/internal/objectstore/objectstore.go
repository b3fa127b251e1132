// Package objectstore prepares the lab's S3 server: buckets, versioning and an account.
package objectstore

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

// Client signs requests to an S3 server with an access key.
type Client struct {
	// Endpoint is a URL with scheme and host.
	Endpoint  string
	AccessKey string
	SecretKey string
}

// CreateBucket makes a bucket; one that is there already is fine.
func (c Client) CreateBucket(ctx context.Context, bucket string) error {
	return c.do(ctx, http.MethodPut, "/"+bucket, "", nil, http.StatusConflict)
}

// EnableVersioning makes the bucket keep the old versions of its objects.
func (c Client) EnableVersioning(ctx context.Context, bucket string) error {
	body := []byte(`<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>`)
	return c.do(ctx, http.MethodPut, "/"+bucket, "versioning=", body)
}

// PutObject writes an object. The key must need no escaping in a URL.
func (c Client) PutObject(ctx context.Context, bucket, key string, content []byte) error {
	return c.do(ctx, http.MethodPut, "/"+bucket+"/"+key, "", content)
}

// CreateAccount makes an account without any rights on the buckets of others; one that is there already is
// fine. The request is versitygw's own: github.com/versity/versitygw@v1.8.0 s3api/admin-router.go.
func (c Client) CreateAccount(ctx context.Context, accessKey, secretKey string) error {
	body, err := xml.Marshal(struct {
		XMLName xml.Name `xml:"Account"`
		Access  string
		Secret  string
		Role    string
	}{Access: accessKey, Secret: secretKey, Role: "user"})
	if err != nil {
		return fmt.Errorf("encode account: %w", err)
	}
	return c.do(ctx, http.MethodPatch, "/create-user", "", body, http.StatusConflict)
}

func (c Client) do(ctx context.Context, method, path, query string, body []byte, accepted ...int) error {
	url := c.Endpoint + path
	if query != "" {
		url += "?" + query
	}
	request, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	c.sign(request, body, time.Now().UTC())
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask the S3 server: %w", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 4096))
	if err != nil {
		return fmt.Errorf("read the answer of the S3 server: %w", err)
	}
	if response.StatusCode/100 == 2 || slices.Contains(accepted, response.StatusCode) {
		return nil
	}
	return fmt.Errorf("%s %s: the S3 server answers %s: %s", method, path, response.Status, answer)
}
