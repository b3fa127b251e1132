package storage

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gocloud.dev/blob"
	"gocloud.dev/blob/driver"
	"gocloud.dev/gcerrors"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// TestPlaceOnlyReads: the methods are exactly these, so that a new one has to
// be thought about, and the clients inside are seen through interfaces that
// have no writing method.
func TestPlaceOnlyReads(t *testing.T) {
	allowed := map[reflect.Type][]string{
		reflect.TypeFor[*Place]():     {"At", "Close", "Identity", "List", "ListPrefix", "Open", "Probe", "Read", "Stat", "Summarize", "Top", "Vantage"},
		reflect.TypeFor[Source]():     {"List", "Probe", "Read", "Stat", "Summarize"},
		reflect.TypeFor[reader]():     {"Close", "List", "NewRangeReader"},
		reflect.TypeFor[dialect]():    {"hidden", "refused"},
		reflect.TypeFor[s3Client]():   {"GetBucketVersioning", "GetObject", "ListMultipartUploads", "ListObjectVersions", "ListObjectsV2"},
		reflect.TypeFor[gcsObjects](): {"Get", "List"},
	}
	for kind, want := range allowed {
		var got []string
		for i := range kind.NumMethod() {
			got = append(got, kind.Method(i).Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s has the methods %q, want %q", kind, got, want)
		}
	}
	holders := []reflect.Type{
		reflect.TypeFor[Place](), reflect.TypeFor[store](), reflect.TypeFor[s3Dialect](), reflect.TypeFor[azureDialect](),
		reflect.TypeFor[gcsDialect](), reflect.TypeFor[s3Driver](), reflect.TypeFor[azureDriver](), reflect.TypeFor[gcsDriver](),
	}
	clients := []string{"*blob.Bucket", "*s3.Client", "*container.Client", "*storage.Service", "*storage.ObjectsService"}
	for _, holder := range holders {
		for i := range holder.NumField() {
			if field := holder.Field(i); slices.Contains(clients, field.Type.String()) {
				t.Errorf("field %s of %s is a client that can write", field.Name, holder)
			}
		}
	}
}

// TestTransportOnlyReads: a request that writes does not leave, whoever makes it.
func TestTransportOnlyReads(t *testing.T) {
	server := newFake(t, func(http.ResponseWriter, *http.Request) { t.Error("a request arrived") })
	connect, err := newTransport(testLocation(server.URL, "demo"), Options{TypedEndpoint: true}.withDefaults(), checkS3Answer)
	if err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{"PUT", "POST", "DELETE", "PATCH"} {
		req, err := http.NewRequestWithContext(t.Context(), method, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := connect.client().Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "only read") {
			t.Errorf("%s: %v", method, err)
		}
	}
}

// TestDriversOnlyRead: what gocloud.dev's bucket can do beside, ours refuse.
func TestDriversOnlyRead(t *testing.T) {
	for name, ours := range map[string]driver.Bucket{"S3": &s3Driver{}, "GCS": &gcsDriver{}, "Azure": &azureDriver{}} {
		bucket := blob.NewBucket(ours)
		_, attributes := bucket.Attributes(t.Context(), "x")
		_, signed := bucket.SignedURL(t.Context(), "x", nil)
		_, part := bucket.NewRangeReader(t.Context(), "x", 1, 1, nil)
		for what, err := range map[string]error{
			"WriteAll": bucket.WriteAll(t.Context(), "x", nil, &blob.WriterOptions{ContentType: "text/plain"}),
			"Copy":     bucket.Copy(t.Context(), "x", "y", nil), "Delete": bucket.Delete(t.Context(), "x"),
			"Attributes": attributes, "SignedURL": signed, "NewRangeReader": part,
		} {
			if gcerrors.Code(err) != gcerrors.Unimplemented || !errors.Is(err, errUnsupported) {
				t.Errorf("%s of %s: %v", what, name, err)
			}
		}
		if err := bucket.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestSourcesNameNoWrite looks at every identifier that is selected from
// something, such as client.PutObject.
func TestSourcesNameNoWrite(t *testing.T) {
	write := regexp.MustCompile(`^(Put|Delete|Create|Copy|Upload|Complete|Abort|Restore|Write|Rename|Remove|NewWriter|Presign|SignedURL)\w*`)
	// These write to memory: the text of an expression or of a format verb.
	harmless := []string{"WriteString"}
	selected := 0
	for _, name := range sources(t) {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			if selector, ok := call.Fun.(*ast.SelectorExpr); ok {
				selected++
				if write.MatchString(selector.Sel.Name) && !slices.Contains(harmless, selector.Sel.Name) {
					t.Errorf("%s calls %s", name, selector.Sel.Name)
				}
			}
			return true
		})
	}
	if selected < 50 {
		t.Errorf("only %d calls were looked at", selected)
	}
}

// TestOnlyTokensArePosted: what goes to Google's token endpoint is the one request that is no GET.
func TestOnlyTokensArePosted(t *testing.T) {
	for _, name := range sources(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range regexp.MustCompile(`http\.Method\w+`).FindAllString(string(text), -1) {
			if method != "http.MethodGet" && (method != "http.MethodPost" || name != "google_token.go") {
				t.Errorf("%s uses %s", name, method)
			}
		}
	}
}

// TestNoAmbientConfiguration: the sources import nothing that loads it.
func TestNoAmbientConfiguration(t *testing.T) {
	for _, name := range sources(t) {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imported := range file.Imports {
			path := strings.Trim(imported.Path.Value, `"`)
			if path == "os" || strings.HasPrefix(path, "github.com/aws/aws-sdk-go-v2/config") || strings.Contains(path, "imds") ||
				strings.Contains(path, "azidentity") || strings.HasPrefix(path, "gocloud.dev/blob/") && path != "gocloud.dev/blob/driver" || path == "golang.org/x/oauth2/google" || path == "cloud.google.com/go/auth" {
				t.Errorf("%s imports %s", name, path)
			}
		}
	}
}

func sources(t *testing.T) []string {
	t.Helper()
	all, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(name string) bool { return strings.HasSuffix(name, "_test.go") })
}

// TestNothingIsWritten runs every method against a server and looks at the
// methods of the requests that arrive.
func TestNothingIsWritten(t *testing.T) {
	methods, server := recordedMethods(t)
	place := openTest(t, testLocation(server, "demo"), Options{})
	_ = place.Probe(context.Background())
	_ = place.Summarize(context.Background(), 1)
	_ = place.List(context.Background(), func(backup.StoredObject) error { return nil })
	_, _ = place.Stat(context.Background(), "x")
	_, _ = place.Read(context.Background(), "x", 1)
	got := methods()
	if len(got) < 9 {
		t.Errorf("only %d requests arrived", len(got))
	}
	for _, method := range got {
		if method != "GET" {
			t.Errorf("a %s request was sent", method)
		}
	}
}
