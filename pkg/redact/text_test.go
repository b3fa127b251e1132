package redact

import (
	"strings"
	"testing"
)

// secret is in each case below and must not be in the result.
const secret = "wJalrXUtnFEMI7K7MDENG9bPxRfiCY"

func TestTextTakesSecretsOut(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"environment":          "AWS_SECRET_ACCESS_KEY=" + secret,
		"environment token":    "AWS_SESSION_TOKEN=" + secret,
		"json field":           `{"secretKey":"` + secret + `","bucket":"b"}`,
		"json with spaces":     `"secret_access_key" : "` + secret + `"`,
		"escaped json":         `last-applied: "{\"secretKey\":\"` + secret + `\"}"`,
		"yaml":                 "  accessKey: " + secret,
		"ini":                  "aws_secret_access_key = " + secret,
		"pod environment":      `{"name":"MINIO_SECRET_KEY","value":"` + secret + `"}`,
		"pod environment yaml": "- name: RESTIC_PASSWORD\n  value: " + secret,
		"argument of br":       "--storage=s3://b/p?access-key=AKIAIOSFODNN7EXAMPLE&secret-access-key=" + secret,
		"argument apart":       "br backup --s3.secret-access-key " + secret + " --pd x:2379",
		"url":                  "dial https://user:" + secret + "@s3.example.com/bucket",
		"proxy":                "proxy socks5://u:" + secret + "@10.0.0.1:1080 refused",
		"dsn":                  "root:" + secret + "@tcp(basic-tidb:4000)/test",
		"presigned":            "Get \"https://s3/b/k?X-Amz-Expires=900&X-Amz-Signature=" + secret + "&x-id=GetObject\": EOF",
		"presigned token":      "https://s3/b/k?X-Amz-Security-Token=" + secret,
		"sas":                  "https://a.blob.core.windows.net/c?sv=2024&sig=" + secret,
		"azure connection":     "AccountName=a;AccountKey=" + secret + ";EndpointSuffix=core.windows.net",
		"authorization":        "Authorization: Bearer " + secret,
		"authorization map":    "map[Authorization:[Basic " + secret + "]]",
		"authorization v4":     "Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261121, Signature=" + secret,
		"bearer alone":         "sent bearer " + secret,
		"jwt":                  "token eyJhbGciOiJSUzI1NiJ9.eyJ" + secret + "." + secret,
		"google token":         "ya29." + secret,
		"private key":          "-----BEGIN RSA PRIVATE KEY-----\n" + secret + "\n-----END RSA PRIVATE KEY-----",
		"private key cut":      "key: -----BEGIN PRIVATE KEY-----\n" + secret,
		"private key tail":     secret + "\n-----END PRIVATE KEY-----",
		"private key json":     `"private_key":"-----BEGIN PRIVATE KEY-----\n` + secret + `\n-----END PRIVATE KEY-----\n"`,
		"base64 of pem":        "LS0tLS1CRUdJTi" + secret,
		"password":             "password=" + secret,
		"quoted password":      `password='` + secret + ` with spaces'`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := Text(in)
			if strings.Contains(out, secret) || strings.Contains(out, "AKIAIOSFODNN7EXAMPLE") {
				t.Errorf("Text(%q) = %q still holds the secret", in, out)
			}
			if !strings.Contains(out, Mask) {
				t.Errorf("Text(%q) = %q does not show that something was taken out", in, out)
			}
			if again := Text(out); again != out {
				t.Errorf("redacting twice changes %q to %q", out, again)
			}
		})
	}
}

func TestTextMasksOnlyTheSecret(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"dial https://me:pw@s3.example.com:9000/b": "dial https://***@s3.example.com:9000/b",
		`{"accessKey":"abc","bucket":"b"}`:         `{"accessKey":"***","bucket":"b"}`,
		"?a=1&sig=abc&b=2":                         "?a=1&sig=***&b=2",
		"id AKIAIOSFODNN7EXAMPLE is unknown":       "id *** is unknown",
		"Authorization: Bearer abc":                "Authorization: Bearer ***",
	} {
		if got := Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTextLeavesOrdinaryTextAlone(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"",
		"failed to clean backup: blob (code=Unknown): RequestError: send request failed\n" +
			`caused by: Get "http://dead.lab.svc:9999/backup?list-type=2&max-keys=1000&prefix=demo%2F": dial tcp 127.0.0.1:9999: connect: connection refused`,
		"InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records, status code: 403, request id: 16F2A, host id: abc",
		"SignatureDoesNotMatch: The request signature we calculated does not match",
		`secrets "s3-secret" not found`,
		"spec.s3.secretName: s3-secret",
		"the Secret tidb-test/s3-secret has no key secret_key",
		"backup full --pd=basic-pd.tidb-test:2379 --storage=s3://backup/demo --s3.region=us-east-1 --s3.endpoint=http://minio.s3:9000",
		"Event(v1.ObjectReference{Kind:\"Backup\", Namespace:\"tidb-test\"}): type: 'Normal' reason: 'SuccessfulCreate' create job",
		"object key=backup/2026/11/21 etag=9b2cf535f27731c974343645a3985328",
		"mail someone@example.com",
		"2026-11-21T08:09:33Z E1121 password authentication failed for user root",
	} {
		if got := Text(in); got != in {
			t.Errorf("Text changed ordinary text\n got %q\nwant %q", got, in)
		}
	}
}

// FuzzText holds that redacting twice changes nothing, that the text grows by
// no more than its masks, and that a named secret never comes through.
func FuzzText(f *testing.F) {
	f.Add("Authorization: Bearer x", "hunter2hunter2")
	f.Add("https://u:p@h/?sig=1&X-Amz-Signature=2", "aaaa")
	f.Add(`{"name":"A_TOKEN","value":"x"}`, "bbbbbb")
	f.Add("password=\npassword: \"a\\\"b\"", "cccc")
	f.Fuzz(func(t *testing.T, text, password string) {
		out := Text(text)
		if again := Text(out); again != out {
			t.Errorf("Text(%q) = %q, and again %q", text, out, again)
		}
		if limit := len(text) * (1 + len(Mask)); len(out) > limit {
			t.Errorf("Text(%q) grew to %q", text, out)
		}
		if len(password) < 8 || strings.Trim(password, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return
		}
		if strings.Contains(text, password) {
			return
		}
		if out := Text(text + "\nAWS_SECRET_ACCESS_KEY=" + password); strings.Contains(out, password) {
			t.Errorf("the password %q came through: %q", password, out)
		}
	})
}
