package build

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// version is a short hash of a module's go.mod and go.sum and, with sources, of all its Go files.
func version(module string, sources bool) (string, error) {
	files := []string{"go.mod", "go.sum"}
	if sources {
		found, err := goFiles(module)
		if err != nil {
			return "", err
		}
		files = append(files, found...)
	}
	hash := sha256.New()
	for _, name := range files {
		if err := hashFile(hash, module, name); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(hash.Sum(nil))[:12], nil
}

func goFiles(module string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(module, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".go" {
			name, relative := filepath.Rel(module, path)
			files = append(files, name)
			return relative
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list sources: %w", err)
	}
	slices.Sort(files)
	return files, nil
}

func hashFile(hash io.Writer, module, name string) error {
	content, err := os.ReadFile(filepath.Join(module, name))
	if err != nil {
		return fmt.Errorf("read module: %w", err)
	}
	// The length keeps two files from being taken for two others with the same text.
	fmt.Fprintf(hash, "%s %d\n", name, len(content))
	_, err = hash.Write(content)
	return err
}
