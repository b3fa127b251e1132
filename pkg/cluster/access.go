package cluster

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// MayI asks with a SelfSubjectAccessReview, which is answered and not stored.
func (l *Live) MayI(ctx context.Context, verb string, ref backup.Ref, subresource string) (backup.Answer, string, error) {
	return l.review(ctx, servedAccessReviews, accessReview(verb, ref, subresource))
}

// review asks an access review of either sort.
func (l *Live) review(ctx context.Context, served backup.Served, question map[string]any) (backup.Answer, string, error) {
	c := callFor("create", served, "", "")
	body, err := json.Marshal(question)
	if err != nil {
		return backup.Unknown, "", c.Failed(err)
	}
	request := l.client.Post().SetHeader("Content-Type", "application/json").Body(bytes.NewReader(body))
	answer, err := l.do(ctx, request, c, l.options.Timeout, true)
	if err != nil {
		return backup.Unknown, "", err
	}
	defer answer.Close()
	var review struct {
		Status struct {
			Allowed         bool   `json:"allowed"`
			Denied          bool   `json:"denied"`
			Reason          string `json:"reason"`
			EvaluationError string `json:"evaluationError"`
		} `json:"status"`
	}
	if err := json.NewDecoder(answer).Decode(&review); err != nil {
		return backup.Unknown, "", c.Failed(unended(err))
	}
	switch status := review.Status; {
	case status.Allowed:
		return backup.Yes, status.Reason, nil
	case status.EvaluationError != "" && !status.Denied:
		return backup.Unknown, status.EvaluationError, nil
	default:
		return backup.No, status.Reason, nil
	}
}

func accessReview(verb string, ref backup.Ref, subresource string) map[string]any {
	attributes := map[string]any{"verb": verb, "group": ref.Group, "resource": ref.Resource}
	for key, value := range map[string]string{
		"version": ref.Version, "namespace": ref.Namespace, "name": ref.Name, "subresource": subresource,
	} {
		if value != "" {
			attributes[key] = value
		}
	}
	return map[string]any{
		"apiVersion": "authorization.k8s.io/v1", "kind": servedAccessReviews.Kind,
		"spec": map[string]any{"resourceAttributes": attributes},
	}
}

// MayUser asks with a SubjectAccessReview, which is answered and not stored.
func (l *Live) MayUser(ctx context.Context, user, verb string, ref backup.Ref) (backup.Answer, string, error) {
	review := accessReview(verb, ref, "")
	review["kind"] = servedSubjectReviews.Kind
	spec, _ := review["spec"].(map[string]any)
	spec["user"] = user
	// As the API server sees a ServiceAccount.
	// Source: k8s.io/apiserver@v0.36.3 pkg/authentication/serviceaccount/util.go.
	if parts := strings.Split(user, ":"); len(parts) == 4 && parts[1] == "serviceaccount" {
		spec["groups"] = []string{"system:serviceaccounts", "system:serviceaccounts:" + parts[2], "system:authenticated"}
	}
	return l.review(ctx, servedSubjectReviews, review)
}
