package write

import (
	"errors"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

var (
	testUID   = backup.PatchOp{Op: "test", Path: "/metadata/uid", Value: "u"}
	testFirst = backup.PatchOp{Op: "test", Path: "/metadata/finalizers/0", Value: "f"}
	dropFirst = backup.PatchOp{Op: "remove", Path: "/metadata/finalizers/0"}
)

func op(name, path string) backup.PatchOp { return backup.PatchOp{Op: name, Path: path, Value: "v"} }

func TestCheckPatch(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ops     []backup.PatchOp
		allowed bool
	}{
		"strip":                       {[]backup.PatchOp{testUID, testFirst, dropFirst}, true},
		"a field":                     {[]backup.PatchOp{testUID, op("replace", "/spec/cleanPolicy")}, true},
		"a label":                     {[]backup.PatchOp{testUID, op("add", "/metadata/labels/a~1b")}, true},
		"a field of a like name":      {[]backup.PatchOp{testUID, op("add", "/metadata/finalizersX")}, true},
		"nothing":                     {nil, false},
		"tests only":                  {[]backup.PatchOp{testUID}, false},
		"no tests":                    {[]backup.PatchOp{op("replace", "/spec/x")}, false},
		"no test of the uid":          {[]backup.PatchOp{testFirst, dropFirst}, false},
		"an empty uid":                {[]backup.PatchOp{{Op: "test", Path: "/metadata/uid", Value: ""}, op("replace", "/spec/x")}, false},
		"all finalizers":              {[]backup.PatchOp{testUID, op("remove", "/metadata/finalizers")}, false},
		"all finalizers, replaced":    {[]backup.PatchOp{testUID, op("replace", "/metadata/finalizers")}, false},
		"all metadata":                {[]backup.PatchOp{testUID, op("replace", "/metadata")}, false},
		"the whole object":            {[]backup.PatchOp{testUID, op("replace", "")}, false},
		"an untested finalizer":       {[]backup.PatchOp{testUID, dropFirst}, false},
		"tested only afterwards":      {[]backup.PatchOp{testUID, dropFirst, testFirst}, false},
		"another one tested":          {[]backup.PatchOp{testUID, testFirst, op("remove", "/metadata/finalizers/1")}, false},
		"two finalizers":              {[]backup.PatchOp{testUID, testFirst, dropFirst, testFirst, dropFirst}, false},
		"a finalizer replaced":        {[]backup.PatchOp{testUID, testFirst, op("replace", "/metadata/finalizers/0")}, false},
		"a finalizer added":           {[]backup.PatchOp{testUID, op("add", "/metadata/finalizers/-")}, false},
		"the last finalizer, by dash": {[]backup.PatchOp{testUID, op("test", "/metadata/finalizers/-"), op("remove", "/metadata/finalizers/-")}, false},
		"a move":                      {[]backup.PatchOp{testUID, op("move", "/spec/x")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := checkPatch(c.ops)
			if (err == nil) != c.allowed || err != nil && !errors.Is(err, ErrRefused) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// FuzzCheckPatch holds that no path but that of the tested finalizer reaches the
// list of finalizers.
func FuzzCheckPatch(f *testing.F) {
	f.Add("remove", "/metadata/finalizers/0")
	f.Add("replace", "/metadata/finalizers")
	f.Add("add", "/metadata~1finalizers")
	f.Fuzz(func(t *testing.T, name, path string) {
		err := checkPatch([]backup.PatchOp{testUID, testFirst, {Op: name, Path: path, Value: "v"}})
		if err != nil {
			return
		}
		reaches := strings.HasPrefix(path, "/metadata/finalizers/") || strings.HasPrefix("/metadata/finalizers/", path+"/")
		if reaches && (name != "remove" || path != testFirst.Path) {
			t.Errorf("%s of %q was allowed", name, path)
		}
	})
}
