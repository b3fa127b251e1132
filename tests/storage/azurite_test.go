package storage

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const account = "kubectlbackup"

// azurite is one running server for all tests of the package.
type azurite struct{ url, key string }

var running struct {
	once  sync.Once
	stop  func()
	where azurite
	err   error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if running.stop != nil {
		running.stop()
	}
	os.Exit(code)
}

// startAzurite installs and starts the server when the first test needs it.
func startAzurite(t *testing.T) azurite {
	t.Helper()
	running.once.Do(func() { running.where, running.stop, running.err = runAzurite() })
	if running.err != nil {
		t.Fatalf("Azurite, which needs node and npm: %v", running.err)
	}
	return running.where
}

// runAzurite starts the server on a free port of loopback, with its data in
// memory and an account whose key nobody else has.
func runAzurite() (where azurite, stop func(), err error) {
	program, err := installAzurite()
	if err != nil {
		return azurite{}, nil, err
	}
	secret := make([]byte, 64)
	_, _ = rand.Read(secret)
	where.key = base64.StdEncoding.EncodeToString(secret)
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "node", program, "--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--disableTelemetry",
		"--skipApiVersionCheck") // the client that fills it is newer than the server
	cmd.Env = append(os.Environ(), "AZURITE_ACCOUNTS="+account+":"+where.key)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		cancel()
		return azurite{}, nil, err
	}
	stop = func() { cancel(); _ = cmd.Wait() }
	address := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if _, found, ok := strings.Cut(lines.Text(), "listens on "); ok {
				address <- found
			}
		}
		close(address)
	}()
	select {
	case found := <-address:
		if found == "" {
			err = errors.New("it ended before it listened")
		}
		where.url = found + "/" + account
	case <-time.After(time.Minute):
		err = errors.New("it does not listen after a minute")
	}
	if err != nil {
		stop()
		return azurite{}, nil, err
	}
	return where, stop, nil
}

// installAzurite returns the program, installed as the lock file says into a
// folder of the cache that is named after it.
func installAzurite() (string, error) {
	lock, err := os.ReadFile("azurite/package-lock.json")
	if err != nil {
		return "", err
	}
	cache := os.Getenv("KUBECTL_BACKUP_CACHE")
	if cache == "" {
		cache = filepath.Join("..", "..", ".cache")
	}
	if cache, err = filepath.Abs(cache); err != nil {
		return "", err
	}
	sum := sha256.Sum256(lock)
	folder := filepath.Join(cache, "azurite", hex.EncodeToString(sum[:6]))
	program := filepath.Join(folder, "node_modules", "azurite", "dist", "src", "blob", "main.js")
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return "", err
	}
	// Another run may install at the same time: the first to finish wins.
	temporary, err := os.MkdirTemp(filepath.Dir(folder), "install-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(temporary) }()
	if err := os.CopyFS(temporary, os.DirFS("azurite")); err != nil {
		return "", err
	}
	npm := exec.Command("npm", "ci", "--omit=dev", "--omit=optional", "--no-audit", "--no-fund")
	npm.Dir = temporary
	if out, err := npm.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm ci: %w: %s", err, out)
	}
	if err := os.Rename(temporary, folder); err != nil && !errors.Is(err, fs.ErrExist) {
		if _, there := os.Stat(program); there != nil {
			return "", err
		}
	}
	return program, nil
}
