package storage

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// azureParts are what a source says about an account.
type azureParts struct {
	account, key, signature, endpoint string
}

// credentials checks the parts: an account with its key, or a shared access signature.
func (p azureParts) credentials(source string) (Credentials, error) {
	signature := strings.TrimPrefix(p.signature, "?")
	for _, part := range []struct{ name, value string }{
		{"account", p.account}, {"account key", p.key}, {"shared access signature", signature}, {"endpoint", p.endpoint},
	} {
		if hasControl(part.value) {
			return Credentials{}, &CredentialsError{source, "the " + part.name + " holds a control character"}
		}
	}
	if _, err := base64.StdEncoding.DecodeString(p.key); err != nil {
		return Credentials{}, &CredentialsError{source, "the account key is not base64"}
	}
	query, err := url.ParseQuery(signature)
	switch {
	case p.account != "" && !azureAccount.MatchString(p.account):
		return Credentials{}, &CredentialsError{source, "the storage account is not named as one"}
	case p.key != "":
		signature = "" // the key says more
	case signature == "":
		return Credentials{}, &CredentialsError{source, "there is neither an account key nor a shared access signature"}
	case err != nil || query.Get("sig") == "":
		return Credentials{}, &CredentialsError{source, "the shared access signature holds no sig"}
	}
	return Credentials{provider: backup.ProviderAzure, id: p.account, secret: p.key, token: signature, endpoint: p.endpoint, identity: source}, nil
}

// readConnectionString reads "Name=value;Name=value" (Azure Storage, "Configure
// connection strings"). Names are compared without regard to case.
func readConnectionString(source, text string) (azureParts, error) {
	settings := map[string]string{}
	for setting := range strings.SplitSeq(text, ";") {
		name, value, found := strings.Cut(strings.TrimSpace(setting), "=")
		if !found && name != "" {
			return azureParts{}, &CredentialsError{source, "the connection string holds a setting without value"}
		}
		settings[strings.ToLower(name)] = value
	}
	if settings["usedevelopmentstorage"] != "" {
		return azureParts{}, &CredentialsError{source, "the connection string is that of an emulator on the machine of the server"}
	}
	parts := azureParts{
		account: settings["accountname"], key: settings["accountkey"], signature: settings["sharedaccesssignature"], endpoint: settings["blobendpoint"],
	}
	if suffix := settings["endpointsuffix"]; parts.endpoint == "" && parts.account != "" && suffix != "" {
		scheme := settings["defaultendpointsprotocol"]
		if scheme == "" {
			scheme = "https"
		}
		parts.endpoint = scheme + "://" + parts.account + ".blob." + suffix
	}
	return parts, nil
}

// readAzureFile reads the variables that Velero's plugin takes for an account
// (vmware-tanzu/velero@v1.18.3 pkg/util/azure). variable is the one that holds
// the key; without one the plugin asks Azure's management for the key. The
// account may be empty where the location's endpoint names it.
func readAzureFile(source string, file []byte, account, variable string) (Credentials, error) {
	settings, err := envSettings(source, string(file))
	if err != nil {
		return Credentials{}, err
	}
	name := variable
	if name == "" {
		name = "AZURE_STORAGE_KEY"
	}
	parts := azureParts{account: account, key: settings[name]}
	switch {
	case parts.key == "" && variable != "":
		return Credentials{}, &CredentialsError{source, fmt.Sprintf("the file does not set %q", variable)}
	case parts.key == "":
		return Credentials{}, &CredentialsError{source, "the key of the account is fetched with an identity of Azure, which is not followed"}
	}
	suffix, known := azureCloud(settings["AZURE_CLOUD_NAME"])
	if !known {
		return Credentials{}, &CredentialsError{source, "AZURE_CLOUD_NAME is none that is known"}
	}
	if account != "" {
		parts.endpoint = "https://" + account + "." + suffix
	}
	return parts.credentials(source)
}

// azureCloud is where the accounts of a cloud answer.
func azureCloud(name string) (suffix string, known bool) {
	suffixes := azureSuffixes()
	switch strings.ToUpper(name) {
	case "", "AZURECLOUD", "AZUREPUBLICCLOUD":
		return suffixes[0], true
	case "AZURECHINACLOUD":
		return suffixes[1], true
	case "AZUREUSGOVERNMENT", "AZUREUSGOVERNMENTCLOUD":
		return suffixes[2], true
	}
	return "", false
}
