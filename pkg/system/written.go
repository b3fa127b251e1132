package system

import (
	"regexp"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// nothingTells is the source of a record that neither an object nor a log settles.
const nothingTells = "nothing in the object's record tells"

// longestQuote is how many characters of a line a source quotes; BR's errors
// carry stack traces.
const longestQuote = 400

// written reads the record of writing from the object alone: the first rule
// that holds. An answer that is unknown without a source is open: the log of
// the run may still settle it.
func (r *reader) written(s *scope) backup.Written {
	if len(r.spec.Written) == 0 {
		return backup.Written{}
	}
	open := false
	for i, rule := range r.spec.Written {
		holds, ok := s.holds("written", rule.When)
		if !ok {
			return backup.Written{Source: "the record could not be evaluated"}
		}
		if !holds {
			continue
		}
		source, _ := s.text("written.source", rule.Source)
		if len(rule.Patterns) == 0 {
			return backup.Written{Answer: answer(rule.Is), Source: source}
		}
		message, ok := s.text("written.message", rule.Message)
		if !ok {
			return backup.Written{Source: "the record could not be evaluated"}
		}
		if line, found := matchingLine(strings.Split(message, "\n"), r.patterns[i]); found {
			return backup.Written{Answer: answer(rule.Is), Source: joinSource(source, line)}
		}
		open = open || rule.Log != "" && rule.Is == "no"
	}
	if open {
		return backup.Written{}
	}
	return backup.Written{Source: nothingTells}
}

// Written judges the record of writing again with the logs that were collected
// into the object's works. What the object itself tells stays, except that a
// log which shows writing outweighs a record that denies it.
func (k *Kind) Written(o backup.Object) backup.Written {
	if o.Written.Answer == backup.Yes || len(k.reader.spec.Written) == 0 {
		return o.Written
	}
	for i, rule := range k.reader.spec.Written {
		if rule.Log == "" || rule.Is != "yes" {
			continue
		}
		for _, pod := range podsOf(o, rule.Log) {
			if line, found := matchingLine(lines(pod), k.reader.patterns[i]); found {
				return fromLog(backup.Yes, pod, line)
			}
		}
	}
	if o.Written.Answer == backup.No || o.Written.Source != "" {
		return o.Written
	}
	for i, rule := range k.reader.spec.Written {
		if rule.Log == "" || rule.Is != "no" {
			continue
		}
		if w, ok := deniedByLogs(o, rule.Log, k.reader.patterns[i]); ok {
			return w
		}
	}
	return backup.Written{Source: nothingTells}
}

// deniedByLogs tells whether the logs prove that nothing was written: every pod
// is known, its log was read, and each says so.
func deniedByLogs(o backup.Object, role backup.WorkRole, patterns []*regexp.Regexp) (backup.Written, bool) {
	for _, w := range o.Works {
		if w.Role == role && w.PodsLookup != backup.Found && w.PodsLookup != backup.Absent {
			return backup.Written{}, false
		}
	}
	var proof backup.Written
	for _, pod := range podsOf(o, role) {
		line, found := matchingLine(lines(pod), patterns)
		if !found {
			return backup.Written{}, false
		}
		proof = fromLog(backup.No, pod, line)
	}
	return proof, proof.Answer == backup.No
}

func podsOf(o backup.Object, role backup.WorkRole) []backup.Pod {
	var out []backup.Pod
	for _, w := range o.Works {
		if w.Role == role {
			out = append(out, w.Pods...)
		}
	}
	return out
}

func lines(pod backup.Pod) []string {
	if pod.Log == nil || pod.Log.Lookup != backup.Found {
		return nil
	}
	return pod.Log.Lines
}

func matchingLine(lines []string, patterns []*regexp.Regexp) (string, bool) {
	for _, line := range lines {
		for _, pattern := range patterns {
			if pattern.MatchString(line) {
				return strings.TrimSpace(line), true
			}
		}
	}
	return "", false
}

func fromLog(a backup.Answer, pod backup.Pod, line string) backup.Written {
	return backup.Written{Answer: a, Source: joinSource("log of pod "+pod.Ref.Name, line)}
}

func joinSource(source, line string) string {
	if runes := []rune(line); len(runes) > longestQuote {
		line = string(runes[:longestQuote]) + "…"
	}
	if source == "" {
		return line
	}
	return source + ": " + line
}

func answer(word string) backup.Answer {
	switch word {
	case "yes":
		return backup.Yes
	case "no":
		return backup.No
	}
	return backup.Unknown
}
