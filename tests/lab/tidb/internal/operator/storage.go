package operator

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pingcap/tidb-operator/pkg/apis/pingcap/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	corelisters "k8s.io/client-go/listers/core/v1"
)

// Keys of a Secret with S3 credentials.
const (
	accessKeyField = "access_key"
	secretKeyField = "secret_key"
)

// refusal is why the operator cannot act now; it goes into the condition RetryFailed.
type refusal struct {
	reason  string
	message string
}

func (r *refusal) Error() string { return r.message }

// storageEnv builds the environment of a Job from the Backup's storage and its Secret. A variable of the Backup's
// own env wins. Only S3 is played; the operator knows more.
func storageEnv(backup *v1alpha1.Backup, secrets corelisters.SecretLister) ([]corev1.EnvVar, error) {
	s3 := backup.Spec.S3
	if s3 == nil {
		return nil, &refusal{"UnsupportedStorageType", fmt.Sprintf("backup %s/%s: unsupported storage type", backup.Namespace, backup.Name)}
	}
	env := []corev1.EnvVar{
		{Name: "S3_PROVIDER", Value: string(s3.Provider)},
		{Name: "S3_ENDPOINT", Value: s3.Endpoint},
		{Name: "AWS_REGION", Value: s3.Region},
		{Name: "AWS_ACL", Value: cmp.Or(s3.Acl, "private")},
		{Name: "AWS_STORAGE_CLASS", Value: cmp.Or(s3.StorageClass, "STANDARD_IA")},
	}
	if s3.SecretName != "" {
		if err := checkSecret(backup.Namespace, s3.SecretName, secrets); err != nil {
			return nil, err
		}
		env = append(env,
			fromSecret("AWS_ACCESS_KEY_ID", s3.SecretName, accessKeyField),
			fromSecret("AWS_SECRET_ACCESS_KEY", s3.SecretName, secretKeyField))
	}
	env = slices.DeleteFunc(env, func(builtin corev1.EnvVar) bool {
		return slices.ContainsFunc(backup.Spec.Env, func(own corev1.EnvVar) bool { return own.Name == builtin.Name })
	})
	return append(env, backup.Spec.Env...), nil
}

func checkSecret(namespace, name string, secrets corelisters.SecretLister) error {
	secret, err := secrets.Secrets(namespace).Get(name)
	if apierrors.IsNotFound(err) {
		return &refusal{"GetS3SecretFailed", fmt.Sprintf("get s3 secret %s/%s failed, err: %v", namespace, name, err)}
	}
	if err != nil {
		return fmt.Errorf("get secret %s/%s: %w", namespace, name, err)
	}
	var missing []string
	for _, key := range []string{accessKeyField, secretKeyField} {
		if _, ok := secret.Data[key]; !ok {
			missing = append(missing, key)
		}
	}
	if len(missing) > 0 {
		return &refusal{"s3KeyNotExist", fmt.Sprintf("the s3 secret %s/%s missing some keys: %s", namespace, name, strings.Join(missing, ","))}
	}
	return nil
}

func fromSecret(variable, secret, key string) corev1.EnvVar {
	return corev1.EnvVar{Name: variable, ValueFrom: &corev1.EnvVarSource{
		SecretKeyRef: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: secret},
			Key:                  key,
		},
	}}
}

// invalid says what is wrong with a Backup, or nothing.
func invalid(backup *v1alpha1.Backup) string {
	name := backup.Namespace + "/" + backup.Name
	switch spec := backup.Spec; {
	case spec.BR == nil:
		return fmt.Sprintf("missing cluster config in spec of %s", name)
	case spec.BR.Cluster == "":
		return fmt.Sprintf("cluster should be configured for BR in spec of %s", name)
	case spec.S3 != nil && spec.S3.Bucket == "":
		return fmt.Sprintf("bucket should be configured for BR in spec of %s", name)
	case spec.S3 != nil && spec.S3.Endpoint != "" && !strings.Contains(spec.S3.Endpoint, "://"):
		return fmt.Sprintf("endpoint %s of %s must have a scheme", spec.S3.Endpoint, name)
	}
	return ""
}
