package velero

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// maxLine is how much of one line is kept, in bytes; its start says what it is about.
const maxLine = 1 << 20

// LogKey finds the log of a backup or restore; ok is false where there is none.
func LogKey(ctx context.Context, bucket Bucket, layout Layout, role backup.Role, name string) (key string, ok bool, err error) {
	r := newReading(bucket, layout, role, name, Options{})
	if !r.list(ctx) {
		return "", false, &SourceError{Key: r.folder, Err: errors.New(r.archive.Error)}
	}
	file := r.archive.File(backup.FileLog)
	return file.Key, file.State.Seen(), nil
}

// ReadLog streams the lines of a log until each returns an error. A line is only
// good until each returns, has no newline, and is cut at 1 MiB.
func ReadLog(ctx context.Context, bucket Bucket, key string, limits Limits, each func(line []byte) error) error {
	file, err := openGzip(ctx, bucket, key, limits.orDefault().Log)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	reader := bufio.NewReaderSize(file, 256<<10)
	var long []byte
	for {
		part, err := reader.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			long = append(long, part[:min(len(part), maxLine-len(long))]...)
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return err
		}
		line := bytes.TrimRight(part, "\r\n")
		if long != nil {
			line, long = append(long, line[:min(len(line), maxLine-len(long))]...), nil
		}
		if len(line) > 0 || err == nil {
			if err := each(line); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
	}
}

// count knows the levels as the two forms of Velero's log write them:
// `time="…" level=error msg=…` and `"level":"error"` (velero@v1.18.3
// pkg/util/logging). Velero's own numbers of errors and warnings count such lines.
func count(line []byte, into *backup.ArchiveLog) {
	into.Lines++
	switch {
	case saysLevel(line, "error"):
		into.Errors++
	case saysLevel(line, "warning"):
		into.Warnings++
	}
}

func saysLevel(line []byte, level string) bool {
	if bytes.HasPrefix(line, []byte("{")) {
		return bytes.Contains(line, []byte(`"level":"`+level+`"`))
	}
	// The level follows the time: what comes behind the first is text that others wrote.
	_, rest, _ := bytes.Cut(line, []byte(" level="))
	return bytes.HasPrefix(rest, []byte(level+" "))
}
