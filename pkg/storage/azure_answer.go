package storage

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// azureListing is what every answer of List Blobs holds (Azure Blob Storage REST API).
type azureListing struct {
	XMLName    xml.Name `xml:"EnumerationResults"`
	Container  string   `xml:"ContainerName,attr"`
	NextMarker string   `xml:"NextMarker"`
	Blobs      *struct {
		Blob []struct {
			Name     string `xml:"Name"`
			Modified string `xml:"Properties>Last-Modified"`
			Bytes    string `xml:"Properties>Content-Length"`
		} `xml:"Blob"`
	} `xml:"Blobs"`
}

// azureAnswers are the answers about a container.
type azureAnswers struct{ container string }

// check refuses what the client and its driver take for granted: that
// a listing is one, and which parts it has.
func (a azureAnswers) check(resp *http.Response) error {
	if err := redirected(resp); err != nil {
		return err
	}
	query := resp.Request.URL.Query()
	switch {
	case resp.StatusCode != http.StatusOK:
		return nil
	case query.Get("comp") != "list":
		if resp.Header.Get("Last-Modified") == "" {
			return &AnswerError{"the object has no time"}
		}
		return nil
	}
	document, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{bytes.NewReader(document), resp.Body}
	// Blobs of which nothing was committed may have no time.
	return a.checkListing(document, query.Get("marker"), query.Get("include") == "")
}

func (a azureAnswers) checkListing(document []byte, marker string, timed bool) error {
	var listed azureListing
	if err := xml.Unmarshal(document, &listed); err != nil || listed.Blobs == nil {
		return &AnswerError{"expected a list of blobs in XML"}
	}
	if listed.Container != a.container {
		return &AnswerError{"the listing is not that of the container"}
	}
	for _, entry := range listed.Blobs.Blob {
		switch {
		case entry.Name == "" || timed && entry.Modified == "":
			return &AnswerError{"the listing holds an object without key or time"}
		case entry.Bytes == "":
			return &AnswerError{"the listing holds a blob without size"}
		}
	}
	if listed.NextMarker != "" && listed.NextMarker == marker {
		return errNoWayOn()
	}
	return nil
}

// refused reads an error (Azure Storage REST API, "Common error codes" and
// "Blob service error codes").
func (d *azureDialect) refused(err error) error {
	var answer *azcore.ResponseError
	if !errors.As(err, &answer) || answer.RawResponse == nil {
		return err
	}
	var document struct {
		XMLName xml.Name `xml:"Error"`
		Code    string   `xml:"Code"`
		Message string   `xml:"Message"`
	}
	code := answer.ErrorCode
	r := &refusal{reason: reasonOfStatus(answer.StatusCode), text: answer.RawResponse.Status, cause: err}
	body, _ := io.ReadAll(answer.RawResponse.Body) // the client keeps it in memory
	if xml.Unmarshal(body, &document) == nil {
		code = document.Code
		message, _, _ := strings.Cut(document.Message, "\n") // the rest are the id and the time of the request
		r.text = refusalText(code, message)
		// azurite@3.35.0 says so with the code of a missing right.
		if strings.HasPrefix(message, "Server failed to authenticate") {
			code = "AuthenticationFailed"
		}
	} else if code != "" {
		r.text = code
	}
	r.objectMissing = answer.StatusCode == http.StatusNotFound
	switch code {
	case "ContainerNotFound":
		r.reason, r.bucketMissing, r.objectMissing = "", true, false
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
