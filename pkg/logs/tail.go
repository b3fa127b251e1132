package logs

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/redact"
)

// The bounds of a tail. A container may log an object of a megabyte on one line;
// its start is what says something.
const (
	maxBytes = 4 << 20
	maxLine  = 16 << 10
	cutMark  = " […]"
)

// Tail reads the last lines of a container's log, without secrets and otherwise
// as they are. An empty container is the pod's only one. What went wrong is
// in the tail, together with the lines that came before it.
func Tail(ctx context.Context, source cluster.LogSource, namespace, pod, container string, lines int) backup.LogTail {
	log, err := source.Logs(ctx, namespace, pod, container, cluster.LogOptions{Tail: int64(lines)})
	if err != nil {
		return backup.LogTail{Lookup: cluster.Lookup(err), Error: redact.Text(err.Error())}
	}
	defer log.Close()
	read, err := readLines(io.LimitReader(log, maxBytes), lines)
	tail := backup.LogTail{Lookup: backup.Found, Lines: redacted(read)}
	if err != nil {
		tail.Lookup, tail.Error = cluster.Lookup(err), redact.Text(fmt.Sprintf("read the log: %v", err))
	}
	return tail
}

// readLines keeps the last lines, at most as many as are wanted.
func readLines(r io.Reader, wanted int) ([]string, error) {
	var out []string
	for buffer := bufio.NewReader(r); ; {
		line, err := readLine(buffer)
		if line != "" || err == nil {
			out = append(out, line)
		}
		if wanted > 0 && len(out) > wanted {
			out = out[1:]
		}
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
	}
}

// readLine reads one line and cuts it where it is too long.
func readLine(r *bufio.Reader) (string, error) {
	var line strings.Builder
	cut := false
	for {
		part, more, err := r.ReadLine()
		if err != nil {
			return line.String(), err
		}
		if room := maxLine - line.Len(); len(part) > room {
			part, cut = part[:max(room, 0)], true
		}
		line.Write(part)
		if more {
			continue
		}
		if cut {
			line.WriteString(cutMark)
		}
		return strings.ToValidUTF8(line.String(), "\uFFFD"), nil
	}
}

// redacted takes secrets out of the lines together, for a private key has many.
func redacted(lines []string) []string {
	if len(lines) == 0 {
		return nil
	}
	return strings.Split(redact.Text(strings.Join(lines, "\n")), "\n")
}
