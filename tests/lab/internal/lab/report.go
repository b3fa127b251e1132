package lab

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/workspace"
)

// How objects in the cluster name the S3 server.
const (
	storageHost    = "minio.s3.svc"
	storageService = "http://" + storageHost + ":9000"
)

// Status prints a table of the lab's processes.
func (l *Lab) Status(ctx context.Context) error {
	table := tabwriter.NewWriter(l.Out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "COMPONENT\tPID\tADDRESS\tREADY")
	for _, d := range l.daemons() {
		pid, address, ready := "-", "-", "no"
		if record := l.state.Processes[d.name]; record.Alive() {
			pid, address = fmt.Sprint(record.PID), l.address(d.port)
			if d.ready(ctx) == nil {
				ready = "yes"
			}
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", d.name, pid, address, ready)
	}
	return table.Flush()
}

// Environment prints what tests need to know as assignments of a POSIX shell.
func (l *Lab) Environment() error {
	program, err := l.keepProgram()
	if err != nil {
		return err
	}
	for _, variable := range [][2]string{
		{workspace.NameVariable, l.Workspace.Name},
		{"LAB_STATE", l.Workspace.State()},
		{"LAB_KUBECONFIG", l.Workspace.Kubeconfig("")},
		{"LAB_KUBECTL", l.state.Built["kubectl"]},
		{"LAB_VELERO", l.state.Built["velero"]},
		{"LAB_PROGRAM", program},
		// Kubectl and the plugin would otherwise fill the cache in the person's home.
		{"KUBECACHEDIR", l.Workspace.State("kubectl-cache")},
		{"LAB_S3_ENDPOINT", l.url("http", portStorage)},
		{"LAB_S3_SERVICE", storageService},
		{"LAB_S3_ACCESS_KEY", l.state.Storage.Root.AccessKey},
		{"LAB_S3_SECRET_KEY", l.state.Storage.Root.SecretKey},
		{"LAB_S3_LIMITED_ACCESS_KEY", l.state.Storage.Limited.AccessKey},
		{"LAB_S3_LIMITED_SECRET_KEY", l.state.Storage.Limited.SecretKey},
	} {
		if _, err := fmt.Fprintf(l.Out, "export %s='%s'\n", variable[0], variable[1]); err != nil {
			return fmt.Errorf("print environment: %w", err)
		}
	}
	return nil
}

// keepProgram copies this program into the lab, because `go run` removes its own, and returns where it is.
func (l *Lab) keepProgram() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find this program: %w", err)
	}
	kept := l.Workspace.State("bin", "lab")
	if self == kept {
		return kept, nil
	}
	content, err := os.ReadFile(self)
	if err != nil {
		return "", fmt.Errorf("read this program: %w", err)
	}
	if err := os.MkdirAll(l.Workspace.State("bin"), 0o700); err != nil {
		return "", fmt.Errorf("keep this program: %w", err)
	}
	// It may run just now; a new file under its name does not disturb it.
	if err := os.WriteFile(kept+".new", content, 0o700); err != nil {
		return "", fmt.Errorf("keep this program: %w", err)
	}
	if err := os.Rename(kept+".new", kept); err != nil {
		return "", fmt.Errorf("keep this program: %w", err)
	}
	return kept, nil
}
