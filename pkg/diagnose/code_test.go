package diagnose

import (
	"regexp"
	"strings"
	"testing"
)

func TestCodesAreCompleteAndUnique(t *testing.T) {
	shape := regexp.MustCompile(`^BK-[A-Z]\d{3}$`)
	seen := map[string]bool{}
	topicOf := map[byte]string{}
	for _, c := range Codes() {
		if !shape.MatchString(c.Code) || seen[c.Code] {
			t.Errorf("code %q is malformed or used twice", c.Code)
		}
		seen[c.Code] = true
		for field, text := range map[string]string{"title": c.Title, "topic": c.Topic, "explain": c.Explain, "why": c.Why, "fix": c.Fix, "danger": c.Danger, "source": c.Source} {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s has no %s", c.Code, field)
			}
		}
		if strings.HasSuffix(c.Title, ".") || !strings.HasSuffix(c.Explain, ".") {
			t.Errorf("%s: a title is a line, an explanation are sentences", c.Code)
		}
		// The letter of a code and its first digit belong to one range. What is looked
		// at before an object is made has one range for each check.
		if digit, ok := topicOf[c.Code[3]]; ok && digit != c.Code[4:5] && c.Code[3] != 'B' {
			t.Errorf("%s is not in the range of its letter", c.Code)
		}
		topicOf[c.Code[3]] = c.Code[4:5]
	}
}

func TestChecksMatchCodes(t *testing.T) {
	codes, checks := Codes(), Checks()
	if len(codes) != len(checks) {
		t.Fatalf("%d codes, %d checks", len(codes), len(checks))
	}
	for i, check := range checks {
		if check.Code != codes[i].Code {
			t.Errorf("check %d is %s, code is %s", i, check.Code, codes[i].Code)
		}
		// A check answers for its own code only.
		for _, code := range answers(check) {
			if code != check.Code {
				t.Errorf("the check of %s answers for %s", check.Code, code)
			}
		}
	}
}

func answers(check Check) []string {
	var all []string
	for _, tc := range codeCases() {
		ev := tc.base()
		if tc.raise != nil {
			tc.raise(ev)
		}
		for _, f := range check.Judge(ev) {
			all = append(all, f.Code)
		}
	}
	return all
}

func TestLookup(t *testing.T) {
	for _, name := range []string{"BK-F101", "bk-f101", " F101 ", "f101"} {
		if c, ok := Lookup(name); !ok || c.Code != "BK-F101" || c.Topic == "" {
			t.Errorf("Lookup(%q) = %q, %t", name, c.Code, ok)
		}
	}
	for _, name := range []string{"", "BK-", "BK-X999"} {
		if c, ok := Lookup(name); ok {
			t.Errorf("Lookup(%q) found %s", name, c.Code)
		}
	}
}

func TestMarkdown(t *testing.T) {
	page := Markdown()
	for _, c := range Codes() {
		if strings.Count(page, "\n### "+c.Code+"\n") != 1 || !strings.Contains(page, c.Explain) || !strings.Contains(page, c.Danger) {
			t.Errorf("%s is not on the page as it should be", c.Code)
		}
	}
	if got, want := strings.Count(page, "\n## "), len(topics()); got != want {
		t.Errorf("the page has %d topics, want %d", got, want)
	}
}
