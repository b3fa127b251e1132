package storage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func keyPairRef() backup.CredentialsRef {
	return backup.CredentialsRef{
		Namespace: "tidb-test", Secret: "s3-secret", Format: "keyPair",
		Keys: map[string]string{"id": "access_key", "secret": "secret_key", "token": "session_token"},
	}
}

func fileRef(profile string) backup.CredentialsRef {
	return backup.CredentialsRef{
		Namespace: "velero", Secret: "cloud-credentials", Format: "awsFile",
		Keys: map[string]string{"file": "cloud", "profile": profile},
	}
}

func values(pairs ...string) map[string][]byte {
	data := map[string][]byte{}
	for i := 0; i < len(pairs); i += 2 {
		data[pairs[i]] = []byte(pairs[i+1])
	}
	return data
}

const credentialsFile = "\ufeff# of the team\r\n[default]\r\naws_access_key_id = FILEID # old\r\naws_secret_access_key=FILESECRET=\r\n" +
	"\n[other]\naws_access_key_id=first\nAWS_ACCESS_KEY_ID=OTHERID\ns3 =\n  aws_access_key_id = nested\naws_secret_access_key = OTHERSECRET\naws_session_token = OTHERTOKEN\n" +
	"[indented]\n  aws_access_key_id = INDENTEDID\n  aws_secret_access_key = INDENTEDSECRET\n" +
	"[process]\naws_access_key_id=VALUE1\naws_secret_access_key=VALUE2\ncredential_process = /bin/VALUE3\n" +
	"[role]\nrole_arn = arn:VALUE1\nsource_profile = default\n" +
	"[sso]\nsso_start_url = https://VALUE1\n" +
	"[half]\naws_access_key_id = VALUE1\n" +
	"[profile shared]\naws_access_key_id = SHAREDID\naws_secret_access_key = SHAREDSECRET\n"

func TestParseCredentials(t *testing.T) {
	cases := []struct {
		name string
		ref  backup.CredentialsRef
		data map[string][]byte
		want Credentials // its identity is not compared
		err  string
	}{
		{"key pair", keyPairRef(), values("access_key", "ID\n", "secret_key", "SECRET\r\n"), Credentials{id: "ID", secret: "SECRET"}, ""},
		{"with token", keyPairRef(), values("access_key", "ID", "secret_key", "S", "session_token", "T"), Credentials{id: "ID", secret: "S", token: "T"}, ""},
		{"missing key", keyPairRef(), values("access_key", "VALUE1"), Credentials{}, "key secret_key is missing"},
		{"empty key", keyPairRef(), values("access_key", "\n", "secret_key", "VALUE1"), Credentials{}, "key access_key is empty"},
		{"two newlines", keyPairRef(), values("access_key", "VALUE1\n\n", "secret_key", "VALUE2"), Credentials{}, "holds a control character"},
		{"no key named", backup.CredentialsRef{Secret: "x"}, values("a", "VALUE1"), Credentials{}, "no key of the Secret is named for the id"},
		{"no Secret", backup.CredentialsRef{}, nil, Credentials{}, "names no Secret"},
		{"workload identity", backup.CredentialsRef{Unusable: "the role of ServiceAccount x"}, nil, Credentials{}, "ServiceAccount x cannot be used from here"},
		{"unknown format", backup.CredentialsRef{Secret: "x", Format: "vault"}, nil, Credentials{}, `format "vault" is not supported`},
		{"default profile", fileRef(""), values("cloud", credentialsFile), Credentials{id: "FILEID", secret: "FILESECRET="}, ""},
		{"named profile", fileRef("other"), values("cloud", credentialsFile), Credentials{id: "OTHERID", secret: "OTHERSECRET", token: "OTHERTOKEN"}, ""},
		{"indented profile", fileRef("indented"), values("cloud", credentialsFile), Credentials{id: "INDENTEDID", secret: "INDENTEDSECRET"}, ""},
		{"profile of a shared configuration file", fileRef("shared"), values("cloud", credentialsFile), Credentials{id: "SHAREDID", secret: "SHAREDSECRET"}, ""},
		{"Velero's file", backup.CredentialsRef{Secret: "x", Format: "velero-aws"}, values("cloud", credentialsFile, "other", ""), Credentials{id: "FILEID", secret: "FILESECRET="}, ""},
		{"process", fileRef("process"), values("cloud", credentialsFile), Credentials{}, "credential_process"},
		{"role", fileRef("role"), values("cloud", credentialsFile), Credentials{}, "which is not followed"},
		{"single sign-on", fileRef("sso"), values("cloud", credentialsFile), Credentials{}, "sso_start_url"},
		{"half a pair", fileRef("half"), values("cloud", credentialsFile), Credentials{}, "has no aws_secret_access_key"},
		{"no such profile", fileRef("none"), values("cloud", credentialsFile), Credentials{}, `no profile "none"`},
		{"no such key", fileRef(""), values("other", credentialsFile), Credentials{}, "key cloud is missing"},
		{"the only key", backup.CredentialsRef{Secret: "x", Format: "awsFile"}, values("any", credentialsFile), Credentials{id: "FILEID", secret: "FILESECRET="}, ""},
		{"several keys", backup.CredentialsRef{Secret: "x", Format: "awsFile"}, values("a", "", "b", ""), Credentials{}, "for the credentials file"},
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
			if got.id != c.want.id || got.secret != c.want.secret || got.token != c.want.token || got.Identity() != c.ref.String() {
				t.Error("other values or another identity came out")
			}
		})
	}
}

func TestCredentialsAreNeverShown(t *testing.T) {
	c := Credentials{id: "VALUE1", secret: "VALUE2", token: "VALUE3", identity: "Secret a/b"}
	asJSON, err := json.Marshal(map[string]any{"c": c, "p": &c})
	if err != nil {
		t.Fatal(err)
	}
	var logged bytes.Buffer
	slog.New(slog.NewTextHandler(&logged, nil)).Info("x", "c", c)
	shown := []string{string(asJSON), logged.String(), c.String(), c.GoString()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		shown = append(shown, fmt.Sprintf(verb, c), fmt.Sprintf(verb, struct{ C Credentials }{c}), fmt.Sprintf(verb, []*Credentials{&c}))
	}
	for _, text := range shown {
		if strings.Contains(text, "VALUE") || strings.Contains(text, "56414c5545") {
			t.Errorf("a value is shown: %s", text)
		}
	}
	if (Credentials{}).String() != "no credentials" || !strings.Contains(shown[2], "Secret a/b") {
		t.Errorf("the source is not named: %q", shown[2])
	}
}

// FuzzParseCredentials: no file makes values appear in errors or keys that
// could end a header.
func FuzzParseCredentials(f *testing.F) {
	f.Add(credentialsFile, "other")
	f.Add("[default]\naws_access_key_id=a\naws_secret_access_key=b", "")
	f.Add("[x", "x")
	f.Fuzz(func(t *testing.T, file, profile string) {
		got, err := ParseCredentials(fileRef(profile), values("cloud", file))
		if err != nil {
			var typed *CredentialsError
			if !errors.As(err, &typed) || !got.Empty() {
				t.Errorf("untyped error, or keys beside an error: %v", err)
			}
			return
		}
		if got.Empty() || strings.ContainsAny(got.id+got.secret+got.token, "\r\n\x00") {
			t.Error("unusable keys without an error")
		}
	})
}
