package kubelet

import (
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestRegistry(t *testing.T) {
	for image, want := range map[string]string{
		"velero/velero:v1.18.3":                    "docker.io",
		"nginx":                                    "docker.io",
		"registry.example.com/velero/velero:v1":    "registry.example.com",
		"localhost/velero":                         "localhost",
		"registry:5000/velero@sha256:0123456789ab": "registry:5000",
	} {
		if got := registry(image); got != want {
			t.Errorf("registry of %s is %s, want %s", image, got, want)
		}
	}
}

func TestEnvironmentLeadsIntoVolumes(t *testing.T) {
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "backups"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{
		Env: []corev1.EnvVar{
			{Name: "AWS_SHARED_CREDENTIALS_FILE", Value: "/credentials/cloud"},
			{Name: "OTHER", Value: "/credentials-of-another"},
			{Name: "VELERO_NAMESPACE", ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.namespace"}}},
		},
		VolumeMounts: []corev1.VolumeMount{{Name: "cloud-credentials", MountPath: "/credentials"}},
	}}}}
	env := (&Kubelet{options: Options{Proxy: "http://127.0.0.1:1"}}).environment(pod, "/pods/1")
	for _, want := range []string{
		"AWS_SHARED_CREDENTIALS_FILE=/pods/1/volumes/cloud-credentials/cloud",
		"OTHER=/credentials-of-another", "VELERO_NAMESPACE=backups", "HTTP_PROXY=http://127.0.0.1:1", "TMPDIR=/pods/1/tmp",
	} {
		if !slices.Contains(env, want) {
			t.Errorf("%s is not in %v", want, env)
		}
	}
}

func TestPodsOfThisKubelet(t *testing.T) {
	server := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"deploy": "velero"}},
		Spec: corev1.PodSpec{Containers: make([]corev1.Container, 1)}}
	restored := &corev1.Pod{Spec: corev1.PodSpec{InitContainers: []corev1.Container{{Name: "own"}, {Name: "restore-wait"}}}}
	if !isServer(server) || isServer(restored) {
		t.Error("the pod of a server is not told from another")
	}
	if !waitsForRestore(restored) || waitsForRestore(server) {
		t.Error("a restored pod is not told from another")
	}
	var status corev1.PodStatus
	setInitializing(restored, &status, corev1.ContainerState{Running: &corev1.ContainerStateRunning{}})
	if status.InitContainerStatuses[0].State.Waiting == nil || status.InitContainerStatuses[1].State.Running == nil {
		t.Errorf("the init containers are %+v", status.InitContainerStatuses)
	}
}
