//go:build e2e

package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"time"
)

// lab is what `lab env` says.
type lab struct{ kubeconfig, kubectl, velero string }

// labFromEnvironment refuses any cluster but the lab.
func labFromEnvironment() (lab, error) {
	l := lab{os.Getenv("LAB_KUBECONFIG"), os.Getenv("LAB_KUBECTL"), os.Getenv("LAB_VELERO")}
	if l.kubeconfig == "" || l.kubectl == "" || l.velero == "" {
		return lab{}, errors.New("LAB_KUBECONFIG, LAB_KUBECTL and LAB_VELERO are not set (run: make bench)")
	}
	return l, nil
}

// server is a connection to the lab's API server.
type server struct {
	address string
	token   string
	client  *http.Client
}

// connect reads the kubeconfig through kubectl, which spares a YAML parser here.
func (l lab) connect(ctx context.Context) (*server, error) {
	out, err := exec.CommandContext(ctx, l.kubectl, "--kubeconfig", l.kubeconfig, "config", "view", "--raw", "--minify", "-o", "json").Output()
	if err != nil {
		return nil, fmt.Errorf("reading the lab's kubeconfig: %w", err)
	}
	var config struct {
		Clusters []struct {
			Cluster struct {
				Server string `json:"server"`
				CA     []byte `json:"certificate-authority-data"`
				CAFile string `json:"certificate-authority"`
			} `json:"cluster"`
		} `json:"clusters"`
		Users []struct {
			User struct {
				Token string `json:"token"`
			} `json:"user"`
		} `json:"users"`
	}
	if err := json.Unmarshal(out, &config); err != nil {
		return nil, fmt.Errorf("reading the lab's kubeconfig: %w", err)
	}
	if len(config.Clusters) != 1 || len(config.Users) != 1 {
		return nil, errors.New("the lab's kubeconfig names no cluster or no user")
	}
	cluster := config.Clusters[0].Cluster
	if len(cluster.CA) == 0 {
		if cluster.CA, err = os.ReadFile(cluster.CAFile); err != nil {
			return nil, fmt.Errorf("reading the lab's CA: %w", err)
		}
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(cluster.CA)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, MaxIdleConnsPerHost: 8}
	return &server{cluster.Server, config.Users[0].User.Token, &http.Client{Transport: transport, Timeout: 2 * time.Minute}}, nil
}

// call sends a request and hands the answer's body to read, if it is not nil.
func (s *server) call(ctx context.Context, method, path string, body any, read func(io.Reader) error) (int, error) {
	return s.send(ctx, method, path, "application/json", body, read)
}

// merge patches an object.
func (s *server) merge(ctx context.Context, path string, patch any) error {
	code, err := s.send(ctx, http.MethodPatch, path, "application/merge-patch+json", patch, nil)
	if err == nil && code != http.StatusOK {
		err = fmt.Errorf("PATCH %s: HTTP %d", path, code)
	}
	return err
}

func (s *server) send(ctx context.Context, method, path, kind string, body any, read func(io.Reader) error) (int, error) {
	content, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	request, err := http.NewRequestWithContext(ctx, method, s.address+path, bytes.NewReader(content))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+s.token)
	request.Header.Set("Content-Type", kind)
	response, err := s.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	if response.StatusCode < 300 && read != nil {
		return response.StatusCode, read(response.Body)
	}
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, err
}
