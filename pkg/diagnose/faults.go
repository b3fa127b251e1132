package diagnose

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const (
	wipeDanger  = "The clean-up that then succeeds erases every object under the prefix at that place, whoever wrote it. Look at the place first."
	faultSource = "log of the failed pod or the condition that quotes it; error texts of Go's net package, of the AWS SDKs and of S3 servers"
)

func faultEntries() []entry {
	return []entry{
		{Code{
			Code:    "BK-S301",
			Title:   "the storage endpoint does not answer the backup's Job",
			Explain: "The Job tried to connect to the endpoint of the object storage and got no connection. What lies there is not known: unreachable is not empty.",
			Why:     "The endpoint in the object is wrong, the storage is down, its Service has no ready pods, DNS does not know the name, or a network policy forbids the way.",
			Fix:     "Bring the storage back, or correct the endpoint in the object, and then let the clean-up run again. Correcting the endpoint alone changes nothing: the Job that exists keeps the old one.",
			Danger:  wipeDanger,
			Source:  faultSource,
		}, judgeFault("BK-S301", isReason(backup.ReasonUnreachable), unreachable, atEndpoint)},
		{Code{
			Code:    "BK-S302",
			Title:   "the storage endpoint does not answer in time",
			Explain: "Connections or requests to the storage ran into a timeout. The endpoint may exist and be cut off by a firewall that drops packets, or be overloaded.",
			Why:     "A network policy or firewall without an answer, a proxy that hangs, a storage that is too slow for the clean-up's pages.",
			Fix:     "Test the way from a pod of the same namespace; then let the clean-up run again.",
			Danger:  wipeDanger,
			Source:  faultSource,
		}, judgeFault("BK-S302", isReason(backup.ReasonTimeout), timedOut, atEndpoint)},
		{Code{
			Code:    "BK-S303",
			Title:   "TLS to the storage endpoint fails",
			Explain: "The connection was made, but the certificate is not trusted or the server does not speak TLS.",
			Why:     "A private certificate authority that the pod does not know, an expired certificate, a name that the certificate does not carry, or https for a server that speaks plain http.",
			Fix:     "Repair the certificate or the trust of the pod. If the server speaks plain http, correct the scheme of the endpoint.",
			Danger:  "Switching verification off lets others answer in place of the storage.",
			Source:  faultSource,
		}, judgeFault("BK-S303", isReason(backup.ReasonTLS), tlsFails, atEndpoint)},
		{Code{
			Code:    "BK-S304",
			Title:   "the region is wrong",
			Explain: "The storage refused the request because it was signed for another region. That is neither empty nor denied; the answer usually names the right region.",
			Why:     "The region in the object is missing or wrong. Lenient servers accept any region, strict ones do not.",
			Fix:     "Correct the region in the object, then let the clean-up run again. To only look, use --storage-region.",
			Danger:  wipeDanger,
			Source:  faultSource + "; HTTP 400 AuthorizationHeaderMalformed, HTTP 301 PermanentRedirect",
		}, judgeFault("BK-S304", isReason(backup.ReasonWrongRegion), wrongRegion, atRegion)},
		{Code{
			Code:    "BK-S305",
			Title:   "the bucket does not exist",
			Explain: "The storage answered that it has no such bucket. Either the bucket was removed and its data with it, or the request went to the wrong storage, where a bucket of that name never existed.",
			Why:     "The bucket was deleted by hand, the name is misspelt, or the endpoint is that of another storage.",
			Fix:     "If the bucket is really gone, an empty one of the same name lets the clean-up succeed. If endpoint or name is wrong, correct it.",
			Danger:  "At the wrong storage a missing bucket says nothing about the data.",
			Source:  faultSource + "; NoSuchBucket",
		}, judgeFault("BK-S305", func(f *backup.StorageFault) bool { return f.BucketMissing }, bucketMissing, atBucket)},
	}
}

func isReason(r backup.UnknownReason) func(*backup.StorageFault) bool {
	return func(f *backup.StorageFault) bool { return f.Reason == r && !f.BucketMissing }
}

// account is what a fault check says of one voice: the predicate of the title,
// and the fixes besides retrying.
type account func(ev *backup.Evidence, v *voice, loc backup.Location) (predicate string, fixes []backup.Fix)

// blame names what is at fault, in the same words for every object that meets it.
type blame func(v *voice, loc backup.Location) string

func atEndpoint(v *voice, loc backup.Location) string {
	name, _ := endpointName(v, loc)
	return "endpoint " + name
}

func atRegion(v *voice, loc backup.Location) string {
	return fmt.Sprintf("region %q at %s", loc.Region, atEndpoint(v, loc))
}

func atBucket(_ *voice, loc backup.Location) string {
	return fmt.Sprintf("bucket %q at %s", loc.Bucket, orElse(loc.Endpoint, "the provider's endpoint"))
}

