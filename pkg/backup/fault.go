package backup

import (
	"regexp"
	"strings"
)

// StorageFault is what an error text about object storage means. Texts come
// from conditions, logs and our own requests alike.
type StorageFault struct {
	Reason UnknownReason `json:"reason"`
	// BucketMissing is set for NoSuchBucket, which is an answer, not an error.
	BucketMissing bool `json:"bucketMissing,omitempty"`
	// RightRegion is the region that the server named.
	RightRegion string `json:"rightRegion,omitempty"`
	// Endpoint is the host and port that did not answer, where the text names it.
	Endpoint string `json:"endpoint,omitempty"`
	// Quote is the line of the text that says it.
	Quote string `json:"quote,omitempty"`
}

// faultPatterns are tried in order over the lower-cased text. The words are
// those of Go's net package, of the AWS SDKs v1 and v2 and of S3 error codes.
var faultPatterns = []struct {
	reason UnknownReason
	words  []string
}{
	{ReasonWrongRegion, []string{"authorizationheadermalformed", "permanentredirect", "is wrong; expecting", "bucketregionerror", "incorrect region"}},
	{ReasonTLS, []string{"x509:", "tls: ", "certificate", "http: server gave http response to https client", "http response to https"}},
	{ReasonCredentials, []string{"invalidaccesskeyid", "signaturedoesnotmatch", "expiredtoken", "invalidtoken", "nocredentialproviders", "no ec2 imds role", "get credentials", "static credentials are empty", "requesttimetooskewed", "no valid providers in chain"}},
	{ReasonDenied, []string{"accessdenied", "access denied", "forbidden", "status code: 403", "statuscode: 403", "permissiondenied", "allaccessdisabled"}},
	{ReasonUnreachable, []string{"connection refused", "no such host", "no route to host", "network is unreachable", "connection reset", "server misbehaving", "eof"}},
	{ReasonTimeout, []string{"i/o timeout", "context deadline exceeded", "client.timeout", "requesttimeout", "tls handshake timeout", "timed out"}},
}

var (
	expectingRegion = regexp.MustCompile(`(?i)expecting '?"?([a-z]{2}[a-z0-9-]+\d)`)
	regionTag       = regexp.MustCompile(`<Region>([a-z0-9-]+)</Region>`)
	dialTarget      = regexp.MustCompile(`dial tcp:? (?:lookup )?([^\s:]+(?::\d+)?)`)
	urlHost         = regexp.MustCompile(`https?://([^/\s"']+)`)
)

// ClassifyStorageError says what an error text means, or nil if it speaks of no
// storage fault that is known.
func ClassifyStorageError(text string) *StorageFault {
	low := strings.ToLower(text)
	if strings.Contains(low, "nosuchbucket") || strings.Contains(low, "bucket does not exist") {
		return &StorageFault{BucketMissing: true, Quote: quote(text, "bucket")}
	}
	for _, pattern := range faultPatterns {
		for _, word := range pattern.words {
			if !strings.Contains(low, word) {
				continue
			}
			return &StorageFault{
				Reason: pattern.reason, Quote: quote(text, word),
				RightRegion: firstGroup(text, expectingRegion, regionTag),
				Endpoint:    firstGroup(text, urlHost, dialTarget),
			}
		}
	}
	return nil
}

// quote is the line of the text that holds the word.
func quote(text, word string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(strings.ToLower(line), word) {
			return strings.TrimSpace(line)
		}
	}
	return strings.TrimSpace(text)
}

func firstGroup(text string, patterns ...*regexp.Regexp) string {
	for _, p := range patterns {
		if m := p.FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	return ""
}
