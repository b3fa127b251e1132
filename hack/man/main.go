// Command man writes the man pages of the plugin: one for each command, with
// its texts and the date of the release.
//
//	go run ./hack/man FOLDER NAME VERSION DATE
//
// DATE is RFC 3339. The pages are FOLDER/man1/kubectl-NAME-COMMAND.1.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 4 {
		return errors.New("usage: man FOLDER NAME VERSION DATE")
	}
	date, err := time.Parse(time.RFC3339, args[3])
	if err != nil {
		return err
	}
	folder := filepath.Join(args[0], "man1")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	pages, err := pages(args[1], args[2], date.UTC())
	if err != nil {
		return err
	}
	for name, page := range pages {
		if err := os.WriteFile(filepath.Join(folder, name), page, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// fileName is what pages are called by, and what they call each other.
const fileName = "kubectl-backup"

// renamer puts another name of the plugin into a page. Folders and domains that
// are called kubectl-backup, which go on with a slash or a dot, stay.
func renamer(name string) func(page string) string {
	file := regexp.MustCompile(`(?i)` + fileName + `([^/.a-z])`)
	return func(page string) string {
		page = strings.ReplaceAll(page, cli.Name, "kubectl "+name)
		return file.ReplaceAllStringFunc(page, func(found string) string {
			to := "kubectl-" + name
			if strings.HasPrefix(found, "K") {
				to = strings.ToUpper(to)
			}
			return to + found[len(fileName):]
		})
	}
}

// pages are the man pages by their file names.
func pages(name, version string, date time.Time) (map[string][]byte, error) {
	root := plugin.NewCommand(cli.NewGlobals(genericiooptions.NewTestIOStreamsDiscard(), ""))
	root.DisableAutoGenTag = true
	machineless(root.PersistentFlags())
	typed := renamer(name)
	out := map[string][]byte{}
	var walk func(*cobra.Command) error
	walk = func(cmd *cobra.Command) error {
		if cmd != root && !cmd.IsAvailableCommand() {
			return nil
		}
		cmd.DisableAutoGenTag = true
		header := &doc.GenManHeader{Section: "1", Date: &date, Source: fileName + " " + version, Manual: "kubectl plugins"}
		var page bytes.Buffer
		if err := doc.GenMan(cmd, header, &page); err != nil {
			return fmt.Errorf("%s: %w", cmd.CommandPath(), err)
		}
		file := strings.ReplaceAll(cmd.CommandPath(), " ", "-")
		out[strings.Replace(file, fileName, "kubectl-"+name, 1)+".1"] = []byte(typed(page.String()))
		for _, sub := range cmd.Commands() {
			if err := walk(sub); err != nil {
				return err
			}
		}
		return nil
	}
	return out, walk(root)
}

// machineless drops the defaults that are folders of the machine that builds.
func machineless(flags *pflag.FlagSet) {
	flags.VisitAll(func(flag *pflag.Flag) {
		if strings.HasPrefix(flag.DefValue, "/") {
			flag.DefValue = ""
		}
	})
}
