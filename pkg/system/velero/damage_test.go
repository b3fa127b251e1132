package velero

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// all reads as much as there is.
var all = Options{Contents: ContentsAlways, CountLog: true}

// Each file, spoilt in each way, shows in its state and nowhere as an empty list.
func TestEachFileDamaged(t *testing.T) {
	t.Parallel()
	for _, file := range readShop(t, shop(t), all).Files {
		if file.State == backup.FileMissing {
			continue
		}
		plain := file.Role == backup.FileObject
		for name, c := range map[string]struct {
			spoil func(data []byte) []byte
			want  backup.FileState
		}{
			"deleted":   {func([]byte) []byte { return nil }, backup.FileMissing},
			"emptied":   {func([]byte) []byte { return []byte{} }, backup.FileEmpty},
			"truncated": {func(data []byte) []byte { return data[:len(data)/2] }, backup.FileTruncated},
			"shorter":   {func(data []byte) []byte { return data[:len(data)-3] }, backup.FileTruncated},
			"other":     {func([]byte) []byte { return []byte("<Error>no</Error>") }, backup.FileCorrupt},
			"flipped":   {flip, backup.FileCorrupt},
		} {
			if plain && name == "flipped" {
				continue
			}
			t.Run(string(file.Role)+"/"+name, func(t *testing.T) {
				t.Parallel()
				f := shop(t)
				f[file.Key] = c.spoil(bytes.Clone(f[file.Key]))
				if f[file.Key] == nil {
					delete(f, file.Key)
				}
				archive := readShop(t, f, all)
				got := archive.File(file.Role)
				if got.State != c.want {
					t.Errorf("%s (%s), want %s", got.State, got.Detail, c.want)
				}
				if c.want != backup.FileMissing && got.Detail == "" {
					t.Error("nothing says why")
				}
				if file.Role == backup.FileVolumes && archive.VolumesRead == backup.Yes {
					t.Error("the volumes count as read")
				}
			})
		}
	}
}

// flip spoils the checksum at the end of a compressed file.
func flip(data []byte) []byte {
	data[len(data)-6] ^= 0xff
	return data
}

func TestDecodingRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body string
		want backup.FileState
	}{
		"not a list":     {`{"a":1}`, backup.FileCorrupt},
		"a wrong entry":  {`["text"]`, backup.FileCorrupt},
		"half":           {`[{"pvcName":"a"`, backup.FileTruncated},
		"nothing":        {"", backup.FileEmpty},
		"two values":     {`[] []`, backup.FileCorrupt},
		"null":           {"null\n", backup.FileSound},
		"an empty list":  {"[]\n", backup.FileSound},
		"no JSON at all": {"hello", backup.FileCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket := files{"f.gz": zippedText(t, c.body)}.bucket(t)
			_, err := readVolumeInfo(t.Context(), bucket, "f.gz", 1<<20)
			if got, detail := state(err); got != c.want {
				t.Errorf("list: %s (%s), want %s", got, detail, c.want)
			}
			_, err = readResources(t.Context(), bucket, "f.gz", 1<<20)
			want := c.want
			if name == "not a list" || name == "an empty list" || name == "half" {
				want = backup.FileCorrupt // neither names kinds
			}
			if got, detail := state(err); got != want {
				t.Errorf("kinds: %s (%s), want %s", got, detail, want)
			}
		})
	}
}

// The sizes of files in which nothing is, as listings of real buckets show them
// (velero issues 6810 and 7663): bytes alone do not tell that a file holds something.
func TestSizesOfNothing(t *testing.T) {
	t.Parallel()
	nothing := map[string]any{"errors": map[string]any{}, "warnings": map[string]any{}}
	for want, data := range map[int][]byte{29: zipped(t, nil), 27: zipped(t, []any{}), 49: zipped(t, nothing), 23: zippedText(t, "")} {
		if len(data) != want {
			t.Errorf("%d bytes, want %d", len(data), want)
		}
	}
}

