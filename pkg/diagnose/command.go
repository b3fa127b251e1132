package diagnose

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// shellQuote quotes a word for a POSIX shell, and only where it needs it.
func shellQuote(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=,@%+", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// command is a command line whose every word is quoted as needed.
func command(words ...string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = shellQuote(w)
	}
	return strings.Join(quoted, " ")
}

// inNamespace appends the namespace flag, for objects that have one.
func inNamespace(ns string, words ...string) []string {
	if ns == "" {
		return words
	}
	return append(words, "-n", ns)
}

// unstick is the command that takes one way out of the object's deletion.
func unstick(ref backup.Ref, way string, more ...string) string {
	words := inNamespace(ref.Namespace, "kubectl", "backup", "unstick", ref.String())
	return command(append(append(words, "--via="+way), more...)...)
}

// patchField is a merge patch of one field, given as a dotted path below the object.
func patchField(ref backup.Ref, path, value string) string {
	doc, names := jsonString(value), strings.Split(path, ".")
	for _, name := range slices.Backward(names) {
		doc = "{" + jsonString(name) + ":" + doc + "}"
	}
	words := inNamespace(ref.Namespace, "kubectl", "patch", ref.GroupResource(), ref.Name)
	return command(append(words, "--type=merge", "-p", doc)...)
}

// jsonString is a JSON string in which placeholders such as "<right endpoint>"
// stay readable.
func jsonString(text string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil { // cannot happen: a string in memory
		return `""`
	}
	return strings.TrimSpace(b.String())
}

// patchSecret changes keys of a Secret from a file, so that no value is in a command line.
func patchSecret(ns, name string) string {
	return command(append(inNamespace(ns, "kubectl", "patch", "secret", name), "--patch-file", "<file with stringData>")...)
}

// look is a kubectl command that only reads.
func look(ns string, words ...string) string {
	return command(inNamespace(ns, append([]string{"kubectl"}, words...)...)...)
}
