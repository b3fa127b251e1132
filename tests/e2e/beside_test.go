//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// beside: `beside THEIRS OURS…` wants every fact that Velero's own command printed
// into THEIRS in each of OURS. THEIRS is JSON, of which each value and each name
// counts, or text, of which each word counts that is a name or a number.
func beside(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: beside THEIRS OURS…")
	}
	theirs := ts.ReadFile(args[0])
	facts := factsOfText(theirs)
	if strings.HasPrefix(strings.TrimSpace(theirs), "{") {
		var parsed any
		ts.Check(json.Unmarshal([]byte(theirs), &parsed))
		facts = factsOfJSON(parsed)
	}
	if len(facts) < 20 {
		ts.Fatalf("%s holds only %d facts", args[0], len(facts))
	}
	for _, file := range args[1:] {
		ours := ts.ReadFile(file)
		for _, fact := range facts {
			if !holds(ours, fact) {
				ts.Fatalf("%s says %q, and %s does not:\n%s", args[0], fact, file, ours)
			}
		}
	}
}

// named are the parts of Velero's JSON whose keys are names and not labels.
var named = []string{"resourceList", "csiSnapshots", "nativeSnapshots", "resources", "namespace", "labels", "annotations", "orderedResources"}

// factsOfJSON are the values, and the keys that are names. The label selector of
// a hook has the key "resources", too, and labels below it that say nothing more.
func factsOfJSON(value any) []string {
	var facts []string
	var walk func(key string, value any)
	walk = func(key string, value any) {
		switch v := value.(type) {
		case map[string]any:
			for name, below := range v {
				if slices.Contains(named, key) && !slices.Contains([]string{"included", "excluded", "clusterScoped"}, name) {
					facts = append(facts, name)
				}
				walk(name, below)
			}
		case []any:
			for _, entry := range v {
				walk("", entry)
			}
		case float64:
			facts = append(facts, fmt.Sprintf("%.0f", v))
		default:
			facts = append(facts, fmt.Sprint(v))
		}
	}
	walk("", value)
	return slices.DeleteFunc(facts, func(fact string) bool { return saysNothing(fact) })
}

// saysNothing is what stands where there is no fact, and what kubectl apply keeps of the object.
func saysNothing(fact string) bool {
	return fact == "" || fact == "<none included>" || fact == "<n/a>" || fact == "0s" || strings.Contains(fact, "last-applied") || strings.HasPrefix(fact, "{")
}

var (
	color = regexp.MustCompile("\x1b\\[[0-9]+m")
	fact  = regexp.MustCompile(`[0-9/.]`)
	parts = regexp.MustCompile(`[\s,()/=]+|:(?:\s|/|$)`)
	label = regexp.MustCompile(`(^| )(resource|name|message|error): /`) // of the parts of a message
	stamp = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC`)
)

// factsOfText are the words that are names or numbers.
func factsOfText(text string) []string {
	text = color.ReplaceAllString(text, "")
	facts := stamp.FindAllString(text, -1)
	for word := range strings.FieldsSeq(stamp.ReplaceAllString(text, "")) {
		if word = strings.Trim(word, ":,()'`"); fact.MatchString(word) && word != "n/a" && word != "<n/a>" {
			facts = append(facts, word)
		}
	}
	return facts
}

// holds tells whether a text says a fact: as it is, a time in one of our two forms,
// or word by word, for what Velero joins in one value is in several of ours.
func holds(text, fact string) bool {
	if at, err := time.Parse("2006-01-02 15:04:05 -0700 MST", fact); err == nil {
		return strings.Contains(text, at.Format(time.RFC3339)) || strings.Contains(text, at.Format("2006-01-02 15:04:05 MST"))
	}
	fact = label.ReplaceAllString(fact, " ")
	if strings.Contains(text, fact) || strings.Contains(text, strings.Trim(quoted(fact), `"`)) {
		return true
	}
	for _, word := range parts.Split(fact, -1) {
		if !strings.Contains(text, word) && !strings.Contains(text, strings.Trim(quoted(word), `"`)) && word != "size" {
			return false
		}
	}
	return true
}

// quoted is a text as JSON writes it.
func quoted(text string) string {
	data, err := json.Marshal(text)
	if err != nil {
		return text
	}
	return string(data)
}
