package diagnose

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Code is one entry of the code table: what a finding of this code means,
// apart from the object it was found at.
type Code struct {
	// Code is stable: "BK-F101".
	Code string `json:"code"`
	// Title is one line.
	Title string `json:"title"`
	// Topic groups the codes of one letter.
	Topic string `json:"topic"`
	// Explain says what the finding means.
	Explain string `json:"explain"`
	// Why says how it comes about.
	Why string `json:"why"`
	// Fix says what helps and what does not.
	Fix string `json:"fix"`
	// Danger says what can be lost while fixing it; "none" where nothing can.
	Danger string `json:"danger"`
	// Source is where the fact comes from: a program and its source file, or the field that is read.
	Source string `json:"source"`
}

// Check is one question to the evidence. Judge returns nothing where the
// question does not concern the object.
type Check struct {
	Code  string
	Judge func(*backup.Evidence) []backup.Finding
}

// entry is a code together with the check that raises it.
type entry struct {
	Code
	judge func(*backup.Evidence) []backup.Finding
}

// topic is a group of entries that share a letter.
type topic struct {
	name    string
	entries []entry
}

// topics are in the order in which findings are read: from the symptom to its causes.
func topics() []topic {
	return []topic{
		{"Deletion and finalizers", deletionEntries()},
		{"Blockers, garbage collection and lost nodes", append(append(blockerEntries(), gcEntries()...), nodeEntries()...)},
		{"Owner of the finalizer", append(append(ownerEntries(), retryEntries()...), ownerScopeEntries()...)},
		{"API services, webhooks and definitions", controlEntries()},
		{"Velero, its plugins and e-backup", append(append(veleroEntries(), restoreOrderEntries()...), crashingEntries()...)},
		{"TiDB Operator", tidbEntries()},
		{"Namespace", append(namespaceEntries(), namespaceContentEntries()...)},
		{"Jobs, pods and data movers", append(append(append(cleanEntries(), podEntries()...), writerEntries()...), runEntries()...)},
		{"Storage", append(faultEntries(), placeEntries()...)},
		{"Credentials and needed objects", append(credentialEntries(), needEntries()...)},
		{"Policy, retention and relatives", policyEntries()},
		{"Location and prefix", append(append(locationEntries(), editedEntries()...), checkEntries()...)},
		{"Volume snapshots", snapshotEntries()},
		{archiveTopic, archiveEntries()},
		{"Before an object is made", preflightEntries()},
		{"Drills", drillEntries()},
		{"Access to the evidence", accessEntries()},
	}
}

// Codes are all codes in the order of the table.
func Codes() []Code {
	var all []Code
	for _, t := range topics() {
		for _, e := range t.entries {
			e.Topic = t.name
			all = append(all, e.Code)
		}
	}
	return all
}

// Checks are all checks in the order of the table.
func Checks() []Check {
	var all []Check
	for _, t := range topics() {
		for _, e := range t.entries {
			all = append(all, Check{Code: e.Code.Code, Judge: e.judge})
		}
	}
	return all
}

// Lookup finds a code, whatever its case and with or without the "BK-".
func Lookup(code string) (Code, bool) {
	want := strings.ToUpper(strings.TrimSpace(code))
	for _, c := range Codes() {
		if c.Code == want || c.Code == "BK-"+want {
			return c, true
		}
	}
	return Code{}, false
}

// Markdown is the code table as a page of documentation.
func Markdown() string {
	var b strings.Builder
	b.WriteString("# Findings\n\n")
	b.WriteString("What each code of `kubectl backup diagnose` means. `kubectl backup explain CODE` prints the same text offline.\n")
	last := ""
	for _, c := range Codes() {
		if c.Topic != last {
			fmt.Fprintf(&b, "\n## %s\n", c.Topic)
			last = c.Topic
		}
		fmt.Fprintf(&b, "\n### %s\n\n**%s**\n\n%s\n\n", c.Code, c.Title, c.Explain)
		fmt.Fprintf(&b, "- *How it comes about:* %s\n- *What helps:* %s\n- *Danger:* %s\n- *Source:* %s\n", c.Why, c.Fix, c.Danger, c.Source)
	}
	return b.String()
}
