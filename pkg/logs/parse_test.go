package logs

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 8, 9, 33, 500e6, time.UTC)
	for name, c := range map[string]struct {
		in   string
		want Line
	}{
		"klog": {
			"E1121 08:59:02.199914    2060 clean.go:163] For backup tidb-test/backup-test clean 1, failed to clean backup",
			Line{Level: Error, Message: "For backup tidb-test/backup-test clean 1, failed to clean backup", Fields: map[string]string{"caller": "clean.go:163"}},
		},
		"klog, structured": {
			`I1121 08:59:02.199914       1 controller.go:9] "Reconciling \"x\"" backup="a/b" attempt=2`,
			Line{Level: Info, Message: `Reconciling "x"`, Fields: map[string]string{"caller": "controller.go:9", "backup": "a/b", "attempt": "2"}},
		},
		"klog, a quoted word at the start": {
			`W1121 08:59:02.199914       1 a.go:1] "x" is not y`,
			Line{Level: Warning, Message: `"x" is not y`, Fields: map[string]string{"caller": "a.go:1"}},
		},
		"klog behind the runtime's time": {
			"2026-11-21T08:09:33.500000000Z F1121 08:09:33.000000       1 a.go:1] over",
			Line{At: at, Level: Fatal, Message: "over", Fields: map[string]string{"caller": "a.go:1"}},
		},
		"logrus": {
			`time="2026-11-21T08:09:33.5Z" level=error msg="Error uploading log file" backup=velero/b error="dial tcp: i/o timeout" logSource="pkg/a.go:1"`,
			Line{At: at, Level: Error, Message: "Error uploading log file", Fields: map[string]string{"backup": "velero/b", "error": "dial tcp: i/o timeout", "logSource": "pkg/a.go:1"}},
		},
		"logrus, Velero and e-backup": {
			`time="2026-11-21T08:09:33.5Z" level=info msg="Processing item" backup=velero/b logSource="pkg/backup/backup.go:625" name=web-0 namespace=shop progress= resource=pods`,
			Line{At: at, Level: Info, Message: "Processing item", Fields: map[string]string{"backup": "velero/b", "logSource": "pkg/backup/backup.go:625", "name": "web-0", "namespace": "shop", "progress": "", "resource": "pods"}},
		},
		"TiDB": {
			`[2026/11/21 08:09:33.500 +00:00] [ERROR] [backup.go:54] ["failed to backup"] [error="a [b] \"c\""] [n=3] ["a b"="c d"]`,
			Line{At: at, Level: Error, Message: "failed to backup", Fields: map[string]string{"caller": "backup.go:54", "error": `a [b] "c"`, "n": "3", "a b": "c d"}},
		},
		"TiDB, repeated by the backup manager": {
			`I1121 08:59:02.199914       1 backup.go:334] [2026/11/21 08:09:33.500 +00:00] [ERROR] [main.go:60] ["br failed"] [n=3]`,
			Line{At: at, Level: Error, Message: "br failed", Fields: map[string]string{"caller": "main.go:60", "n": "3"}},
		},
		"JSON": {
			`{"level":"warn","ts":1795248573.5,"msg":"slow","n":12345678901234567890,"nested":{"a":1}}`,
			Line{At: at, Level: Warning, Message: "slow", Fields: map[string]string{"n": "12345678901234567890", "nested": `{"a":1}`}},
		},
		"JSON with the words of klog": {
			`{"severity":"ERROR","timestamp":"2026-11-21T08:09:33.5Z","message":"m"}`,
			Line{At: at, Level: Error, Message: "m"},
		},
		"console": {
			"2026-11-21T08:09:33.500Z\tERROR\tcontroller\tcannot reconcile\t{\"error\": \"x\"}",
			Line{At: at, Level: Error, Message: "cannot reconcile", Fields: map[string]string{"error": "x"}},
		},
		"plain":                    {"caused by: connection refused\n", Line{Message: "caused by: connection refused"}},
		"plain with an equation":   {"size=3", Line{Message: "size=3"}},
		"broken JSON":              {`{"level":"error"`, Line{Message: `{"level":"error"`}},
		"brackets of another kind": {"[a] [b] [c]", Line{Message: "[a] [b] [c]"}},
		"nothing":                  {"", Line{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Parse(c.in)
			if !got.At.Equal(c.want.At) {
				t.Errorf("time %s, want %s", got.At, c.want.At)
			}
			got.At = c.want.At
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestFailed(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		"E1121 08:59:02.199914    2060 clean.go:163] x":     true,
		"I1121 08:59:02.199914    2060 clean.go:163] error": false,
		`level=fatal msg=x`:                           true,
		"dial tcp 127.0.0.1:9999: connection refused": true,
		"backup done":                                 false,
		"terror":                                      false,
	} {
		if got := Parse(in).Failed(); got != want {
			t.Errorf("Parse(%q).Failed() = %t", in, got)
		}
	}
}

// FuzzParse holds that every line parses, and that a line of no known format
// comes back whole.
func FuzzParse(f *testing.F) {
	f.Add("E1121 08:59:02.199914    2060 clean.go:163] \"x\" a=\"b\"")
	f.Add(`[2026/11/21 08:09:33.500 +00:00] [ERROR] [a.go:54] ["x"] [error="y]`)
	f.Add(`{"level":"error","ts":1e10,"msg":"x"}`)
	f.Add("2026-11-21T08:09:33.5Z time=\"\" level=error msg=")
	f.Add("2026-11-21T08:09:33.500Z\tERROR\tx\t{}")
	f.Fuzz(func(t *testing.T, s string) {
		line := Parse(s)
		if line.Level == "" && line.Fields == nil && line.At.IsZero() && line.Message != strings.TrimRight(s, "\r\n") {
			if line.Message == "" || !strings.Contains(s, "{") && !strings.Contains(s, "=") {
				t.Errorf("Parse(%q) lost the text: %+v", s, line)
			}
		}
		if line.Level != "" && levelOf(string(line.Level)) != line.Level {
			t.Errorf("Parse(%q) made the level %q", s, line.Level)
		}
	})
}
