package diagnose

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func credentialEntries() []entry {
	return []entry{
		{Code{
			Code:    "BK-C401",
			Title:   "the storage denies the request",
			Explain: "The credentials are known to the storage, but may not do what the Job asked for. Without the right to list, storages answer 403 even for keys that do not exist, so nothing follows about the data.",
			Why:     "A bucket policy or role lacks the right to list or to delete. Backups often work with the right to write alone, and only the clean-up needs more.",
			Fix:     "Grant list and delete on the prefix, then let the clean-up run again.",
			Danger:  wipeDanger,
			Source:  faultSource + "; AccessDenied, HTTP 403",
		}, judgeFault("BK-C401", isReason(backup.ReasonDenied), denied, ofIdentity)},
		{Code{
			Code:    "BK-C402",
			Title:   "the storage does not accept the credentials",
			Explain: "The access key is not known to the storage, the signature does not match, a token has expired, or the pod found no credentials at all.",
			Why:     "Keys were rotated, the Secret holds those of another storage, a trailing line break got into a value, or the clock of the node is wrong.",
			Fix:     "Put the right values into the Secret that the object names, then let the clean-up run again.",
			Danger:  wipeDanger,
			Source:  faultSource + "; InvalidAccessKeyId, SignatureDoesNotMatch, ExpiredToken",
		}, judgeFault("BK-C402", isReason(backup.ReasonCredentials), credentialsWrong, ofIdentity)},
		{Code{
			Code:    "BK-C407",
			Title:   "the Job's service account lacks a right in the cluster",
			Explain: "The Job's program asked the API server for something that its service account may not do. That is a refusal of the cluster, not of the storage.",
			Why:     "The service account was made by hand without its role, or the role binding is gone.",
			Fix:     "Bind the role that the system's documentation names to the service account, then let the work run again.",
			Danger:  "A role that is wider than documented holds for every pod that runs as this account.",
			Source:  "log of the failed pod or the condition that quotes it; message `is forbidden: User`",
		}, judgeForbidden},
	}
}

// ofIdentity blames the credentials, or the identity of the pod where the object
// names none.
func ofIdentity(v *voice, loc backup.Location) string {
	return orElse(loc.Credentials.String(), "the identity of the pod") + " at " + atEndpoint(v, loc)
}

func denied(ev *backup.Evidence, v *voice, loc backup.Location) (string, []backup.Fix) {
	name, _ := endpointName(v, loc)
	fixes := []backup.Fix{{
		Does:    "Grant the identity of " + orElse(loc.Credentials.String(), "the pod") + " list and delete on " + placeName(loc) + ", on the side of the storage.",
		DoesNot: "Nothing in the cluster needs to be changed for that.",
	}}
	return "is denied by " + name + ": " + gist(v.text), append(fixes, retry(ev, "Once the rights are granted, lets the clean-up run again.")...)
}

func credentialsWrong(ev *backup.Evidence, v *voice, loc backup.Location) (string, []backup.Fix) {
	name, _ := endpointName(v, loc)
	return fmt.Sprintf("has credentials that %s does not accept: %s", name, gist(v.text)), secretFix(ev, loc.Credentials)
}

func judgeForbidden(ev *backup.Evidence) []backup.Finding {
	v := runVoice(ev)
	if ev.Object.Deleting() {
		v = cleanVoice(ev)
	}
	if v == nil || !forbiddenByCluster(v.text) {
		return nil
	}
	found := problem("BK-C407", backup.SeverityCause, v.subject, v.who+" lacks a right in the cluster: "+gist(v.text))
	found.Cause = forbiddenUser(v.text)
	found.Proof = v.proof
	found.Fixes = retry(ev, "Once its service account has the right, lets the clean-up run again.")
	return one(found)
}

// forbiddenUser is whom the API server refused, as it says so itself.
func forbiddenUser(text string) string {
	_, rest, _ := strings.Cut(text, `User "`)
	name, _, ended := strings.Cut(rest, `"`)
	if !ended {
		return ""
	}
	return "user " + name
}

// secretFix writes the right values into an existing Secret and retries.
func secretFix(ev *backup.Evidence, c backup.CredentialsRef) []backup.Fix {
	if c.Secret == "" {
		return retry(ev, "Once the pod's own identity may use the storage, lets the clean-up run again.")
	}
	patch := patchSecret(c.Namespace, c.Secret)
	if fixes := retry(ev, "Puts the right values into "+c.String()+", and lets the clean-up run again.", patch); fixes != nil {
		return fixes
	}
	return []backup.Fix{{Does: "Puts the right values into " + c.String() + ".", Commands: []string{patch}}}
}

func needEntries() []entry {
	const source = "the objects that the profile's needs name; events FailedCreate"
	return []entry{
		{Code{
			Code:    "BK-C403",
			Title:   "a Secret that is needed does not exist",
			Explain: "The object names a Secret that is not there. Without it neither a run nor a clean-up can be started.",
			Why:     "It was deleted first, often together with the rest of the namespace or by a tool that prunes.",
			Fix:     "Make the Secret again with the keys that are named. In a namespace that is being deleted nothing new can be made.",
			Danger:  "With the Secret back, an erasing clean-up may run at once.",
			Source:  source,
		}, judgeNeeds("BK-C403", func(n backup.Need) bool { return n.Ref.Resource == "secrets" }, secretMissing)},
		{Code{
			Code:    "BK-C404",
			Title:   "a Secret lacks a key that is needed",
			Explain: "The Secret is there, but without a key that the object's Jobs read from it.",
			Why:     "The Secret was made for another system, or a key is misspelt.",
			Fix:     "Add the key.",
			Danger:  "none beyond the clean-up that may then run",
			Source:  source,
		}, judgeKeys},
		{Code{
			Code:    "BK-C405",
			Title:   "the service account of the Jobs does not exist",
			Explain: "The Job exists and its pods are refused, because the service account that they run as is not there. The Job reports no failure.",
			Why:     "It was never made in this namespace, or went with a release that was uninstalled.",
			Fix:     "Make the service account with the role that the system's documentation names; the Job controller tries again by itself.",
			Danger:  "With the account back, an erasing clean-up may run at once.",
			Source:  source,
		}, judgeServiceAccount},
		{Code{
			Code:    "BK-C406",
			Title:   "another object that is needed does not exist",
			Explain: "The object refers to another one, such as the cluster that was backed up, without which its owner cannot go on.",
			Why:     "The other object was deleted first.",
			Fix:     "Bring it back if that is possible, else take a way out that does not need it.",
			Danger:  "An object of the same name is not the same object: its owner may start a new, empty cluster.",
			Source:  source,
		}, judgeNeeds("BK-C406", func(n backup.Need) bool { return n.Ref.Resource != "secrets" && n.Ref.Resource != "serviceaccounts" }, objectMissing)},
	}
}

// keyFlags are the flags that read the keys of a Secret from files.
func keyFlags(keys []string) []string {
	var flags []string
	for _, k := range keys {
		flags = append(flags, fmt.Sprintf("--from-file=%s=<file>", k))
	}
	return flags
}

// keyList is "keys a and b".
func keyList(keys []string) string {
	if len(keys) == 1 {
		return "key " + keys[0]
	}
	return "keys " + strings.Join(keys[:len(keys)-1], ", ") + " and " + keys[len(keys)-1]
}
