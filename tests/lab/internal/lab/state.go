package lab

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/build"
	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/process"
)

// users are the names in the token file beside the admin. The lab gives them no rights; tests bind roles.
var users = [...]string{"reader", "actor", "nobody"}

// state is what the lab remembers between two commands.
type state struct {
	// Ports are on loopback, by the name of their use. They stay the same over restarts.
	Ports map[string]int `json:"ports"`
	// Tokens are bearer tokens by user; the admin's name is empty.
	Tokens  map[string]string `json:"tokens"`
	Storage struct {
		Root    keyPair `json:"root"`
		Limited keyPair `json:"limited"`
	} `json:"storage"`
	Processes map[string]process.Record `json:"processes"`
	// Built are the programs and files of the cache that the lab was last started with.
	Built build.Built `json:"built"`

	file string
}

type keyPair struct {
	AccessKey string `json:"accessKey"`
	SecretKey string `json:"secretKey"`
}

func loadState(file string) (*state, error) {
	s := &state{Ports: map[string]int{}, Tokens: map[string]string{}, Processes: map[string]process.Record{}, file: file}
	content, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read state: %w", err)
	}
	if err := json.Unmarshal(content, s); err != nil {
		return nil, fmt.Errorf("read state %s: %w", file, err)
	}
	return s, nil
}

// save replaces the file in one step, because another command may read it at the same time.
func (s *state) save() error {
	content, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("encode state: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(s.file), 0o700); err != nil {
		return fmt.Errorf("create state folder: %w", err)
	}
	if err := os.WriteFile(s.file+".new", content, 0o600); err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	if err := os.Rename(s.file+".new", s.file); err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	return nil
}

// complete picks what the state lacks: ports, tokens, keys.
func (s *state) complete() error {
	if err := pickPorts(s.Ports, portNames[:]); err != nil {
		return err
	}
	for _, user := range append([]string{""}, users[:]...) {
		if s.Tokens[user] == "" {
			s.Tokens[user] = rand.Text()
		}
	}
	s.Storage.Root.complete("LAB")
	s.Storage.Limited.complete("LIMITED")
	return s.save()
}

func (k *keyPair) complete(prefix string) {
	if k.AccessKey == "" {
		k.AccessKey = prefix + strings.ToUpper(rand.Text()[:13])
		k.SecretKey = rand.Text() + rand.Text()[:14]
	}
}
