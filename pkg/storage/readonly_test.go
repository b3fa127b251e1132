package storage

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// TestPlaceOnlyReads: the methods are exactly these, so that a new one has to
// be thought about, and the clients inside are seen through interfaces that
// have no writing method.
func TestPlaceOnlyReads(t *testing.T) {
	allowed := map[reflect.Type][]string{
		reflect.TypeFor[*Place]():   {"Close", "List", "ListPrefix", "Open", "Probe", "Read", "Stat", "Summarize"},
		reflect.TypeFor[Source]():   {"List", "Probe", "Read", "Stat", "Summarize"},
		reflect.TypeFor[store]():    {"address", "hidden", "open", "page"},
		reflect.TypeFor[s3Client](): {"GetBucketVersioning", "GetObject", "ListMultipartUploads", "ListObjectVersions", "ListObjectsV2"},
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
	for _, holder := range []reflect.Type{reflect.TypeFor[Place](), reflect.TypeFor[s3Store]()} {
		for i := range holder.NumField() {
			if field := holder.Field(i); strings.HasSuffix(field.Type.String(), "s3.Client") {
				t.Errorf("field %s is a client that can write", field.Name)
			}
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

// TestOnlyTokensArePosted: the one request that is no GET goes to Google's token endpoint.
func TestOnlyTokensArePosted(t *testing.T) {
	for _, name := range sources(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range regexp.MustCompile(`http\.Method\w+`).FindAllString(string(text), -1) {
			if method != "http.MethodGet" && (method != "http.MethodPost" || name != "gcs_token.go") {
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
			if path == "os" || strings.HasPrefix(path, "github.com/aws/aws-sdk-go-v2/config") || strings.Contains(path, "imds") {
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
