package storage

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// envSettings reads lines of NAME=value as they stand in files of variables:
// `export` before them, quotes around values and comments are dropped. The last
// of two equal names wins.
func envSettings(source, file string) (map[string]string, error) {
	settings := map[string]string{}
	for line := range strings.Lines(strings.TrimPrefix(file, "\ufeff")) {
		text := strings.TrimSpace(line)
		if text == "" || text[0] == '#' {
			continue
		}
		name, value, found := strings.Cut(strings.TrimPrefix(text, "export "), "=")
		if !found {
			return nil, &CredentialsError{source, "the file holds a line that sets nothing"}
		}
		settings[strings.TrimSpace(name)] = unquoted(strings.TrimSpace(value))
	}
	return settings, nil
}

// unquoted is the text between quotes, or up to a comment where there are none.
func unquoted(value string) string {
	if value != "" && strings.ContainsRune(`"'`, rune(value[0])) {
		if inside, _, closed := strings.Cut(value[1:], value[:1]); closed {
			return inside
		}
	}
	value, _, _ = strings.Cut(value, " #")
	return strings.TrimSpace(value)
}

// readOBSFile reads the keys of Huawei's Object Storage Service, which speaks
// the protocol of S3, as e-backup's Secret holds them.
func readOBSFile(source string, file []byte) (Credentials, error) {
	settings, err := envSettings(source, string(file))
	if err != nil {
		return Credentials{}, err
	}
	return newCredentials(source, settings["HUAWEI_CLOUD_ACCESS_KEY_ID"], settings["HUAWEI_CLOUD_SECRET_ACCESS_KEY"], "")
}

// EnvCredentials takes credentials for a provider from the person's own
// environment, by the names that the provider documents; readFile reads the key
// file that GOOGLE_APPLICATION_CREDENTIALS names. It is only for a person who
// asked for it by a flag. Every error is a *CredentialsError.
func EnvCredentials(provider string, getenv func(string) string, readFile func(string) ([]byte, error)) (Credentials, error) {
	const source = "the environment"
	switch provider {
	case backup.ProviderGCS:
		name := getenv("GOOGLE_APPLICATION_CREDENTIALS")
		if name == "" {
			return Credentials{}, &CredentialsError{source, "GOOGLE_APPLICATION_CREDENTIALS is not set"}
		}
		file, err := readFile(name)
		if err != nil {
			return Credentials{}, &CredentialsError{source, "the file that GOOGLE_APPLICATION_CREDENTIALS names cannot be read"}
		}
		return readGoogleKey(source, file)
	case backup.ProviderAzure:
		if text := getenv("AZURE_STORAGE_CONNECTION_STRING"); text != "" {
			parts, err := readConnectionString(source, text)
			if err != nil {
				return Credentials{}, err
			}
			return parts.credentials(source)
		}
		return azureParts{
			account: getenv("AZURE_STORAGE_ACCOUNT"), key: getenv("AZURE_STORAGE_KEY"), signature: getenv("AZURE_STORAGE_SAS_TOKEN"),
		}.credentials(source)
	}
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		if getenv(name) == "" {
			return Credentials{}, &CredentialsError{source, name + " is not set"}
		}
	}
	return newCredentials(source, getenv("AWS_ACCESS_KEY_ID"), getenv("AWS_SECRET_ACCESS_KEY"), getenv("AWS_SESSION_TOKEN"))
}

// ProfileCredentials takes static keys from a profile of the person's own shared
// credentials file, which read returns. It is only for a person who asked for
// it by a flag. A failure of read is returned without its text, which may
// quote the file.
func ProfileCredentials(read func() ([]byte, error), name string) (Credentials, error) {
	source := fmt.Sprintf("profile %q", name)
	file, err := read()
	if err != nil {
		return Credentials{}, &CredentialsError{source, "the shared credentials file cannot be read"}
	}
	return readProfile(source, file, name)
}
