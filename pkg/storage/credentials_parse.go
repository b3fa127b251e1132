package storage

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// The formats of a CredentialsRef.
const (
	formatKeyPair = "keyPair"
	formatAWSFile = "awsFile"
)

// ParseCredentials reads the data of the Secret that a location names.
//
// Format keyPair: Keys names the keys of the Secret for "id", "secret" and,
// optionally, "token". Format awsFile: Keys["file"] names the key of the Secret
// that holds a shared credentials file (the only key, if it has just one), and
// Keys["profile"] the profile in it, by default "default". One newline at the
// end of a value is dropped. Every error is a *CredentialsError.
func ParseCredentials(ref backup.CredentialsRef, data map[string][]byte) (Credentials, error) {
	source := ref.String()
	switch {
	case ref.Unusable != "":
		return Credentials{}, &CredentialsError{"", ref.Unusable + " cannot be used from here"}
	case ref.Secret == "":
		return Credentials{}, &CredentialsError{"", "the object names no Secret"}
	}
	switch ref.Format {
	case formatKeyPair, "":
		return parseKeyPair(source, ref.Keys, data)
	case formatAWSFile:
		return parseAWSFile(source, ref.Keys, data)
	}
	return Credentials{}, &CredentialsError{source, fmt.Sprintf("format %q is not supported", ref.Format)}
}

func parseKeyPair(source string, keys map[string]string, data map[string][]byte) (Credentials, error) {
	id, err := secretValue(source, "id", keys, data)
	if err != nil {
		return Credentials{}, err
	}
	secret, err := secretValue(source, "secret", keys, data)
	if err != nil {
		return Credentials{}, err
	}
	token := trimNewline(string(data[keys["token"]]))
	return newCredentials(source, id, secret, token)
}

func secretValue(source, role string, keys map[string]string, data map[string][]byte) (string, error) {
	key := keys[role]
	if key == "" {
		return "", &CredentialsError{source, "no key of the Secret is named for the " + role}
	}
	value, there := data[key]
	if !there {
		return "", &CredentialsError{source, "key " + key + " is missing"}
	}
	text := trimNewline(string(value))
	if text == "" {
		return "", &CredentialsError{source, "key " + key + " is empty"}
	}
	return text, nil
}

func parseAWSFile(source string, keys map[string]string, data map[string][]byte) (Credentials, error) {
	key := keys["file"]
	if key == "" {
		if len(data) != 1 {
			return Credentials{}, &CredentialsError{source, "no key of the Secret is named for the credentials file"}
		}
		key = slices.Collect(maps.Keys(data))[0]
	}
	file, there := data[key]
	if !there {
		return Credentials{}, &CredentialsError{source, "key " + key + " is missing"}
	}
	return readProfile(source, file, keys["profile"])
}

// EnvCredentials takes the keys of the person's own environment. It is only for
// a person who asked for it by a flag.
func EnvCredentials(getenv func(string) string) (Credentials, error) {
	const source = "the environment"
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

// trimNewline drops the one newline that `kubectl create secret --from-file`
// and `echo | base64` leave at the end.
func trimNewline(value string) string {
	return strings.TrimSuffix(strings.TrimSuffix(value, "\n"), "\r")
}
