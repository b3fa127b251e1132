// Package klogline writes log lines as klog forms them, with source positions of the programs that the lab plays.
package klogline

import (
	"fmt"
	"io"
	"os"
	"time"
)

// Logger writes to one stream.
type Logger struct {
	Out io.Writer
}

// Info writes a line of severity I; source is a file name and line.
func (l Logger) Info(source, format string, args ...any) {
	l.write('I', source, format, args...)
}

// Error writes a line of severity E; source is a file name and line.
func (l Logger) Error(source, format string, args ...any) {
	l.write('E', source, format, args...)
}

// write leaves errors aside, as klog does: a log that cannot be written must not stop a program.
func (l Logger) write(severity rune, source, format string, args ...any) {
	stamp := time.Now().UTC().Format("0102 15:04:05.000000")
	fmt.Fprintf(l.Out, "%c%s %7d %s] %s\n", severity, stamp, os.Getpid(), source, fmt.Sprintf(format, args...))
}
