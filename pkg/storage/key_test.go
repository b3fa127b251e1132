package storage

import (
	"path"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCleanPrefix(t *testing.T) {
	cases := []struct {
		in, want string
		bad      bool
	}{
		{"", "", false}, {"/", "", false}, {"///", "", false}, {"demo", "demo", false}, {"/a/b/", "a/b", false}, {"a//b", "a//b", false},
		{"..", "", true}, {"a/../b", "", true}, {"./a", "", true}, {"a\x00", "", true}, {"a\xff", "", true}, {strings.Repeat("a", 1025), "", true},
		{"a..b", "a..b", false},
	}
	for _, c := range cases {
		got, err := CleanPrefix(c.in)
		if got != c.want || (err != nil) != c.bad {
			t.Errorf("CleanPrefix(%q) is %q, %v", c.in, got, err)
		}
	}
}

func TestArea(t *testing.T) {
	folder, object, bucket := area{prefix: "demo"}, area{prefix: "demo", object: true}, area{}
	full := []struct {
		area area
		key  string
		want string // empty is an error
	}{
		{folder, "x", "demo/x"}, {folder, SelfKey, "demo"}, {folder, "a/b/", "demo/a/b/"}, {folder, "", ""}, {folder, "/x", ""},
		{folder, "../demo2/x", ""}, {folder, strings.Repeat("a", 1020), ""}, {object, SelfKey, "demo"}, {object, "x", ""},
		{bucket, "x", "x"}, {bucket, SelfKey, ""},
	}
	for _, c := range full {
		if got, err := c.area.full(c.key); got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("full(%q) in %+v is %q, %v", c.key, c.area, got, err)
		}
	}
	relative := []struct {
		area   area
		key    string
		want   string
		inside bool
	}{
		{folder, "demo/x", "x", true}, {folder, "demo", SelfKey, true}, {folder, "demo/", "/", true}, {folder, "demo2/x", "", false},
		{object, "demo", SelfKey, true}, {object, "demo/x", "", false}, {bucket, "x/y", "x/y", true},
	}
	for _, c := range relative {
		if got, inside := c.area.relative(c.key); got != c.want || inside != c.inside {
			t.Errorf("relative(%q) in %+v is %q, %v", c.key, c.area, got, inside)
		}
	}
}

func TestGlobs(t *testing.T) {
	cases := []struct {
		pattern, name string
		want          bool
	}{
		{"backupmeta", "backupmeta", true}, {"backupmeta", "x/backupmeta", false}, {"backupmeta", "backupmeta2", false},
		{"*.tgz", "a.tgz", true}, {"*.tgz", "a/b.tgz", false}, {"**.tgz", "a/b.tgz", true}, {"checkpoints/**", "checkpoints/a/b", true},
		{"checkpoints/**", "checkpoints2/a", false}, {"**/lock", "lock", true}, {"**/lock", "a/b/lock", true}, {"**/lock", "a/clock", false},
		{"v?/x", "v1/x", true}, {"v?/x", "v//x", false}, {"a.b", "axb", false}, {"[a](b)\\+$", "[a](b)\\+$", true}, {"x*", "x\ny", true},
	}
	for _, c := range cases {
		if got := compileGlobs([]string{c.pattern}).match(c.name); got != c.want {
			t.Errorf("%q matches %q: %v, want %v", c.pattern, c.name, got, c.want)
		}
	}
}

// FuzzKey: whatever the key, it stays below its prefix, also for a server that
// resolves dot segments.
func FuzzKey(f *testing.F) {
	for _, key := range []string{"x", ".", "..", "a/../../b", "/x", "a//b", "a/./b", "%2e%2e/x"} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		a := area{prefix: "demo"}
		full, err := a.full(key)
		if err != nil || key == SelfKey {
			return
		}
		if !strings.HasPrefix(full, "demo/") || !strings.HasPrefix(path.Clean(full)+"/", "demo/") {
			t.Errorf("key %q leaves the place: %q", key, full)
		}
		if relative, inside := a.relative(full); !inside || relative != key {
			t.Errorf("key %q comes back as %q", key, relative)
		}
	})
}

// FuzzPrefix: cleaning is stable and never widens the place.
func FuzzPrefix(f *testing.F) {
	for _, prefix := range []string{"", "/", "a", "/a/b/", "a//b", "a/../..", "..", "a/./"} {
		f.Add(prefix)
	}
	f.Fuzz(func(t *testing.T, prefix string) {
		cleaned, err := CleanPrefix(prefix)
		if err != nil {
			return
		}
		if again, err := CleanPrefix(cleaned); err != nil || again != cleaned {
			t.Errorf("%q, cleaned again, is %q, %v", cleaned, again, err)
		}
		if strings.Trim(prefix, "/") != "" && cleaned == "" || strings.HasPrefix(cleaned, "/") || strings.HasSuffix(cleaned, "/") {
			t.Errorf("%q became %q", prefix, cleaned)
		}
	})
}

// FuzzGlob: every pattern compiles, and one without wildcards matches itself alone.
func FuzzGlob(f *testing.F) {
	f.Add("checkpoints/**", "checkpoints/x")
	f.Add("a(b", "a(b")
	f.Fuzz(func(t *testing.T, pattern, name string) {
		matched := compileGlobs([]string{pattern}).match(name)
		_, exact := globStart(pattern)
		if exact && utf8.ValidString(pattern) && utf8.ValidString(name) && matched != (pattern == name) {
			t.Errorf("%q matches %q: %v", pattern, name, matched)
		}
	})
}
