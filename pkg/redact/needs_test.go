package redact

import "testing"

// FuzzNeeds holds that whatever a pattern finds has one of the texts by which it
// is chosen to run: otherwise a secret would come through.
func FuzzNeeds(f *testing.F) {
	for _, text := range []string{
		"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----", "abc\n-----END EC PRIVATE KEY-----", "LS0tLS1CRUdJTix", "QUtJQxxxxxxxxxxxxxxxxxxxx",
		"HTTPS://u:p@h", "u:p@tcp(h)", "u:p@unix(h)", "eyJaaaaa.b.c", "ya29.x", "AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE", "AROAIOSFODNN7EXAMPLE", "AIDAIOSFODNN7EXAMPLE",
		"AQaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa==", "AUTHORIZATION: map[[Digest x", "Bearer aaaaaaaaaaaaaaaa",
		"secretKey=x", "access-key-id=x", "accountkey=x", "private_key=x", "APIKEY=x", "sse_customer_key=x", "shared-access-signature=x", "shared_access_key=x",
		"session-token=x", "sastoken: x1", "clientsecret=x", "passphrase=x", "password=x", "passwd=x", "x-amz-credential=x", "x-goog-signature=x",
		"token=x", " secret=x", " sig=x", " pwd=x", "credential=x", "--my-password x", "name: A_TOKEN, value: x", "PAſſWORD=x", "to\u212Aen=x",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range rules {
			for _, found := range r.pattern.FindAllString(text, -1) {
				if !containsAny(folded(found), r.needs) {
					t.Errorf("%q is found by %s and has none of %q", found, r.pattern, r.needs)
				}
			}
		}
		for _, found := range named.FindAllString(text, -1) {
			if !containsAny(folded(found), namedNeeds) {
				t.Errorf("%q is found as named and has none of %q", found, namedNeeds)
			}
		}
	})
}

// BenchmarkText is a line as Velero writes it, without a secret.
func BenchmarkText(b *testing.B) {
	const line = `time="2026-11-21T18:47:21Z" level=info msg="Backed up 12 items out of an estimated total of 40 (estimate will change throughout the backup)" backup=velero/nightly logSource="pkg/backup/backup.go:625" name=db-0 namespace=shop progress= resource=pods`
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		Text(line)
	}
}
