package logs

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestFilter(t *testing.T) {
	t.Parallel()
	const (
		text = `time="2026-11-21T08:00:00Z" level=warning msg="a \"quoted\" word, level=error" backup=velero/shop error="dial tcp: \"x\"" name=web-0`
		json = `{"backup":"velero/shop","error.message":"dial","level":"warning","msg":"level=error","n":{"a":["}"]},"name":"web-0","time":"2026-11-21T08:00:00Z"}`
		klog = `W1121 08:59:02.199914       1 a.go:1] "x" backup="velero/shop" name="web-0"`
	)
	hour := func(h int) time.Time { return time.Date(2026, 11, 21, h, 0, 0, 0, time.UTC) }
	field := func(name string, values ...string) []FieldFilter { return []FieldFilter{{name, values}} }
	for name, c := range map[string]struct {
		filter Filter
		want   bool
	}{
		"all":                {Filter{}, true},
		"its level":          {Filter{Level: Warning}, true},
		"a graver level":     {Filter{Level: Error}, false},
		"a field":            {Filter{Fields: field("backup", "velero/shop")}, true},
		"either spelling":    {Filter{Fields: field("backup", "shop", "velero/shop")}, true},
		"another value":      {Filter{Fields: field("backup", "velero/shop-2")}, false},
		"a missing field":    {Filter{Fields: field("restore", "velero/shop")}, false},
		"two fields":         {Filter{Fields: append(field("backup", "velero/shop"), field("name", "web-0")...)}, true},
		"one of two fields":  {Filter{Fields: append(field("backup", "velero/shop"), field("name", "web-1")...)}, false},
		"level and field":    {Filter{Level: Info, Fields: field("name", "web-0")}, true},
		"field, wrong level": {Filter{Level: Fatal, Fields: field("name", "web-0")}, false},
	} {
		for form, line := range map[string]string{"text": text, "JSON": json, "klog": klog} {
			if got := c.filter.Match([]byte(line)); got != c.want {
				t.Errorf("%s, %s: %t", name, form, got)
			}
		}
	}
	for name, c := range map[string]struct {
		filter Filter
		line   string
		want   bool
	}{
		"since":                    {Filter{Since: hour(8)}, text, true},
		"since later":              {Filter{Since: hour(9)}, text, false},
		"until":                    {Filter{Until: hour(8)}, json, false},
		"until later":              {Filter{Until: hour(9)}, json, true},
		"no time":                  {Filter{Since: hour(9)}, "level=info msg=x", true},
		"a time that is none":      {Filter{Since: hour(9)}, "time=soon level=info msg=x", true},
		"an escaped value":         {Filter{Fields: field("error", `dial tcp: "x"`)}, text, true},
		"an error of JSON":         {Filter{Fields: field("error.message", "dial")}, json, true},
		"a continued line":         {Filter{Level: Error}, "\tat main.go:7", true},
		"a continued line, fields": {Filter{Fields: field("a", "b")}, "caused by: a=b", false},
		"BR":                       {Filter{Level: Error}, `[2026/11/21 08:09:33.500 +00:00] [INFO] [a.go:1] ["x"]`, false},
		"JSON that breaks off":     {Filter{Level: Error}, `{"level":"info"`, false},
		"broken JSON":              {Filter{Level: Error}, `{"lev`, true},
		"a level of another word":  {Filter{Level: Error}, `level=ERROR msg=x`, true},
		"nothing":                  {Filter{Level: Error}, "", true},
		"BR, since":                {Filter{Since: hour(9)}, `[2026/11/21 08:09:33.500 +00:00] [INFO] [a.go:1] ["x"]`, false},
	} {
		if got := c.filter.Match([]byte(c.line)); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// FuzzFilter holds that the quick scan and the parser agree wherever the quick
// scan has an answer.
func FuzzFilter(f *testing.F) {
	f.Add(`time="2026-11-21T08:00:00Z" level=warning msg="a \" b" backup=velero/shop`)
	f.Add(`{"level":"error","backup":"velero\u002fshop","msg":"x"}`)
	f.Add(`level=error backup="velero/\x73hop" msg=x`)
	filter := Filter{Level: Warning, Fields: []FieldFilter{{"backup", []string{"velero/shop"}}}}
	f.Fuzz(func(t *testing.T, line string) {
		got := filter.Match([]byte(line))
		parsed := Parse(line)
		if got && parsed.Level != "" && parsed.Level.rank() < Warning.rank() && !strings.Contains(line, "level") {
			t.Errorf("%q was taken with level %s", line, parsed.Level)
		}
		if got && !bytes.Contains([]byte(line), []byte("backup")) && !strings.Contains(line, `\`) {
			t.Errorf("%q was taken without the field", line)
		}
	})
}

// BenchmarkFilter is the filter over a log of Velero, one core, bytes a second.
func BenchmarkFilter(b *testing.B) {
	var text, object bytes.Buffer
	for i := range 10_000 {
		fmt.Fprintf(&text, `time="2026-11-21T08:00:00Z" level=info msg="Processing item" backup=velero/shop logSource="pkg/backup/backup.go:625" name=web-%d namespace=shop progress= resource=pods`+"\n", i)
		fmt.Fprintf(&object, `{"backup":"velero/shop","level":"info","logSource":"pkg/backup/backup.go:625","msg":"Processing item","name":"web-%d","namespace":"shop","progress":"","resource":"pods","time":"2026-11-21T08:00:00Z"}`+"\n", i)
	}
	since := time.Date(2026, 11, 21, 7, 0, 0, 0, time.UTC)
	for name, filter := range map[string]Filter{
		"level": {Level: Error},
		"field": {Fields: []FieldFilter{{"backup", []string{"shop", "velero/other"}}}},
		"time":  {Since: since},
		"all":   {Level: Info, Since: since, Fields: []FieldFilter{{"backup", []string{"velero/shop"}}, {"resource", []string{"pods"}}}},
	} {
		for form, log := range map[string][]byte{"text": text.Bytes(), "JSON": object.Bytes()} {
			b.Run(name+"/"+form, func(b *testing.B) {
				b.SetBytes(int64(len(log)))
				b.ReportAllocs()
				for b.Loop() {
					for line := range bytes.Lines(log) {
						filter.Match(bytes.TrimSuffix(line, []byte("\n")))
					}
				}
			})
		}
	}
}
