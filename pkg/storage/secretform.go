package storage

import (
	"encoding/base64"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// SecretForm says what can be wrong with the form of the values that credentials
// are read from, in words without any value: such values look right in an editor,
// and the storage answers that the signature is wrong.
func SecretForm(ref backup.CredentialsRef, data map[string][]byte) []string {
	format := ref.Format
	if plain, velero := veleroFormats()[format]; velero {
		format = plain
	}
	var flaws []string
	for _, key := range usedKeys(ref, format, data) {
		value := data[key]
		say := func(what string) { flaws = append(flaws, "key "+key+": "+what) }
		switch {
		case !utf8.Valid(value):
			say("it is not text")
			continue
		case strings.HasPrefix(string(value), "\ufeff"):
			say("it begins with a byte order mark")
		}
		switch {
		case encodedAgain(format, value):
			say("it is base64 inside base64: it was encoded twice")
		case format == "awsFile" || format == "azureFile" || format == "obsFile":
			for _, what := range brokenLines(format, string(value)) {
				say(what)
			}
		case format != "googleKey":
			if strings.HasSuffix(string(value), "\n") {
				say("it ends with a line break, which becomes a part of the value")
			}
			if strings.ContainsAny(strings.TrimRight(string(value), "\r\n"), "\r\n") {
				say("a line break is inside the value")
			}
		}
	}
	return flaws
}

// usedKeys are the keys of the Secret that the credentials are read from.
func usedKeys(ref backup.CredentialsRef, format string, data map[string][]byte) []string {
	names := []string{"id", "secret", "token", "account", "key", "sas", "connection"}
	if slices.Contains([]string{"awsFile", "googleKey", "azureFile", "obsFile"}, format) {
		names = []string{"file"}
		if ref.Keys["file"] == "" {
			if _, there := data[veleroKey]; there {
				return []string{veleroKey}
			}
			return slices.Sorted(maps.Keys(data))
		}
	}
	var keys []string
	for _, name := range names {
		if key := ref.Keys[name]; key != "" && len(data[key]) > 0 && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// encodedAgain tells whether a value is base64 of something that a file of
// credentials holds. A plain key may be base64 by chance, so that those are left alone.
func encodedAgain(format string, value []byte) bool {
	decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(value)), ""))
	if err != nil || !utf8.Valid(decoded) {
		return false
	}
	switch format {
	case "awsFile", "azureFile", "obsFile":
		return strings.Contains(string(decoded), "=")
	case "googleKey":
		return strings.Contains(string(decoded), "{")
	}
	return false
}

// brokenLines finds the lines of a file of settings that set nothing, and the
// settings that are empty: what a line break in the middle of a value leaves. Only a
// file of AWS has sections.
func brokenLines(format, file string) []string {
	var flaws []string
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(file, "\ufeff")) {
		number++
		text := strings.TrimSpace(line)
		name, value, sets := strings.Cut(text, "=")
		switch {
		case text == "" || strings.ContainsRune("#;", rune(text[0])):
		case text[0] == '[' && format == "awsFile":
		case text[0] == '[':
			flaws = append(flaws, "line "+strconv.Itoa(number)+" is the head of a section, as only a credentials file of AWS has it")
		case !sets:
			flaws = append(flaws, "line "+strconv.Itoa(number)+" sets nothing: a line break is inside the value before it")
		case strings.TrimSpace(value) == "" && secretName(name):
			flaws = append(flaws, "line "+strconv.Itoa(number)+" sets "+strings.TrimSpace(name)+" to nothing")
		}
	}
	return flaws
}

// secretName tells whether a setting is one that holds a key.
func secretName(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "key") || strings.Contains(name, "secret")
}
