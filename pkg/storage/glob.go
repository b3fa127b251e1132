package storage

import (
	"regexp"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// globs matches names against any of several patterns.
type globs []*regexp.Regexp

func compileGlobs(patterns []string) globs {
	compiled := make(globs, 0, len(patterns))
	for _, pattern := range patterns {
		compiled = append(compiled, regexp.MustCompile(globExpression(pattern)))
	}
	return compiled
}

func (g globs) match(name string) bool {
	for _, expression := range g {
		if expression.MatchString(name) {
			return true
		}
	}
	return false
}

// globExpression translates `**/` to any number of folders, `**` to anything,
// `*` to anything but a slash and `?` to one such character. All other
// characters stand for themselves, so the expression always compiles.
func globExpression(pattern string) string {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for rest := pattern; rest != ""; {
		switch {
		case strings.HasPrefix(rest, "**/"):
			b.WriteString(`(?:.*/)?`)
			rest = rest[3:]
		case strings.HasPrefix(rest, "**"):
			b.WriteString(`.*`)
			rest = rest[2:]
		case rest[0] == '*':
			b.WriteString(`[^/]*`)
			rest = rest[1:]
		case rest[0] == '?':
			b.WriteString(`[^/]`)
			rest = rest[1:]
		default:
			end := strings.IndexAny(rest, "*?")
			if end < 0 {
				end = len(rest)
			}
			b.WriteString(regexp.QuoteMeta(strings.ToValidUTF8(rest[:end], "\uFFFD")))
			rest = rest[end:]
		}
	}
	b.WriteString(`\z`)
	return b.String()
}

// globStart is what every match of the pattern starts with; exact tells that
// the pattern has no wildcard.
func globStart(pattern string) (start string, exact bool) {
	if i := strings.IndexAny(pattern, "*?"); i >= 0 {
		return pattern[:i], false
	}
	return pattern, true
}

// markers are the compiled globs of a profile.
type markers struct {
	complete, residue, locks globs
	known                    bool
}

func compileMarkers(m backup.Markers) markers {
	return markers{
		complete: compileGlobs(m.Complete),
		residue:  compileGlobs(m.Residue),
		locks:    compileGlobs(m.Locks),
		// A profile that names a completion marker knows the layout.
		known: m.Known || len(m.Complete) > 0,
	}
}