// judgeFault raises the code where the clean-up or the run said that fault.
func judgeFault(code string, is func(*backup.StorageFault) bool, say account, at blame) func(*backup.Evidence) []backup.Finding {
	return func(ev *backup.Evidence) []backup.Finding {
		var clean *voice
		if ev.Object.Deleting() {
			clean = cleanVoice(ev)
		}
		run := runVoice(ev)
		saidBy := func(v *voice) bool { return v != nil && v.fault != nil && is(v.fault) }
		switch {
		case saidBy(clean):
			found := faultFinding(ev, code, backup.SeverityCause, clean, say, at)
			if saidBy(run) {
				found.Proof = append(found.Proof, run.proof...)
				found.Explain += " The " + runName(ev) + " failed of the same."
			}
			return one(found)
		case saidBy(run) && !ev.Object.Deleting():
			return one(faultFinding(ev, code, backup.SeverityCause, run, say, at))
		case saidBy(run):
			return one(faultFinding(ev, code, backup.SeverityInfo, run, say, at))
		}
		return nil
	}
}

func faultFinding(ev *backup.Evidence, code string, severity backup.Severity, v *voice, say account, at blame) backup.Finding {
	predicate, fixes := say(ev, v, place(ev))
	found := problem(code, severity, v.subject, v.who+" "+predicate)
	found.Cause = at(v, place(ev))
	found.Explain = "What lies at the place cannot be told from that: an error is not an empty place."
	found.Proof = append(found.Proof, v.proof...)
	if p, also := ownLook(ev); p.Text != "" {
		found.Proof = append(found.Proof, p)
		found.Explain += also
	}
	found.Fixes = fixes
	return found
}

// ownLook is what our own request to the first place showed, beside the Job's.
func ownLook(ev *backup.Evidence) (backup.Proof, string) {
	if len(ev.Storage) == 0 || ev.Storage[0].Requests == 0 {
		return backup.Proof{}, ""
	}
	v := ev.Storage[0]
	at := v.At
	proof := backup.Proof{Text: "from here: " + seen(v), Source: "request to the storage, " + orElse(v.Vantage, "direct"), At: &at}
	if v.Class != backup.VerdictUnknown {
		return proof, " From here the storage answers, so either the cause is gone or the pod takes another way."
	}
	return proof, ""
}

func unreachable(ev *backup.Evidence, v *voice, loc backup.Location) (string, []backup.Fix) {
	name, corrected := endpointName(v, loc)
	predicate := fmt.Sprintf("cannot reach %s (%s)", name, faultWord(v.text, "no connection"))
	if corrected {
		return predicate + fmt.Sprintf("; the object now names %s", loc.Endpoint), retry(ev, "Lets the clean-up run again, with the endpoint that the object names now.")
	}
	fixes := serviceFix(ev, loc)
	fixes = append(fixes, retry(ev, "Once the endpoint answers again, lets the clean-up run again.")...)
	return predicate, append(fixes, correct(ev, loc, "endpoint", "<right endpoint>")...)
}

func timedOut(ev *backup.Evidence, v *voice, loc backup.Location) (string, []backup.Fix) {
	name, _ := endpointName(v, loc)
	fixes := append(serviceFix(ev, loc), retry(ev, "Once the endpoint answers in time, lets the clean-up run again.")...)
	return "got no answer in time from " + name, append(fixes, correct(ev, loc, "endpoint", "<right endpoint>")...)
}

func tlsFails(ev *backup.Evidence, v *voice, loc backup.Location) (string, []backup.Fix) {
	name, _ := endpointName(v, loc)
	fixes := retry(ev, "Once the certificate is trusted, lets the clean-up run again.")
	if strings.Contains(strings.ToLower(v.text), "http response to https") {
		return "asks " + name + " with https, and the server speaks plain http", append(fixes, correct(ev, loc, "endpoint", "http://"+hostOf(loc.Endpoint))...)
	}
	return "cannot make a trusted connection to " + name + ": " + gist(v.text), fixes
}

func wrongRegion(ev *backup.Evidence, v *voice, loc backup.Location) (string, []backup.Fix) {
	right := orElse(v.fault.RightRegion, "<right region>")
	predicate := fmt.Sprintf("signs for region %q, which is wrong", loc.Region)
	if v.fault.RightRegion != "" {
		predicate += fmt.Sprintf("; the server expects %q", right)
	}
	return predicate, correct(ev, loc, "region", right)
}

func bucketMissing(ev *backup.Evidence, v *voice, loc backup.Location) (string, []backup.Fix) {
	fixes := retry(ev, "If the bucket is really gone: make an empty one of that name, then this lets the clean-up succeed.")
	return fmt.Sprintf("finds no bucket %q at %s", loc.Bucket, orElse(loc.Endpoint, "the provider's endpoint")),
		append(fixes, correct(ev, loc, "bucket", "<right bucket>")...)
}

// faultWord is the short cause that people know, as far as the text has one.
func faultWord(text, otherwise string) string {
	low := strings.ToLower(text)
	for _, word := range []string{
		"connection refused", "no such host", "no route to host", "network is unreachable", "connection reset", "server misbehaving",
	} {
		if strings.Contains(low, word) {
			return word
		}
	}
	return otherwise
}
