package objectstore

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"
)

const (
	region  = "us-east-1"
	service = "s3"
)

// sign adds an AWS Signature Version 4 over method, path, query, host, time and body. Path and query are taken as
// they stand, so they must need no escaping.
func (c Client) sign(request *http.Request, body []byte, now time.Time) {
	bodyHash := sha256Hex(body)
	stamp := now.Format("20060102T150405Z")
	request.Header.Set("X-Amz-Date", stamp)
	request.Header.Set("X-Amz-Content-Sha256", bodyHash)

	const signed = "host;x-amz-content-sha256;x-amz-date"
	canonical := strings.Join([]string{
		request.Method,
		request.URL.Path,
		request.URL.RawQuery,
		"host:" + request.URL.Host,
		"x-amz-content-sha256:" + bodyHash,
		"x-amz-date:" + stamp,
		"",
		signed,
		bodyHash,
	}, "\n")

	day := stamp[:8]
	scope := strings.Join([]string{day, region, service, "aws4_request"}, "/")
	toSign := strings.Join([]string{"AWS4-HMAC-SHA256", stamp, scope, sha256Hex([]byte(canonical))}, "\n")
	key := []byte("AWS4" + c.SecretKey)
	for _, part := range []string{day, region, service, "aws4_request"} {
		key = hmacSHA256(key, part)
	}
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+c.AccessKey+"/"+scope+
		", SignedHeaders="+signed+", Signature="+hex.EncodeToString(hmacSHA256(key, toSign)))
}

func sha256Hex(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func hmacSHA256(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
