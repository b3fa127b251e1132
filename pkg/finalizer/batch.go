package finalizer

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// CondOneAtATime is no row of the table: data is erased for one object at a time.
const CondOneAtATime = "one-at-a-time"

// ForMany is a plan as one of many. Nobody reads the contents of many places
// with care, so that a way which erases is refused unless nothing is there.
func ForMany(plan backup.Plan) backup.Plan {
	somethingThere := func(v backup.StorageVerdict) bool { return !v.Class.Clear() }
	if plan.Effect != backup.EffectErases || len(plan.Storage) > 0 && !slices.ContainsFunc(plan.Storage, somethingThere) {
		return plan
	}
	row := refuse("what may hold data is erased for one object at a time; name it alone")
	row.Condition = CondOneAtATime
	plan.Gate = append(slices.Clone(plan.Gate), row)
	plan.Decision = backup.DecisionRefused
	return plan
}

// NewBatch puts the plans of several objects together, in their order. Only
// those that are allowed are carried out, and only those are bound by the digest.
func NewBatch(plans []backup.Plan) backup.PlanList {
	list := backup.PlanList{APIVersion: backup.APIVersion, Kind: "PlanList", Items: plans}
	for _, plan := range plans {
		switch err := Refusal(plan); {
		case err == nil:
			list.Free++
		case errors.Is(err, ErrUndecided):
			list.Undecided++
		default:
			list.Refused++
		}
	}
	if len(plans) > 0 {
		list.At, list.Cluster = plans[0].At, plans[0].Cluster
	}
	list.Digest = batchDigest(Batch(list))
	return list
}

// Batch are the plans of a list that are carried out, in their order.
func Batch(list backup.PlanList) []backup.Plan {
	var out []backup.Plan
	for _, plan := range list.Items {
		if Refusal(plan) == nil {
			out = append(out, plan)
		}
	}
	return out
}

// batchDigest binds the plans and their order. A plan without a digest cannot
// be confirmed, and neither can a batch that holds it.
func batchDigest(plans []backup.Plan) string {
	digests := make([]string, 0, len(plans))
	for _, plan := range plans {
		if plan.Digest == "" {
			return ""
		}
		digests = append(digests, plan.Digest)
	}
	if len(digests) == 0 {
		return ""
	}
	sum := sha256.Sum256([]byte("batch\n" + strings.Join(digests, "\n")))
	return hex.EncodeToString(sum[:])[:digestLength]
}

// BatchAnswer is the answer to a list of plans that was shown: on a terminal
// what is freed, as [BatchWords] counts it, and each path that the gates ask to
// have typed back; elsewhere the digest.
type BatchAnswer struct {
	Words  string
	Paths  []string
	Digest string
}

// BatchWords is what a person types to confirm a list: the number and the
// resource of all objects that would be freed, such as "3 backups.pingcap.com".
func BatchWords(list backup.PlanList) string {
	count := map[string]int{}
	var kinds []string
	for _, plan := range Batch(list) {
		kind := plan.Target.GroupResource()
		if count[kind] == 0 {
			kinds = append(kinds, kind)
		}
		count[kind]++
	}
	slices.Sort(kinds)
	for i, kind := range kinds {
		kinds[i] = fmt.Sprintf("%d %s", count[kind], kind)
	}
	return strings.Join(kinds, ", ")
}

// BatchTypeBack are the paths that have to be typed to confirm a list on a terminal.
func BatchTypeBack(list backup.PlanList) []string {
	var paths []string
	for _, plan := range Batch(list) {
		for _, path := range TypeBack(plan) {
			paths = appendOnce(paths, path)
		}
	}
	return paths
}

// Confirms returns nil where the answer confirms this very list, else an error
// that wraps ErrNotConfirmed. A list that writes nothing needs no answer.
func (a BatchAnswer) Confirms(list backup.PlanList) error {
	switch {
	case !slices.ContainsFunc(Batch(list), writes):
		return nil
	case list.Digest == "":
		return &notConfirmedError{"the plans have no digest"}
	case a.Digest == list.Digest:
		return nil
	case a.Digest != "":
		return &notConfirmedError{"the digest " + a.Digest + " is not that of the plans, " + list.Digest}
	case a.Words == "":
		return &notConfirmedError{"neither was their number typed on a terminal nor their digest given"}
	case a.Words != BatchWords(list):
		return &notConfirmedError{"the number and the kind of the objects were not typed"}
	}
	for _, path := range BatchTypeBack(list) {
		if !contains(a.Paths, path) {
			return &notConfirmedError{"the path " + path + " was not typed"}
		}
	}
	return nil
}

// Surprise says why a batch stops after a result: an error, or an end that the
// plan did not promise. It is empty where the batch goes on.
func Surprise(result backup.Result, err error) string {
	name := result.Plan.Target.Human()
	switch {
	case err != nil:
		return name + ": " + err.Error()
	case result.Ended == endedGone, result.Ended == endedReplaced, result.Ended == endedDone:
		return ""
	case result.Ended == endedReleased && expectedHolds(result):
		return ""
	case result.Ended == stateWaiting:
		return name + " is still there after the time that was given"
	}
	return name + " ended " + result.Ended
}

// expectedHolds tells whether what still holds a released object was there
// when it was planned.
func expectedHolds(result backup.Result) bool {
	return !slices.ContainsFunc(result.Holds, func(name string) bool { return !contains(result.Plan.Finalizers, name) })
}
