package redact

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// rounds bounds how often the rules run over their own result. Taking one
// secret out can lay bare the next; two rounds are usual.
const rounds = 8

// Text takes secrets out of free text: an error, a log line, a document.
func Text(s string) string {
	for range rounds {
		before, words := s, folded(s)
		for _, r := range rules {
			if r.mayMatch(words) {
				s = r.pattern.ReplaceAllString(s, r.with)
			}
		}
		if containsAny(words, namedNeeds) {
			s = maskNamed(s)
		}
		if s == before {
			break
		}
	}
	return s
}

// rule replaces what its pattern finds.
type rule struct {
	pattern *regexp.Regexp
	with    string
	// needs are texts, in lower case, of which each match holds one.
	needs []string
}

// folded is a text in lower case, in which rules look for what they need before
// their pattern runs: most log lines hold nothing of it, and a pattern takes a
// thousand times as long. Beyond ASCII patterns know more forms of a letter
// than this does, so that such a text is empty here and every pattern runs.
func folded(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return ""
		}
	}
	return strings.ToLower(s)
}

func (r rule) mayMatch(words string) bool { return containsAny(words, r.needs) }

func containsAny(words string, needs []string) bool {
	return words == "" || slices.ContainsFunc(needs, func(need string) bool { return strings.Contains(words, need) })
}

// rules know a secret by its own form.
var rules = []rule{
	// Private keys, whole, cut at the end, or cut at the start.
	{regexp.MustCompile(`(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\z)`), Mask, []string{"private key-----"}},
	{regexp.MustCompile(`(?:[A-Za-z0-9+/=]+(?:\s|\\n)+)*-----END [A-Z0-9 ]*PRIVATE KEY-----`), Mask, []string{"private key-----"}},
	// The base64 of "-----BEGIN" and of "AKIA".
	{regexp.MustCompile(`\bLS0tLS1CRUdJTi[A-Za-z0-9+/=_-]+`), Mask, []string{"ls0tls1crudjti"}},
	{regexp.MustCompile(`\bQUtJQ[A-Za-z0-9+/_-]{18,}={0,2}`), Mask, []string{"qutjq"}},
	// scheme://user:password@host and the DSN user:password@tcp(host).
	{regexp.MustCompile(`(?i)\b([a-z][a-z0-9+.-]*://)[^\s/?#@"'<>]+@`), "${1}" + Mask + "@", []string{"@"}},
	{regexp.MustCompile(`[^\s:@/"'=*]+:[^\s@"']+@(tcp|unix)\(`), Mask + "@${1}(", []string{"@tcp(", "@unix("}},
	// JSON web tokens, Google access tokens.
	{regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?`), Mask, []string{"eyj"}},
	{regexp.MustCompile(`\bya29\.[A-Za-z0-9_.-]+`), Mask, []string{"ya29."}},
	// The ids of AWS keys and the keys of Ceph clients.
	{regexp.MustCompile(`\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b`), Mask, []string{"akia", "asia", "aroa", "aida"}},
	{regexp.MustCompile(`\bAQ[A-Za-z0-9+/]{36,38}==`), Mask, []string{"=="}},
	// Authorization headers, also as Go prints a header map.
	{regexp.MustCompile(`(?i)(authorization["']?\s*[:=]\s*["']?(?:map)?\[?["']?(?:bearer|basic|digest|negotiate|token|aws|sharedkey(?:lite)?)\s+)[^\s"',\]]+`), "${1}" + Mask, []string{"authorization"}},
	{regexp.MustCompile(`(?i)(\bbearer\s+)[a-z0-9._~+/-]{16,}=*`), "${1}" + Mask, []string{"bearer"}},
}

// strong names are those whose value is secret however it is written; weak ones
// are also words of plain sentences and count only before "=".
const (
	strong = `secret[-_]?(?:access[-_]?)?key|access[-_]?key(?:[-_]?id)?|account[-_]?key|private[-_]?key(?:[-_]?id)?|api[-_]?key|` +
		`sse[-_]?customer[-_]?key|shared[-_]?access[-_]?(?:key|signature)|` +
		`(?:session|security|access|refresh|id|auth|sas|bearer)[-_]?token|client[-_]?secret|passphrase|password|passwd|` +
		`x-(?:amz|goog)-(?:signature|credential|security-token)`
	weak  = `token|secret|signature|sig|credential|pwd`
	value = `"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s&,;"'(){}\[\]<>\\]+`
)

// named finds a value by the name before it: name=value, "name": "value",
// --name value, and the environment {"name": "X_TOKEN", "value": "…"}. The
// second group is the value.
var named = regexp.MustCompile(`(?i)(` +
	`(?:[a-z0-9_.-]*(?:` + strong + `)\\*["']?\s*[=:]\s*)` +
	`|(?:(?:^|[^a-z0-9])(?:` + weak + `)=)` +
	`|(?:--?(?:[a-z0-9_.-]*[-_.])?(?:` + strong + `)\s+)` +
	`|(?:name\\*["']?\s*[:=]\s*\\*["']?[a-z0-9_.-]*(?:` + strong + `|token|secret|password)\\*["']?\s*,?\s*\\*["']?value\\*["']?\s*[:=]\s*)` +
	`)(\\+"[^"\\]*\\+"|` + value + `)`)

// namedNeeds are parts of names, one of which is in each that named finds.
var namedNeeds = []string{"key", "token", "secret", "sig", "credential", "pass", "pwd"}

// maskNamed masks the values and keeps their names and quotes.
func maskNamed(s string) string {
	var out strings.Builder
	end := 0
	for _, at := range named.FindAllStringSubmatchIndex(s, -1) {
		from, to := trimQuotes(s, at[4], at[5])
		if from >= to || isProse(s[at[2]:at[3]], s[at[4]:at[5]]) {
			continue
		}
		out.WriteString(s[end:from])
		out.WriteString(Mask)
		end = to
	}
	return out.String() + s[end:]
}

// isProse tells a sentence ("InvalidAccessKeyId: The id does not exist") from a
// key and its value ("accessKeyId: 4f9a…"). Passwords may be plain words.
func isProse(name, value string) bool {
	name = strings.ToLower(strings.TrimRight(name, " \t\r\n"))
	return strings.HasSuffix(name, ":") && !strings.Contains(name, "pass") && len(value) < 20 &&
		!strings.ContainsAny(value, "0123456789"+quotes+Mask)
}

// trimQuotes narrows s[from:to] to what stands between its quotes.
func trimQuotes(s string, from, to int) (int, int) {
	for from < to && strings.IndexByte(quotes, s[from]) >= 0 {
		from++
	}
	for from < to && strings.IndexByte(quotes, s[to-1]) >= 0 {
		to--
	}
	return from, to
}

const quotes = "\\\"'"
