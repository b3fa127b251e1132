// Command krew makes the manifest that krew installs from, and holds it to the
// rules that krew's own validator does not.
//
//	go run ./hack/krew name TEMPLATE                        print the plugin's name
//	go run ./hack/krew fill TEMPLATE VERSION [CHECKSUMS]    print the manifest of a release
//	go run ./hack/krew check FILE                           fail if a rule is broken
package main

import (
	"errors"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return errors.New("usage: krew name|fill|check FILE [VERSION [CHECKSUMS]]")
	}
	content, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	switch args[0] {
	case "name":
		name, err := nameOf(content)
		if err != nil {
			return fmt.Errorf("%s: %w", args[1], err)
		}
		fmt.Println(name)
		return nil
	case "fill":
		return printFilled(args[1], content, args[2:])
	case "check":
		var broken []error
		for _, problem := range check(content) {
			broken = append(broken, fmt.Errorf("%s: %s", args[1], problem))
		}
		return errors.Join(broken...)
	}
	return fmt.Errorf("no command %q", args[0])
}

func printFilled(file string, template []byte, args []string) error {
	if len(args) == 0 || len(args) > 2 {
		return errors.New("usage: krew fill TEMPLATE VERSION [CHECKSUMS]")
	}
	var checksums []byte
	if len(args) == 2 {
		var err error
		if checksums, err = os.ReadFile(args[1]); err != nil {
			return err
		}
	}
	filled, err := fill(string(template), args[0], string(checksums))
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	fmt.Print(filled)
	return nil
}
