package backup

import "strings"

// Registry is the host of an image's reference. One without a host is of Docker Hub
// (github.com/distribution/reference normalize.go).
func Registry(image string) string {
	host, _, found := strings.Cut(image, "/")
	if !found || !strings.ContainsAny(host, ".:") && host != "localhost" {
		return "docker.io"
	}
	return host
}
