package backup

import "testing"

func TestTheRegistryOfAnImage(t *testing.T) {
	t.Parallel()
	for image, want := range map[string]string{
		"nginx": "docker.io", "velero/velero:v1.18.3": "docker.io", "registry.example.com/a/b@sha256:00": "registry.example.com",
		"localhost/a": "localhost", "10.0.0.1:5000/a:1": "10.0.0.1:5000",
	} {
		if got := Registry(image); got != want {
			t.Errorf("%s is of %s, want %s", image, got, want)
		}
	}
}
