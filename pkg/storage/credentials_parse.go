package storage

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// veleroKey is the key of Velero's Secret unless a location names another.
const veleroKey = "cloud"

// ParseCredentials reads the data of the Secret that a location names. Every
// error is a *CredentialsError. One newline at the end of a value is dropped.
//
// The format says what the Secret holds, and which of ref.Keys count; those in
// quotes are names of keys of the Secret, the others are values themselves:
//
//   - keyPair: "id", "secret" and, optionally, "token" of S3.
//   - awsFile: "file", a shared credentials file, and profile, by default `default`.
//   - googleKey: "file", the key of a service account in JSON.
//   - azureKey: "account" with "key" or "sas" (a shared access signature), or
//     "connection" (a connection string).
//   - azureFile: "file", lines of NAME=value; keyVariable, the name that holds the
//     account's key, and account, unless the location's endpoint names it.
//   - obsFile: "file", lines with the keys of Huawei's Object Storage Service.
//
// velero-aws, velero-gcp, velero-azure and obs are the files of these formats in
// the key `cloud`, unless "file" names another. Where "file" is not named, a
// Secret with just one key is read.
func ParseCredentials(ref backup.CredentialsRef, data map[string][]byte) (Credentials, error) {
	source := ref.String()
	switch {
	case ref.Unusable != "":
		return Credentials{}, &CredentialsError{"", ref.Unusable + " cannot be used from here"}
	case ref.Secret == "":
		return Credentials{}, &CredentialsError{"", "the object names no Secret"}
	}
	keys := ref.Keys
	if _, velero := veleroFormats()[ref.Format]; velero && keys["file"] == "" {
		keys = maps.Clone(keys)
		if keys == nil {
			keys = map[string]string{}
		}
		keys["file"] = veleroKey
	}
	format := ref.Format
	if plain, velero := veleroFormats()[format]; velero {
		format = plain
	}
	switch format {
	case "keyPair", "":
		return parseKeyPair(source, keys, data)
	case "azureKey":
		return parseAzureKey(source, keys, data)
	case "awsFile", "googleKey", "azureFile", "obsFile":
		return parseFile(source, format, keys, data)
	}
	return Credentials{}, &CredentialsError{source, fmt.Sprintf("format %q is not supported", ref.Format)}
}

// veleroFormats are the formats of the Secrets that Velero and e-backup read.
func veleroFormats() map[string]string {
	return map[string]string{"velero-aws": "awsFile", "velero-gcp": "googleKey", "velero-azure": "azureFile", "obs": "obsFile"}
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

func parseAzureKey(source string, keys map[string]string, data map[string][]byte) (Credentials, error) {
	value := func(role string) string { return trimNewline(string(data[keys[role]])) }
	if text := value("connection"); text != "" {
		parts, err := readConnectionString(source, text)
		if err != nil {
			return Credentials{}, err
		}
		return parts.credentials(source)
	}
	parts := azureParts{account: value("account"), key: value("key"), signature: value("sas")}
	if parts.key == "" && parts.signature == "" {
		if _, err := secretValue(source, "key", keys, data); err != nil {
			return Credentials{}, err
		}
	}
	return parts.credentials(source)
}

func parseFile(source, format string, keys map[string]string, data map[string][]byte) (Credentials, error) {
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
	switch format {
	case "googleKey":
		return readGoogleKey(source, file)
	case "azureFile":
		return readAzureFile(source, file, keys["account"], keys["keyVariable"])
	case "obsFile":
		return readOBSFile(source, file)
	}
	return readProfile(source, file, keys["profile"])
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

// trimNewline drops the one newline that `kubectl create secret --from-file`
// and `echo | base64` leave at the end.
func trimNewline(value string) string {
	return strings.TrimSuffix(strings.TrimSuffix(value, "\n"), "\r")
}
