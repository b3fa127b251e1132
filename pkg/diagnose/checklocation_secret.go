package diagnose

import (
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// eBackup is the system whose Secrets need more than their values.
const eBackup = "e-backup"

func secretEntries() []entry {
	const source = "the names of the keys of the Secret and the form of their values; no value is shown"
	return []entry{
		{Code{
			Code: "BK-L815", Title: "the credentials Secret of the location is missing or cannot be used",
			Explain: "The location names a Secret, in its own namespace, and a key in it. Without them the server has no credentials for the bucket.",
			Why:     "The Secret was made in another namespace or under another name, its key is called otherwise, or it holds something else than the provider's plugin reads.",
			Fix:     "Make the Secret in the namespace of the location, with the key that spec.credential names.",
			Danger:  "none", Source: source,
		}, onLocation(judgeSecret)},
		{Code{
			Code: "BK-L816", Title: "the values of the credentials Secret are damaged",
			Explain: "A line break or an encoding too many is in what the Secret holds. It looks right in an editor, and the storage answers that the signature is wrong.",
			Why:     "`base64` without -w0 breaks long lines, `echo` without -n adds one at the end, and `data:` instead of `stringData:` wants exactly one encoding.",
			Fix:     "Make the Secret again with `kubectl create secret generic … --from-file`, which encodes by itself.",
			Danger:  "none", Source: source,
		}, onLocation(judgeSecretForm)},
		{Code{
			Code: "BK-L819", Title: "e-backup does not read this Secret",
			Explain: "e-backup reads a Secret for a bucket only if it has the label secret.everest.io/backup=true and the type cfe/secure-opaque.",
			Why:     "The Secret was made as for Velero.",
			Fix:     "Label the Secret. A type cannot be changed: make the Secret again with the right one.",
			Danger:  "none", Source: "the manual of e-backup",
		}, onLocation(judgeEBackupSecret)},
	}
}

func judgeSecret(ev *backup.Evidence, look *backup.LocationLook) []backup.Finding {
	s := look.Secret
	name := s.Ref.String()
	switch {
	case s.Ref.Unusable != "" || s.Ref.Secret == "":
		return one(skipped("BK-L815", ev.Object.Ref, "the location names no Secret that could be read"))
	case s.Lookup == backup.NotAsked:
		return one(skipped("BK-L815", ev.Object.Ref, name+" was not read"))
	case s.Lookup == backup.Absent:
		found := problem("BK-L815", forServer(ev), ev.Object.Ref, name+" does not exist")
		found.Explain = "The Secret has to be in the namespace of the location, with key " + orElse(s.Ref.Keys["file"], "cloud") + "."
		return one(found)
	case s.Lookup != backup.Found:
		return one(unknown("BK-L815", ev.Object.Ref, unread(name, s.Lookup, s.Error)))
	case s.Unusable != "":
		found := problem("BK-L815", forServer(ev), ev.Object.Ref, name+": "+shorten(s.Unusable))
		found.Proof = []backup.Proof{{Text: "its keys: " + orElse(strings.Join(s.Keys, ", "), "none"), Source: name}}
		return one(found)
	}
	return one(fine("BK-L815", ev.Object.Ref, name+" is there and holds credentials"))
}

func judgeSecretForm(ev *backup.Evidence, look *backup.LocationLook) []backup.Finding {
	if len(look.Secret.Flaws) == 0 {
		return nil
	}
	severity := backup.SeverityWarning
	if look.Root.Listed != backup.Yes {
		severity = forServer(ev)
	}
	found := problem("BK-L816", severity, ev.Object.Ref, "a value in "+look.Secret.Ref.String()+" is damaged: "+look.Secret.Flaws[0])
	for _, flaw := range look.Secret.Flaws[1:] {
		found.Proof = append(found.Proof, backup.Proof{Text: flaw, Source: look.Secret.Ref.String()})
	}
	found.Fixes = []backup.Fix{{
		Does: "Replaces the file of credentials; kubectl encodes it, once and without line breaks.",
		Commands: []string{
			command(inNamespace(look.Secret.Ref.Namespace, "kubectl", "create", "secret", "generic", look.Secret.Ref.Secret, "--from-file="+orElse(look.Secret.Ref.Keys["file"], "cloud")+"=<credentials file>")...) +
				" --dry-run=client -o yaml | kubectl apply -f -",
		},
	}}
	return one(found)
}

func judgeEBackupSecret(ev *backup.Evidence, look *backup.LocationLook) []backup.Finding {
	if ev.Object.System != eBackup || look.Secret.Lookup != backup.Found {
		return nil
	}
	name := look.Secret.Ref.String()
	var missing []string
	if look.Secret.Labelled == backup.No {
		missing = append(missing, "the label secret.everest.io/backup=true")
	}
	if look.Secret.Typed == backup.No {
		missing = append(missing, "the type cfe/secure-opaque")
	}
	switch {
	case len(missing) > 0:
		found := problem("BK-L819", forServer(ev), ev.Object.Ref, name+" lacks "+strings.Join(missing, " and "))
		if look.Secret.Labelled == backup.No {
			found.Fixes = []backup.Fix{{
				Does:     "Sets the label.",
				Commands: []string{command(inNamespace(look.Secret.Ref.Namespace, "kubectl", "label", "secret", look.Secret.Ref.Secret, "secret.everest.io/backup=true")...)},
			}}
		}
		return one(found)
	case look.Secret.Labelled == backup.Unknown || look.Secret.Typed == backup.Unknown:
		return one(unknown("BK-L819", ev.Object.Ref, "whether "+name+" has the label and the type that e-backup wants could not be read"))
	}
	return one(fine("BK-L819", ev.Object.Ref, name+" has the label and the type that e-backup wants"))
}
