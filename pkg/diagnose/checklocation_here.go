package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const (
	lookedSource = "a listing of the location's prefix from this machine, with the credentials of its Secret"
	layoutSource = "velero@v1.18.3 pkg/persistence/object_store.go, IsValid"
)

// reachEntries are about the way to the bucket from this machine.
func reachEntries() []entry {
	return []entry{
		{Code{
			Code: "BK-L810", Title: "the location cannot be reached from this machine",
			Explain: "No answer of the storage came to this machine. Whether the server of the backup system gets one is another question.",
			Why:     "The endpoint is reachable from inside of the cluster only, a proxy or a firewall is in between, or the storage is down.",
			Fix:     "Compare with what the server says. --storage-proxy and --storage-endpoint name another way from here.",
			Danger:  "none", Source: lookedSource,
		}, onLocation(judgeReach)},
		{Code{
			Code: "BK-L811", Title: "the certificate of the storage is not trusted",
			Explain: "The endpoint answers with a certificate that neither the system nor the location's caCert vouches for.",
			Why:     "The storage has a certificate of a private authority, or the certificate expired or names another host.",
			Fix:     "Put the authority's certificate into spec.objectStorage.caCert, encoded in base64.",
			Danger:  "config.insecureSkipTLSVerify makes it work and lets anybody in between read the credentials' signatures and the backups.", Source: lookedSource,
		}, unseen(judgeTLS)},
		{Code{
			Code: "BK-L812", Title: "the bucket is in another region",
			Explain: "The storage refuses requests that are signed for the region of the location.",
			Why:     "config.region of the location is wrong or missing.",
			Fix:     "Set config.region to the region that the storage names.",
			Danger:  "none", Source: lookedSource,
		}, unseen(judgeRegion)},
		{Code{
			Code: "BK-L813", Title: "the storage refuses the credentials of the location",
			Explain: "The endpoint answers, and denies the listing: the key is unknown, the signature is wrong, or the right to list is missing.",
			Why:     "The key was replaced, its value was damaged on its way into the Secret, or its policy lacks s3:ListBucket.",
			Fix:     "Replace the value in the Secret, or grant the right to list, read, write and delete below the prefix.",
			Danger:  "none", Source: lookedSource,
		}, unseen(judgeRefused)},
		{Code{
			Code: "BK-L814", Title: "the bucket of the location does not exist",
			Explain: "The endpoint answered that it has no such bucket.",
			Why:     "The bucket was removed, its name is wrong, or the endpoint is that of another storage.",
			Fix:     "Correct spec.objectStorage.bucket or the endpoint. Velero makes no buckets.",
			Danger:  "A new bucket of the same name brings no backup back.", Source: lookedSource,
		}, unseen(judgeNoBucket)},
	}
}

// hereEntries are what this machine can say.
func hereEntries() []entry {
	return slices.Concat(reachEntries(), secretEntries(), rootEntries())
}

func judgeReach(ev *backup.Evidence, look *backup.LocationLook) []backup.Finding {
	v := look.Root.Verdict
	switch {
	case look.Root.Listed == backup.Yes:
		return one(fine("BK-L810", ev.Object.Ref, "listed from this machine: "+topWords(look.Root)))
	case v.Reason == backup.ReasonNotLooked:
		return one(skipped("BK-L810", ev.Object.Ref, "storage was not contacted from this machine"))
	case v.Class == backup.VerdictBucketMissing, isTLS(v), isRegion(v), isRefused(v):
		return nil // the storage answered: others say more
	case v.Reason == backup.ReasonEmptyPrefix:
		return one(unknown("BK-L810", ev.Object.Ref, "without a prefix it was not looked at: nothing tells its objects from those of others"))
	case v.Reason == backup.ReasonCredentials:
		return one(unknown("BK-L810", ev.Object.Ref, "this machine has no credentials for it", here(v)))
	}
	found := unknown("BK-L810", ev.Object.Ref, fmt.Sprintf("this machine does not reach it (%s)", v.Reason), here(v))
	found.Explain = "The server may reach it all the same: see what it says."
	return one(found)
}

// topWords is what lies at the top of a location.
func topWords(root backup.RootLook) string {
	switch {
	case len(root.Folders)+len(root.Objects) > 0:
	case root.Verdict.Current.Objects > 0: // only counted
		return "it has " + amount(root.Verdict)
	default:
		return "it is empty"
	}
	text := strings.Join(root.Folders[:min(len(root.Folders), 8)], " ")
	if len(root.Folders) > 8 || !root.Complete {
		text += " …"
	}
	if len(root.Objects) > 0 {
		text = strings.TrimSpace(text + " and " + counted(int64(len(root.Objects)), "object"))
	}
	return text
}

func isTLS(v backup.StorageVerdict) bool { return v.Reason == backup.ReasonTLS }
func isRegion(v backup.StorageVerdict) bool {
	return v.Reason == backup.ReasonWrongRegion || v.RightRegion != ""
}
func isRefused(v backup.StorageVerdict) bool {
	return v.Reason == backup.ReasonDenied || v.Reason == backup.ReasonCredentials && v.Identity != "" // the server was asked
}

func judgeTLS(ev *backup.Evidence, v backup.StorageVerdict) []backup.Finding {
	if !isTLS(v) {
		return nil
	}
	found := problem("BK-L811", forServer(ev), ev.Object.Ref, "the certificate of "+v.Location.Endpoint+" is not trusted")
	found.Proof = []backup.Proof{here(v)}
	return one(found)
}

func judgeRegion(ev *backup.Evidence, v backup.StorageVerdict) []backup.Finding {
	if !isRegion(v) || v.Class == backup.VerdictBucketMissing {
		return nil
	}
	found := problem("BK-L812", forServer(ev), ev.Object.Ref, "the bucket is not in region "+orElse(v.Location.Region, "us-east-1"))
	found.Proof = []backup.Proof{here(v)}
	if v.RightRegion != "" {
		found.Title += " but in " + v.RightRegion
		found.Fixes = []backup.Fix{{
			Does: "Names the region that the storage named.", DoesNot: "It changes nothing in the bucket.",
			Commands: []string{patchField(ev.Object.Ref, "spec.config.region", v.RightRegion)},
		}}
	}
	return one(found)
}

func judgeRefused(ev *backup.Evidence, v backup.StorageVerdict) []backup.Finding {
	if !isRefused(v) || isRegion(v) {
		return nil
	}
	found := problem("BK-L813", forServer(ev), ev.Object.Ref, "the storage refuses the credentials of "+orElse(v.Identity, "the location"))
	found.Proof = []backup.Proof{here(v)}
	return one(found)
}

func judgeNoBucket(ev *backup.Evidence, v backup.StorageVerdict) []backup.Finding {
	if v.Class != backup.VerdictBucketMissing {
		return nil
	}
	found := problem("BK-L814", backup.SeverityCause, ev.Object.Ref, fmt.Sprintf("bucket %q does not exist at %s", v.Location.Bucket, orElse(v.Location.Endpoint, "the provider's endpoint")))
	found.Proof = []backup.Proof{here(v)}
	return one(found)
}
