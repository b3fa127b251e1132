package storage

import (
	"fmt"
	"strings"
)

// readProfile takes static keys from one profile of a shared credentials file.
// A profile that gets its keys in another way (a process, a role, single
// sign-on) is refused even if it holds static keys too: which of them an SDK
// would use depends on the SDK.
func readProfile(source string, file []byte, name string) (Credentials, error) {
	if name == "" {
		name = "default"
	}
	settings, found := profileSettings(string(file), name)
	if !found {
		return Credentials{}, &CredentialsError{source, fmt.Sprintf("the credentials file has no profile %q", name)}
	}
	for setting := range settings {
		if how := dynamicSource(setting); how != "" {
			return Credentials{}, &CredentialsError{source, fmt.Sprintf("profile %q gets its keys by %s, which is not followed", name, how)}
		}
	}
	for _, setting := range []string{"aws_access_key_id", "aws_secret_access_key"} {
		if settings[setting] == "" {
			return Credentials{}, &CredentialsError{source, fmt.Sprintf("profile %q has no %s", name, setting)}
		}
	}
	return newCredentials(source, settings["aws_access_key_id"], settings["aws_secret_access_key"], settings["aws_session_token"])
}

// dynamicSource names the setting if it makes an SDK fetch the keys.
func dynamicSource(setting string) string {
	switch setting {
	case "credential_process", "role_arn", "source_profile", "credential_source", "web_identity_token_file", "login_session":
		return setting
	}
	if strings.HasPrefix(setting, "sso_") {
		return setting
	}
	return ""
}

// profileSettings reads the lines below [name] (AWS SDKs and Tools reference
// guide, "Shared config and credentials files"): names in lower case, comments
// dropped, the last of two equal names wins.
func profileSettings(file, name string) (settings map[string]string, found bool) {
	settings = map[string]string{}
	inside, nested := false, false
	for line := range strings.Lines(strings.TrimPrefix(file, "\ufeff")) {
		text := strings.TrimSpace(line)
		if text == "" || text[0] == '#' || text[0] == ';' {
			continue
		}
		if section, is := sectionName(text); is {
			// The second spelling is that of a shared configuration file.
			inside, nested = section == name || section == "profile "+name, false
			found = found || inside
			continue
		}
		indented := line[0] == ' ' || line[0] == '\t'
		if !inside || nested && indented {
			continue
		}
		key, value, _ := strings.Cut(text, "=")
		key, value = strings.ToLower(strings.TrimSpace(key)), withoutComment(value)
		// Indented lines below a setting without a value belong to it.
		nested = value == ""
		settings[key] = value
	}
	return settings, found
}

func sectionName(text string) (string, bool) {
	if text[0] != '[' {
		return "", false
	}
	name, _, closed := strings.Cut(text[1:], "]")
	return strings.TrimSpace(name), closed
}

// withoutComment drops a comment that a space sets off from the value.
func withoutComment(value string) string {
	for _, start := range []string{" #", " ;", "\t#", "\t;"} {
		value, _, _ = strings.Cut(value, start)
	}
	return strings.TrimSpace(value)
}
