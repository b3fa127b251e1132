package arch

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// clusterWrites are the calls of client-go that change a cluster, and
// storageWrites those of the storage libraries, storageClients, that change a bucket.
var (
	clusterWrites = []string{
		"Create", "Update", "UpdateStatus", "Patch", "Apply", "ApplyStatus", "Delete", "DeleteCollection", "Post", "Put",
	}
	storageWrites = []string{
		"PutObject", "DeleteObject", "DeleteObjects", "CopyObject", "CreateBucket", "DeleteBucket", "UploadPart",
		"CreateMultipartUpload", "CompleteMultipartUpload", "AbortMultipartUpload", "PutBucketVersioning", "UploadObject",
		"NewWriter", "WriteAll", "NewTypedWriter", "SignedURL", "Upload", "Copy", "Delete",
		"UploadBuffer", "UploadStream", "StageBlock", "CommitBlockList", "SetMetadata", "SetTier", "Undelete",
		"Insert", "Update", "Patch", "Compose", "Rewrite", "Restore", "BulkRestore",
	}
	storageClients = []string{
		"gocloud.dev", "github.com/aws/aws-sdk-go-v2", "github.com/Azure/azure-sdk-for-go", "google.golang.org/api", "cloud.google.com/go",
	}
)

// questions are requests that have to be POSTed and change nothing.
var questions = []string{
	"selfsubjectaccessreview", "selfsubjectaccessreviews", "selfsubjectreview", "selfsubjectreviews", "portforward", "exec",
}

// Only pkg/cluster/write holds calls that change a cluster. Types are not
// known here, so every file that imports a client is searched by name.
func TestOnlyOnePackageWrites(t *testing.T) {
	found := false
	for _, s := range sources(t) {
		if !s.ships() || !s.importsAny("k8s.io/client-go/dynamic", "k8s.io/client-go/rest", "k8s.io/client-go/kubernetes", "k8s.io/client-go/metadata") {
			continue
		}
		if s.in("pkg/cluster/write") {
			found = true
			continue
		}
		for _, call := range s.methodCalls(clusterWrites) {
			t.Errorf("%s calls %s: only pkg/cluster/write changes a cluster", s.path, call)
		}
	}
	if !found {
		t.Error("pkg/cluster/write imports no client: the rule looks at the wrong folder")
	}
}

// Nothing in the plugin writes to a bucket or deletes from one.
func TestNobodyWritesStorage(t *testing.T) {
	found := false
	for _, s := range sources(t) {
		if !s.ships() || !s.importsAny(storageClients...) {
			continue
		}
		found = true
		if !s.in("pkg/storage") {
			t.Errorf("%s imports a storage client: only pkg/storage reads object storage", s.path)
		}
		for _, call := range s.methodCalls(storageWrites) {
			t.Errorf("%s calls %s: storage is only read", s.path, call)
		}
	}
	if !found {
		t.Error("no file imports a storage client: the rule looks for the wrong modules")
	}
}

func (s source) importsAny(prefixes ...string) bool {
	for _, imported := range s.imports {
		if slices.ContainsFunc(prefixes, func(p string) bool { return imported == p || strings.HasPrefix(imported, p+"/") }) {
			return true
		}
	}
	return false
}

// methodCalls returns the calls of methods with one of the names, but for
// functions of an imported package and for questions.
func (s source) methodCalls(names []string) []string {
	var calls []string
	for _, decl := range s.file.Decls {
		function, ok := decl.(*ast.FuncDecl)
		if !ok || asks(function) {
			continue
		}
		ast.Inspect(function, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			selector, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains(names, selector.Sel.Name) {
				return true
			}
			if of, ok := selector.X.(*ast.Ident); !ok || s.imports[of.Name] == "" {
				calls = append(calls, function.Name.Name+": "+selector.Sel.Name)
			}
			return true
		})
	}
	return calls
}

// asks tells whether a function names the resource of a question: what it
// POSTs is that question.
func asks(function *ast.FuncDecl) bool {
	found := false
	ast.Inspect(function, func(n ast.Node) bool {
		text := ""
		switch n := n.(type) {
		case *ast.BasicLit:
			text = n.Value
		case *ast.Ident:
			text = n.Name
		}
		found = found || slices.Contains(questions, strings.ToLower(strings.Trim(text, `"`)))
		return !found
	})
	return found
}
