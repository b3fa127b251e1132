package lab

import (
	"encoding/base64"
	"fmt"
	"os"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/pki"
)

// writeAccess writes the token file of the API server and a kubeconfig for the admin and every user.
func (l *Lab) writeAccess() error {
	authority, err := os.ReadFile(l.certificate(pki.Authority))
	if err != nil {
		return fmt.Errorf("read certificate authority: %w", err)
	}
	var tokens strings.Builder
	fmt.Fprintf(&tokens, "%s,admin,admin,\"system:masters\"\n", l.state.Tokens[""])
	if err := l.writeKubeconfig("", "admin", authority); err != nil {
		return err
	}
	for _, user := range users {
		fmt.Fprintf(&tokens, "%s,%s,%s\n", l.state.Tokens[user], user, user)
		if err := l.writeKubeconfig(user, user, authority); err != nil {
			return err
		}
	}
	if err := os.WriteFile(l.Workspace.State("tokens.csv"), []byte(tokens.String()), 0o600); err != nil {
		return fmt.Errorf("write tokens: %w", err)
	}
	return nil
}

func (l *Lab) writeKubeconfig(user, name string, authority []byte) error {
	content := fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: lab
clusters:
- name: lab
  cluster:
    server: %s
    certificate-authority-data: %s
contexts:
- name: lab
  context: {cluster: lab, user: %s, namespace: default}
users:
- name: %s
  user:
    token: %s
`, l.url("https", portAPIServer), base64.StdEncoding.EncodeToString(authority), name, name, l.state.Tokens[user])
	if err := os.WriteFile(l.Workspace.Kubeconfig(user), []byte(content), 0o600); err != nil {
		return fmt.Errorf("write kubeconfig of %s: %w", name, err)
	}
	return nil
}