// A file that unpacks to more than is read ends with an error and not with memory.
func TestBombs(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	writer := gzip.NewWriter(&bomb)
	_, _ = io.WriteString(writer, `{"v1/Pod":["`)
	for range 64 {
		_, _ = writer.Write(bytes.Repeat([]byte(" "), 1<<20))
	}
	_ = writer.Close()
	f := shop(t)
	for key := range f {
		if strings.HasPrefix(key, "backups/shop/") && strings.HasSuffix(key, ".gz") {
			f[key] = bomb.Bytes()
		}
	}
	f["backups/shop/velero-backup.json"] = bytes.Repeat([]byte(" "), 2<<20)
	limits := Limits{Object: 1 << 20, List: 1 << 20, Contents: 1 << 20, Item: 1 << 20, Log: 1 << 20}
	archive := readShop(t, f, Options{Contents: ContentsAlways, CountLog: true, Limits: limits})
	for _, file := range archive.Files {
		// A string that never ends is already no list of objects.
		if file.State != backup.FileMissing && file.State != backup.FileTooLarge && file.State != backup.FileCorrupt {
			t.Errorf("%s is %s", file.Role, file.State)
		}
	}
	for _, role := range []backup.FileRole{backup.FileObject, backup.FileLog, backup.FileResources} {
		if got := archive.File(role).State; got != backup.FileTooLarge {
			t.Errorf("%s is %s", role, got)
		}
	}
}

// A connection that breaks is not a file that is cut off.
func TestBrokenConnection(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	whole := zipped(t, shopResources())
	bucket := oneObject(func() io.Reader {
		return io.MultiReader(bytes.NewReader(whole[:len(whole)/2]), failing{broken})
	})
	_, err := readResources(t.Context(), bucket, "x", 1<<20)
	if got, detail := state(err); got != backup.FileUnread || !errors.Is(err, broken) {
		t.Errorf("%s: %s", got, detail)
	}
}

// failing is a reader that gives an error.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// oneObject is a bucket in which every key is the same object.
type oneObject func() io.Reader

func (o oneObject) Open(context.Context, string) (io.ReadCloser, error) {
	return io.NopCloser(o()), nil
}

func (o oneObject) List(context.Context, string, func(backup.StoredObject) error) error { return nil }

func (o oneObject) Stat(context.Context, string) (backup.StoredObject, error) {
	return backup.StoredObject{}, nil
}

func TestTarballThatLeadsElsewhere(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"resources/pods/namespaces/../../x.json", "resources/../x.json", `resources/pods/cluster/..\x.json`} {
		f := shop(t)
		f["backups/shop/shop.tar.gz"] = tarball(t, entry{path, object{}})
		archive := readShop(t, f, all)
		if file := archive.File(backup.FileContents); file.State != backup.FileCorrupt || !strings.Contains(file.Detail, "leads elsewhere") {
			t.Errorf("%s: %s (%s)", path, file.State, file.Detail)
		}
	}
}

func TestItemOf(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]Item{
		"resources/pods/namespaces/a/b.json":                                     {Resource: "pods", Namespace: "a", Name: "b"},
		"resources/deployments.apps/v1-preferredversion/namespaces/a/b.json":     {Resource: "deployments.apps", Namespace: "a", Name: "b", Version: "v1-preferredversion"},
		"resources/clusterroles.rbac.authorization.k8s.io/cluster/system:x.json": {Resource: "clusterroles.rbac.authorization.k8s.io", Name: "system:x"},
		"metadata/other":                   {},
		"resources/pods/namespaces/a.json": {},
		"resources/pods/x/y/z.json":        {},
	} {
		got, known, err := itemOf(path)
		if err != nil || got != want && known || known != (want != Item{}) {
			t.Errorf("%s: %+v, %t, %v", path, got, known, err)
		}
	}
}
