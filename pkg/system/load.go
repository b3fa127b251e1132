package system

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v3"
)

//go:embed profiles/*.yaml
var profiles embed.FS

// BuiltIn is the source of an embedded profile.
const BuiltIn = "built-in"

// Options say which profiles to load beside the built-in ones.
type Options struct {
	// Files are profiles that must exist; Dir holds more and may not exist.
	Files []string
	Dir   string
	// Trust names profiles from files that may open the gate for finalizers that
	// a built-in profile guards.
	Trust []string
}

// Load reads the built-in profiles and those of the user. The error names the
// file and, where a field is wrong, its line or path.
func Load(opts Options) (*Registry, error) {
	r := &Registry{trust: opts.Trust}
	entries, err := profiles.ReadDir("profiles")
	if err != nil {
		return nil, fmt.Errorf("read the built-in profiles: %w", err)
	}
	for _, entry := range entries {
		data, err := profiles.ReadFile("profiles/" + entry.Name())
		if err != nil {
			return nil, fmt.Errorf("read built-in profile %s: %w", entry.Name(), err)
		}
		if err := r.add(data, BuiltIn, entry.Name()); err != nil {
			return nil, err
		}
	}
	files, err := userFiles(opts)
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read profile: %w", err)
		}
		if err := r.add(data, name, name); err != nil {
			return nil, err
		}
	}
	if err := r.ties(); err != nil {
		return nil, err
	}
	return r, nil
}

// userFiles are the profiles of the user's folder by name, then the named ones.
func userFiles(opts Options) ([]string, error) {
	var out []string
	if opts.Dir != "" {
		entries, err := os.ReadDir(opts.Dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("read the folder of profiles: %w", err)
		}
		for _, entry := range entries {
			if ext := filepath.Ext(entry.Name()); !entry.IsDir() && (ext == ".yaml" || ext == ".yml") {
				out = append(out, filepath.Join(opts.Dir, entry.Name()))
			}
		}
	}
	for _, name := range opts.Files {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out, nil
}

// add decodes and checks one profile.
func (r *Registry) add(data []byte, source, file string) error {
	profile, err := decode(data)
	if err != nil {
		return fmt.Errorf("profile %s: %w", file, err)
	}
	if err := profile.validate(); err != nil {
		return fmt.Errorf("profile %s: %w", file, err)
	}
	for _, other := range r.systems {
		if other.source == source && other.Metadata.Name == profile.Metadata.Name {
			return fmt.Errorf("profile %s: a second profile named %q", file, profile.Metadata.Name)
		}
	}
	s := &system{Profile: *profile, source: source}
	for i := range s.Spec.Kinds {
		s.kinds = append(s.kinds, newReader(s, &s.Spec.Kinds[i]))
	}
	s.general, s.blocking = newExpressions(nil), newExpressions(nil, item)
	for _, group := range s.Spec.Checks {
		s.checking = append(s.checking, newExpressions(group.Variables, item, givenNow, givenWorks, givenRelated, givenCluster, givenBeside))
	}
	r.systems = append(r.systems, s)
	return nil
}

// decode reads exactly one YAML document and refuses fields that it does not know.
func decode(data []byte) (*Profile, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	var profile Profile
	if err := decoder.Decode(&profile); err != nil {
		return nil, err
	}
	if err := decoder.Decode(new(any)); !errors.Is(err, io.EOF) {
		return nil, errors.New("a file holds one profile, this one holds more than one document")
	}
	return &profile, nil
}
