package finalizer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// digestLength is the number of hexadecimal digits of a digest.
const digestLength = 12

// bound is what a confirmation binds. What an operator changes every second
// (resourceVersion, times, counts) is not in it.
type bound struct {
	Context, Server, CAHash string
	Target                  backup.Ref
	Deleted                 string
	Finalizers              []string
	Finalizer               string
	Way                     string
	Effect                  backup.Effect
	Places                  []boundPlace
	Accepted                []backup.Risk
	Steps                   []boundStep
}

type boundPlace struct {
	Provider, Endpoint, Bucket, Prefix, Region string
	Object                                     bool
	Overridden                                 []string
	Class                                      backup.VerdictClass
	Reason                                     backup.UnknownReason
}

type boundStep struct {
	Kind   backup.StepKind
	Target backup.Ref
	UID    string
	Until  string
	Patch  []backup.PatchOp
	Orphan bool           `json:",omitempty"`
	Object map[string]any `json:",omitempty"` // so that digests of other steps stay what they were
}

// Digest is the short hash that a confirmation names. Two plans with the same
// digest do the same to the same object for the same reasons. It is empty for a
// plan that cannot be written as JSON, and such a plan cannot be confirmed.
func Digest(plan backup.Plan) string {
	b := bound{
		Context: plan.Cluster.Context, Server: plan.Cluster.Server, CAHash: plan.Cluster.CAHash,
		Target: plan.Target, Finalizers: plan.Finalizers, Finalizer: plan.Finalizer,
		Way: plan.Way, Effect: plan.Effect, Accepted: plan.Accepted,
	}
	if plan.Deleted != nil {
		b.Deleted = plan.Deleted.UTC().Format(time.RFC3339)
	}
	for _, v := range plan.Storage {
		l := v.Location
		b.Places = append(b.Places, boundPlace{
			Provider: l.Provider, Endpoint: l.Endpoint, Bucket: l.Bucket, Prefix: l.Prefix, Region: l.Region,
			Object: l.Object, Overridden: l.Overridden, Class: v.Class, Reason: v.Reason,
		})
	}
	for _, s := range plan.Steps {
		b.Steps = append(b.Steps, boundStep{Kind: s.Kind, Target: s.Target, UID: s.UID, Until: s.Until, Patch: stable(s.Patch), Orphan: s.Orphan, Object: s.Object})
	}
	data, err := json.Marshal(b)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])[:digestLength]
}

// stable leaves out the test of the resourceVersion.
func stable(ops []backup.PatchOp) []backup.PatchOp {
	var out []backup.PatchOp
	for _, op := range ops {
		if op.Path != resourceVersionPath {
			out = append(out, op)
		}
	}
	return out
}
