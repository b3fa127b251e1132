// Command sbom writes what a release archive is made of, as SPDX 2.3 in JSON
// beside the archive: the modules that the build information of its program
// lists. The same archive always gives the same bytes.
//
//	go -C hack/sbom run . PROGRAM ARCHIVE VERSION DATE
//
// DATE is RFC 3339; paths are absolute. It writes ARCHIVE.spdx.json.
package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spdx/tools-golang/json"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(args []string) (err error) {
	if len(args) != 4 {
		return errors.New("usage: sbom PROGRAM ARCHIVE VERSION DATE")
	}
	info, err := buildinfo.ReadFile(args[0])
	if err != nil {
		return err
	}
	date, err := time.Parse(time.RFC3339, args[3])
	if err != nil {
		return err
	}
	sum, err := checksum(args[1])
	if err != nil {
		return err
	}
	out, err := os.Create(args[1] + ".spdx.json")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	release := release{archive: filepath.Base(args[1]), sha256: sum, version: args[2], date: date.UTC()}
	return json.Write(release.document(info), out, json.Indent("  "), json.EscapeHTML(false))
}

func checksum(file string) (string, error) {
	in, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer in.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, in); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
