package storage

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func azureTestCredentials(t *testing.T) Credentials {
	t.Helper()
	creds, err := azureParts{account: "account", key: "c2VjcmV0S2V5"}.credentials("Secret tidb/azure")
	if err != nil {
		t.Fatal(err)
	}
	return creds
}

// azureFake opens a place at a fake of Azure Blob Storage, whose handler is told what
// a listing includes beside the current blobs.
func azureFake(t *testing.T, prefix string, handler func(w http.ResponseWriter, include string)) *Place {
	t.Helper()
	return azureFakeWith(t, prefix, Options{}, handler)
}

func azureFakeWith(t *testing.T, prefix string, opts Options, handler func(w http.ResponseWriter, include string)) *Place {
	t.Helper()
	server := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		if version := r.Header.Values("X-Ms-Version"); len(version) != 1 || version[0] != azureVersion {
			t.Errorf("version %q of the API", version)
		}
		if r.Method != http.MethodGet || !strings.HasPrefix(r.Header.Get("Authorization"), "SharedKey account:") {
			t.Errorf("%s %s, authorization %q", r.Method, r.URL, r.Header.Get("Authorization"))
		}
		handler(w, r.URL.Query().Get("include"))
	})
	loc := backup.Location{Provider: backup.ProviderAzure, Bucket: testBucket, Prefix: prefix, Endpoint: server.URL, Markers: tidbMarkers()}
	opts.TypedEndpoint, opts.Now = true, testNow
	place, err := Open(loc, azureTestCredentials(t), opts)
	if err != nil {
		t.Fatal(err)
	}
	return place
}

// azureList is an answer of List Blobs.
func azureList(marker string, blobs ...string) string {
	return "\ufeff" + `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="https://account.blob.core.windows.net/" ContainerName="backups"><Blobs>` +
		strings.Join(blobs, "") + "</Blobs><NextMarker>" + marker + "</NextMarker></EnumerationResults>"
}

func azureEntry(name, extra string, bytes int, properties string) string {
	return fmt.Sprintf("<Blob><Name>%s</Name>%s<Properties><Last-Modified>Sat, 21 Nov 2026 11:59:00 GMT</Last-Modified>"+
		"<Content-Length>%d</Content-Length>%s</Properties></Blob>", name, extra, bytes, properties)
}

// TestAzureHidden plays what Azurite does not keep: versions, deleted blobs and
// accounts with a hierarchical namespace.
func TestAzureHidden(t *testing.T) {
	const versions, blocks = "deleted,snapshots,versions", "uncommittedblobs"
	folder := "<ResourceType>directory</ResourceType>"
	cases := []struct {
		name    string
		answers map[string]string
		want    backup.VerdictClass
		reason  backup.UnknownReason
		lock    string
		old     int64
	}{
		{name: "nothing", want: backup.VerdictEmpty},
		{name: "an earlier version", answers: map[string]string{versions: azureList("", azureEntry("demo/1.sst", "<VersionId>1</VersionId>", 5, ""))}, want: backup.VerdictHidden, old: 1},
		{name: "a deleted blob", answers: map[string]string{versions: azureList("", azureEntry("demo/1.sst", "<Deleted>true</Deleted>", 5, ""))}, want: backup.VerdictHidden, old: 1},
		{name: "a snapshot", answers: map[string]string{versions: azureList("", azureEntry("demo/1.sst", "<Snapshot>2026</Snapshot>", 5, ""))}, want: backup.VerdictHidden, old: 1},
		{name: "a deleted lock", answers: map[string]string{versions: azureList("", azureEntry("demo/backup.lock", "<Deleted>true</Deleted>", 5, ""))}, want: backup.VerdictResidue, old: 1},
		{name: "written since the listing", answers: map[string]string{versions: azureList("", azureEntry("demo/1.sst", "<VersionId>2</VersionId><IsCurrentVersion>true</IsCurrentVersion>", 5, ""))}, want: backup.VerdictPartial},
		{name: "versions go on", answers: map[string]string{versions: azureList("next")}, want: backup.VerdictHidden},
		{name: "blocks without a time", answers: map[string]string{blocks: azureList("", "<Blob><Name>demo/1.sst</Name><Properties><Content-Length>0</Content-Length></Properties></Blob>")},
			want: backup.VerdictResidue, lock: "1.sst"},
		{name: "a folder of a hierarchical namespace", answers: map[string]string{"": azureList("", azureEntry("demo", "", 0, folder))}, want: backup.VerdictHidden},
		{name: "an empty page that goes on", answers: map[string]string{"": azureList("next")}, want: backup.VerdictUnknown, reason: backup.ReasonCutShort},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			v := azureFake(t, "demo", func(w http.ResponseWriter, include string) {
				answer, there := c.answers[include]
				if !there {
					answer = azureList("")
				}
				_, _ = fmt.Fprint(w, answer)
			}).Probe(t.Context())
			if v.Class != c.want || v.Reason != c.reason || v.FreshLock != c.lock || v.OldVersions.Objects != c.old {
				t.Errorf("got %s/%s, lock %q, %+v (%s)", v.Class, v.Reason, v.FreshLock, v.OldVersions, v.Detail)
			}
			if v.Requests > maxProbeRequests {
				t.Errorf("%d requests", v.Requests)
			}
		})
	}
}

