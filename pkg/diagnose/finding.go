package diagnose

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// How many runes of a text that others wrote are kept: of an error in a title
// only the end, where chained errors say what really happened.
const (
	quoteLimit = 400
	gistLimit  = 160
)

func problem(code string, severity backup.Severity, subject backup.Ref, title string) backup.Finding {
	return backup.Finding{Code: code, Status: backup.StatusProblem, Severity: severity, Subject: subject, Title: title}
}

func fine(code string, subject backup.Ref, title string, proof ...backup.Proof) backup.Finding {
	return backup.Finding{Code: code, Status: backup.StatusOK, Subject: subject, Title: title, Proof: proof}
}

func unknown(code string, subject backup.Ref, title string, proof ...backup.Proof) backup.Finding {
	return backup.Finding{Code: code, Status: backup.StatusUnknown, Subject: subject, Title: title, Proof: proof}
}

func skipped(code string, subject backup.Ref, why string) backup.Finding {
	return backup.Finding{Code: code, Status: backup.StatusSkipped, Subject: subject, Title: why}
}

// one is the answer of a check that found one thing.
func one(f backup.Finding) []backup.Finding { return []backup.Finding{f} }

// unread says why a reading gave no knowledge.
func unread(what string, l backup.Lookup, err string) string {
	switch {
	case l == backup.Denied:
		return what + " may not be read by this user"
	case err != "":
		return what + " could not be read: " + shorten(err)
	case l == backup.Failed:
		return what + " could not be read"
	}
	return what + " was not looked at"
}

// oneLine makes one line of a text.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// requestIDs is what the AWS SDK for Go puts behind an error, for the provider.
var requestIDs = regexp.MustCompile(`,? ?status code: \d+, request id: [^\s,"\]]*(, host id: [^\s,"\]]*)?`)

// structured is the message, and the error behind it, of a line of logrus.
var structured = regexp.MustCompile(`\bmsg="((?:[^"\\]|\\.)*)"(?:.*?\berror="((?:[^"\\]|\\.)*)")?`)

// saying is what a line of a log says without its fields.
func saying(line string) string {
	found := structured.FindStringSubmatch(line)
	if found == nil {
		return line
	}
	if found[2] == "" {
		return found[1]
	}
	return found[1] + ": " + found[2]
}

// gist is the end of a long error text, for a title: there the innermost error
// stands. Of a log line of BR only its error counts.
func gist(text string) string {
	line := requestIDs.ReplaceAllString(oneLine(text), "")
	if _, inner, ok := strings.Cut(line, `[error="`); ok {
		line = strings.TrimRight(inner, `"]`)
	}
	line = strings.TrimSuffix(line, ".") // more of a sentence may follow
	if runes := []rune(line); len(runes) > gistLimit {
		return "…" + string(runes[len(runes)-gistLimit+1:])
	}
	return line
}

// shorten makes one line of bounded length of a text that others wrote.
func shorten(text string) string {
	line := oneLine(text)
	if runes := []rune(line); len(runes) > quoteLimit {
		return string(runes[:quoteLimit-1]) + "…"
	}
	return line
}

// span is a duration as people say it: "6s", "12m", "4h2m", "4d2h".
func span(d time.Duration) string {
	d = max(d, 0)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 24*time.Hour:
		return fmt.Sprintf("%dh%dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%dd%dh", int(d.Hours())/24, int(d.Hours())%24)
}

// counted is "1 object" or "3 objects".
func counted(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// bytesText is a size in binary units.
func bytesText(n int64) string {
	const unit = 1024
	if n < unit {
		return fmt.Sprintf("%d B", n)
	}
	value, exponent := float64(n)/unit, 0
	for value >= unit && exponent < 5 {
		value, exponent = value/unit, exponent+1
	}
	return fmt.Sprintf("%.1f %ciB", value, "KMGTPE"[exponent])
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
