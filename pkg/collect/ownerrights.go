package collect

import (
	"context"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// ownerRights asks whether the ServiceAccount of a controller may do its part:
// write to the object, and make the clean-up Job. What is refused is asked for
// in its own namespace too, since a Role in place of a ClusterRole ends there.
// A user who may not ask learns nothing, and that is no gap.
func (g *gather) ownerRights(ctx context.Context, d backup.Deployment) []backup.Access {
	reviewer, ok := g.Cluster.(cluster.SubjectReviewer)
	if !ok || d.Account == "" || !g.ev.Object.Deleting() {
		return nil
	}
	account := "system:serviceaccount:" + d.Ref.Namespace + ":" + d.Account
	var rights []backup.Access
	ask := func(verb string, ref backup.Ref) backup.Answer {
		ref.UID = ""
		allowed, reason, err := reviewer.MayUser(ctx, account, verb, ref)
		if err != nil {
			return backup.Unknown
		}
		rights = append(rights, backup.Access{Verb: verb, Ref: ref, Allowed: allowed, Reason: reason})
		return allowed
	}
	questions := []backup.Access{{Verb: "update", Ref: g.ev.Object.Ref}}
	for _, w := range g.ev.Object.Works {
		if w.Role == backup.WorkClean {
			questions = append(questions, backup.Access{Verb: "create", Ref: w.Ref})
		}
	}
	for _, q := range questions {
		if ask(q.Verb, q.Ref) == backup.No && q.Ref.Namespace != d.Ref.Namespace && q.Ref.Namespace != "" {
			home := q.Ref
			home.Namespace = d.Ref.Namespace
			ask(q.Verb, home)
		}
	}
	return rights
}

// refused tells whether a log line is the API server's refusal of a right to a
// ServiceAccount.
func refused(line string) bool {
	return strings.Contains(line, ` is forbidden: User `) && strings.Contains(line, "system:serviceaccount:")
}