// TestAzureHierarchy: where folders are blobs, an empty one is no data, and
// what is deleted stays unknown.
func TestAzureHierarchy(t *testing.T) {
	folder := "<ResourceType>directory</ResourceType>"
	v := azureFake(t, "demo", func(w http.ResponseWriter, _ string) {
		_, _ = fmt.Fprint(w, azureList("", azureEntry("demo/1", "", 0, folder)))
	}).Probe(t.Context())
	if v.Class != backup.VerdictHidden || v.Versions != backup.Failed || !strings.Contains(v.Detail, "hierarchical") {
		t.Errorf("got %s, versions %q (%s)", v.Class, v.Versions, v.Detail)
	}
}

// TestAzureEncodedNames: a name that XML cannot hold arrives percent-encoded.
func TestAzureEncodedNames(t *testing.T) {
	place := azureFake(t, "demo", func(w http.ResponseWriter, _ string) {
		entry := strings.Replace(azureEntry("demo/a%EF%BF%BE%25", "", 1, ""), "<Name>", `<Name Encoded="true">`, 1)
		_, _ = fmt.Fprint(w, azureList("", entry, azureEntry("demo/b%25", "", 1, "")))
	})
	var got []string
	err := place.walk(t.Context(), "demo/", pageSize, func(key string, _ backup.StoredObject) error {
		got = append(got, key)
		return nil
	})
	if err != nil || !slices.Equal(got, []string{"demo/a\ufffe%", "demo/b%25"}) {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestAzureFaults(t *testing.T) {
	cases := []struct {
		name   string
		status int
		body   string
		want   backup.VerdictClass
		reason backup.UnknownReason
		detail string
	}{
		{"no such container", 404, errorBody("ContainerNotFound", "The specified container does not exist.\nRequestId:1"), backup.VerdictBucketMissing, "", "does not exist."},
		{"not found is no missing container", 404, errorBody("ResourceNotFound", "x"), backup.VerdictUnknown, backup.ReasonOther, "ResourceNotFound"},
		{"wrong key", 403, errorBody("AuthenticationFailed", "x"), backup.VerdictUnknown, backup.ReasonCredentials, "AuthenticationFailed"},
		{"firewall", 403, errorBody("AuthorizationFailure", "x"), backup.VerdictUnknown, backup.ReasonDenied, "AuthorizationFailure"},
		{"keys switched off", 409, errorBody("KeyBasedAuthenticationNotPermitted", "x"), backup.VerdictUnknown, backup.ReasonCredentials, "KeyBased"},
		{"denied without body", 403, "", backup.VerdictUnknown, backup.ReasonDenied, "403"},
		{"busy", 503, errorBody("ServerBusy", "x"), backup.VerdictUnknown, backup.ReasonOther, "ServerBusy"},
		{"a page for people", 200, "<html>log in</html>", backup.VerdictUnknown, backup.ReasonOther, "list of blobs"},
		{"another container", 200, strings.Replace(azureList(""), `"backups"`, `"other"`, 1), backup.VerdictUnknown, backup.ReasonOther, "not that of the container"},
		{"a key outside the prefix", 200, azureList("", azureEntry("demo2/x", "", 1, "")), backup.VerdictUnknown, backup.ReasonOther, "outside the prefix"},
		{"a blob without size", 200, strings.Replace(azureList("", azureEntry("demo/x", "", 1, "")), "Content-Length", "x", 2), backup.VerdictUnknown, backup.ReasonOther, "without size"},
		{"a blob without time", 200, strings.ReplaceAll(azureList("", azureEntry("demo/x", "", 1, "")), "Last-Modified", "x"), backup.VerdictUnknown, backup.ReasonOther, "without key or time"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			v := azureFake(t, "demo", func(w http.ResponseWriter, _ string) {
				w.WriteHeader(c.status)
				_, _ = fmt.Fprint(w, c.body)
			}).Probe(t.Context())
			if v.Class != c.want || v.Reason != c.reason || v.Requests != 1 || !strings.Contains(v.Detail, c.detail) {
				t.Errorf("got %s/%s after %d requests (%s)", v.Class, v.Reason, v.Requests, v.Detail)
			}
		})
	}
}
