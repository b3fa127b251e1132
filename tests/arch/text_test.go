package arch

import (
	"bytes"
	"regexp"
	"testing"
	"unicode/utf8"
)

// unwanted are texts that belong to one machine and to nobody who reads the
// repository. Brackets keep the patterns from matching themselves.
var unwanted = map[string]*regexp.Regexp{
	"a path of one machine":        regexp.MustCompile(`(^|[\s"'=:(,])/([w]ork|[r]oot)(/|["'\s)]|$)`),
	"a home folder":                regexp.MustCompile(`/[h]ome/[a-z][a-z0-9-]*/`),
	"the host of a registry":       regexp.MustCompile(`([p]roxy|[s]um)\.golang\.org|[r]egistry\.npmjs\.org|[d]eb\.debian\.org`),
	"unfinished work":              regexp.MustCompile(`\b([T]ODO|[F]IXME|[X]XX)\b`),
	"a private key":                regexp.MustCompile(`-----BEGIN [A-Z ]*[P]RIVATE KEY-----\\?\n?[A-Za-z0-9+/]{40}`),
	"a marker of a merge conflict": regexp.MustCompile(`(?m)^(<{7}|>{7}) `),
}

func TestNoUnwantedText(t *testing.T) {
	err := walk(func(path string, content []byte) error {
		if bytes.IndexByte(content, 0) >= 0 || !utf8.Valid(content) || path == "go.sum" {
			return nil
		}
		for what, pattern := range unwanted {
			if match := pattern.Find(content); match != nil {
				t.Errorf("%s holds %s: %q", path, what, match)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
