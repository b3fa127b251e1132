package storage

import (
	"errors"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const (
	azureFileText = "# of the team\nexport AZURE_SUBSCRIPTION_ID=VALUE0\r\nAZURE_STORAGE_ACCOUNT_ACCESS_KEY=\"VkFMVUUx\" # key\nAZURE_CLOUD_NAME='AzureChinaCloud'\n"
	obsFileText   = "HUAWEI_CLOUD_ACCESS_KEY_ID=VALUE1\nHUAWEI_CLOUD_SECRET_ACCESS_KEY = VALUE2"
)

func azureFileRef(account, variable string) backup.CredentialsRef {
	return backup.CredentialsRef{Namespace: "velero", Secret: "cloud-credentials", Format: "velero-azure", Keys: map[string]string{"account": account, "keyVariable": variable}}
}

func azureKeyRef() backup.CredentialsRef {
	return backup.CredentialsRef{Namespace: "tidb", Secret: "azure", Format: "azureKey", Keys: map[string]string{
		"account": "AZURE_STORAGE_ACCOUNT", "key": "AZURE_STORAGE_KEY", "sas": "token", "connection": "connection",
	}}
}

func TestParseCloudCredentials(t *testing.T) {
	google := backup.CredentialsRef{Namespace: "tidb", Secret: "gcs", Format: "googleKey", Keys: map[string]string{"file": "credentials"}}
	obs := backup.CredentialsRef{Namespace: "velero", Secret: "secret-obs", Format: "obs"}
	variable := "AZURE_STORAGE_ACCOUNT_ACCESS_KEY"
	key := func(changed ...string) map[string][]byte {
		return values("credentials", string(googleFile(t, changed...)))
	}
	cases := []struct {
		name string
		ref  backup.CredentialsRef
		data map[string][]byte
		want Credentials // identity and a private key are not compared
		err  string
	}{
		{"service account", google, key(), Credentials{provider: backup.ProviderGCS, id: "backup@project.iam.gserviceaccount.com", token: "1"}, ""},
		{"federated account", google, key("type", "external_account"), Credentials{}, "type external_account, which is not followed"},
		{"person", google, key("type", "authorized_user"), Credentials{}, "authorized_user"},
		{"another type", google, key("type", "VALUE1"), Credentials{}, "type unknown"},
		{"another cloud", google, key("universe_domain", "VALUE1"), Credentials{}, "another cloud"},
		{"no JSON", google, values("credentials", "VALUE1"), Credentials{}, "not JSON"},
		{"no e-mail", google, key("client_email", ""), Credentials{}, "no client_email"},
		{"no PEM", google, key("private_key", "VALUE1"), Credentials{}, "not PEM"},
		{"no RSA key", google, key("private_key", "-----BEGIN X-----\nVkFMVUUx\n-----END X-----\n"), Credentials{}, "not an RSA key"},
		{"a line break in the key id", google, key("private_key_id", "a\nb"), Credentials{}, "control character"},
		{"account and key", azureKeyRef(), values("AZURE_STORAGE_ACCOUNT", "account\n", "AZURE_STORAGE_KEY", "VkFMVUUx\n"),
			Credentials{provider: backup.ProviderAzure, id: "account", secret: "VkFMVUUx"}, ""},
		{"signature", azureKeyRef(), values("token", "?sp=rl&sig=VALUE1"), Credentials{provider: backup.ProviderAzure, token: "sp=rl&sig=VALUE1"}, ""},
		{"signature without sig", azureKeyRef(), values("token", "VALUE1"), Credentials{}, "no sig"},
		{"connection string", azureKeyRef(), values("connection", "DefaultEndpointsProtocol=https;AccountName=account;AccountKey=VkFMVUUx;EndpointSuffix=core.windows.net;"),
			Credentials{provider: backup.ProviderAzure, id: "account", secret: "VkFMVUUx", endpoint: "https://account.blob.core.windows.net"}, ""},
		{"connection string with endpoint", azureKeyRef(), values("connection", "BlobEndpoint=https://x.blob.core.windows.net;SharedAccessSignature=sig=VALUE1"),
			Credentials{provider: backup.ProviderAzure, token: "sig=VALUE1", endpoint: "https://x.blob.core.windows.net"}, ""},
		{"connection string of the emulator", azureKeyRef(), values("connection", "UseDevelopmentStorage=true"), Credentials{}, "emulator"},
		{"broken connection string", azureKeyRef(), values("connection", "VALUE1"), Credentials{}, "without value"},
		{"an identity of Azure", azureKeyRef(), values("AZURE_STORAGE_ACCOUNT", "account", "AZURE_CLIENT_SECRET", "VALUE1"), Credentials{}, "key AZURE_STORAGE_KEY is missing"},
		{"key that is none", azureKeyRef(), values("AZURE_STORAGE_ACCOUNT", "account", "AZURE_STORAGE_KEY", "VALUE1"), Credentials{}, "not base64"},
		{"account that is a host", azureKeyRef(), values("AZURE_STORAGE_ACCOUNT", "evil.example/", "AZURE_STORAGE_KEY", "VkFMVUUx"), Credentials{}, "not named as one"},
		{"Velero's file", azureFileRef("account", variable), values("cloud", azureFileText),
			Credentials{provider: backup.ProviderAzure, id: "account", secret: "VkFMVUUx", endpoint: "https://account.blob.core.chinacloudapi.cn"}, ""},
		{"Velero's identity of Azure", azureFileRef("account", ""), values("cloud", azureFileText), Credentials{}, "which is not followed"},
		{"another variable", azureFileRef("account", "OTHER"), values("cloud", azureFileText), Credentials{}, `does not set "OTHER"`},
		{"the endpoint names the account", azureFileRef("", variable), values("cloud", azureFileText), Credentials{provider: backup.ProviderAzure, secret: "VkFMVUUx"}, ""},
		{"another cloud of Azure", azureFileRef("account", variable), values("cloud", azureFileText+"AZURE_CLOUD_NAME=VALUE1"), Credentials{}, "none that is known"},
		{"a line that sets nothing", azureFileRef("account", variable), values("cloud", "VALUE1"), Credentials{}, "sets nothing"},
		{"Huawei", obs, values("cloud", obsFileText), Credentials{provider: backup.ProviderS3, id: "VALUE1", secret: "VALUE2"}, ""},
		{"half of Huawei's", obs, values("cloud", "HUAWEI_CLOUD_ACCESS_KEY_ID=VALUE1"), Credentials{}, "secret access key is empty"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseCredentials(c.ref, c.data)
			if c.err != "" {
				var typed *CredentialsError
				if !errors.As(err, &typed) || !strings.Contains(err.Error(), c.err) || strings.Contains(err.Error(), "VALUE") {
					t.Fatalf("error %v, want %q without any value", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			identity := got.identity
			if got.identity = ""; got.provider == backup.ProviderGCS {
				got.secret = ""
			}
			if got != c.want || identity != c.ref.String() {
				t.Error("other values or another identity came out")
			}
		})
	}
}

func TestPersonalCredentials(t *testing.T) {
	all := map[string]string{
		"AWS_ACCESS_KEY_ID": "VALUE1", "AWS_SECRET_ACCESS_KEY": "VALUE2", "AWS_SESSION_TOKEN": "VALUE3",
		"GOOGLE_APPLICATION_CREDENTIALS": "key.json", "AZURE_STORAGE_ACCOUNT": "account", "AZURE_STORAGE_KEY": "VkFMVUUx",
	}
	readFile := func(name string) ([]byte, error) {
		if name != "key.json" {
			return nil, os.ErrNotExist
		}
		return googleFile(t), nil
	}
	cases := []struct {
		provider, unset, set, id, err string
	}{
		{provider: backup.ProviderS3, id: "VALUE1"},
		{provider: backup.ProviderS3, unset: "AWS_SECRET_ACCESS_KEY", err: "AWS_SECRET_ACCESS_KEY is not set"},
		{provider: backup.ProviderGCS, id: "backup@project.iam.gserviceaccount.com"},
		{provider: backup.ProviderGCS, unset: "GOOGLE_APPLICATION_CREDENTIALS", err: "GOOGLE_APPLICATION_CREDENTIALS is not set"},
		{provider: backup.ProviderGCS, set: "GOOGLE_APPLICATION_CREDENTIALS=gone", err: "cannot be read"},
		{provider: backup.ProviderAzure, id: "account"},
		{provider: backup.ProviderAzure, unset: "AZURE_STORAGE_KEY", err: "neither"},
		{provider: backup.ProviderAzure, set: "AZURE_STORAGE_CONNECTION_STRING=AccountName=other;AccountKey=VkFMVUUx", id: "other"},
	}
	for _, c := range cases {
		env := maps.Clone(all)
		delete(env, c.unset)
		if name, value, found := strings.Cut(c.set, "="); found {
			env[name] = value
		}
		got, err := EnvCredentials(c.provider, func(name string) string { return env[name] }, readFile)
		switch {
		case c.err != "":
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%+v: %v", c, err)
			}
		case err != nil || got.id != c.id || got.provider != c.provider || got.Identity() != "the environment":
			t.Errorf("%+v: %v, %v", c, got, err)
		}
	}
	got, err := ProfileCredentials(func() ([]byte, error) { return []byte(credentialsFile), nil }, "other")
	if err != nil || got.id != "OTHERID" || got.Identity() != `profile "other"` {
		t.Errorf("profile: %v, %v", got, err)
	}
	if _, err := ProfileCredentials(func() ([]byte, error) { return nil, os.ErrPermission }, "other"); err == nil {
		t.Error("an unreadable file gives an error")
	}
}

// sound holds for whatever a parser returns: typed errors without credentials,
// or values that cannot end a header.
func sound(t *testing.T, got Credentials, err error) {
	t.Helper()
	if err != nil {
		var typed *CredentialsError
		if !errors.As(err, &typed) || !got.Empty() {
			t.Errorf("untyped error, or keys beside an error: %v", err)
		}
		return
	}
	text := got.id + got.token + got.endpoint
	if got.provider != backup.ProviderGCS {
		text += got.secret
	}
	if got.Empty() || hasControl(text) {
		t.Error("unusable keys without an error")
	}
}

func FuzzGoogleKey(f *testing.F) {
	f.Add([]byte(`{"type":"service_account","client_email":"a@b","private_key":"-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----"}`))
	f.Add([]byte(`{"type":"external_account"}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := readGoogleKey("Secret a/b", file)
		sound(t, got, err)
	})
}

func FuzzAzureFile(f *testing.F) {
	f.Add(azureFileText, "account", "AZURE_STORAGE_ACCOUNT_ACCESS_KEY")
	f.Add("AZURE_STORAGE_KEY=eA==", "account", "")
	f.Fuzz(func(t *testing.T, file, account, variable string) {
		got, err := readAzureFile("Secret a/b", []byte(file), account, variable)
		sound(t, got, err)
	})
}

func FuzzOBSFile(f *testing.F) {
	f.Add(obsFileText)
	f.Fuzz(func(t *testing.T, file string) {
		got, err := readOBSFile("Secret a/b", []byte(file))
		sound(t, got, err)
	})
}

func FuzzAzureKey(f *testing.F) {
	f.Add("account", "eA==", "", "")
	f.Add("", "", "?sig=x", "")
	f.Add("", "", "", "AccountName=account;AccountKey=eA==;EndpointSuffix=core.windows.net")
	f.Fuzz(func(t *testing.T, account, key, sas, connection string) {
		got, err := ParseCredentials(azureKeyRef(), values("AZURE_STORAGE_ACCOUNT", account, "AZURE_STORAGE_KEY", key, "token", sas, "connection", connection))
		sound(t, got, err)
	})
}
