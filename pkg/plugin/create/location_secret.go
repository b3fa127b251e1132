package create

import (
	"fmt"
	"os"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/storage"
)

// mostCredentials bounds a file of credentials: a Secret holds a MiB at most.
const mostCredentials = 1 << 20

// secret makes the step that makes the Secret, and has the looks before it see it
// as if it were there.
func (f *locationFlags) secret(o *options) error {
	content, err := os.ReadFile(f.credentials)
	switch {
	case err != nil:
		return fmt.Errorf("--credentials-file: %w", err)
	case len(content) == 0 || len(content) > mostCredentials:
		return &cli.UsageError{Text: fmt.Sprintf("--credentials-file: %s has %d bytes and is no file of credentials", f.credentials, len(content))}
	}
	name, key := compose.CredentialOf(o.object)
	if err := compose.Put(o.object, "spec.credential", map[string]any{"name": name, "key": key}); err != nil {
		return err
	}
	data := map[string][]byte{key: content}
	if flaws := flawsOf(o, data); len(flaws) > 0 {
		return &cli.UsageError{Text: "--credentials-file: " + strings.Join(flaws, "; ")}
	}
	ref := backup.Ref{Version: "v1", Resource: "secrets", Kind: "Secret", Namespace: o.ref.Namespace, Name: name}
	o.before = append(o.before, backup.Step{
		Kind: backup.StepCreate, Target: ref, Effect: backup.EffectCreates, SecretData: data,
		Object: compose.Secret(o.kind.System, o.ref.Namespace, name),
		Does:   "make " + ref.Human() + " with the credentials, in key " + key,
		Undo:   "'kubectl delete secret " + name + " -n " + o.ref.Namespace + "'",
	})
	o.collector = o.collector.WithSecret(ref, data)
	return nil
}

// flawsOf are what is wrong with the form of the file, as its reader would find it.
func flawsOf(o *options, data map[string][]byte) []string {
	view := o.kind.View(o.object)
	if len(view.Locations) == 0 {
		return nil
	}
	return storage.SecretForm(view.Locations[0].Credentials, data)
}
