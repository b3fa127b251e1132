package velero

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Lines as Velero 1.18 writes them, also in the JSON format.
const hookLines = `time="2026-11-21T15:45:13Z" level=info msg="running exec hook" backup=velero/shop hookCommand="[/bin/sync]" hookContainer=web hookName="<from-annotation>" hookOnError=Continue hookPhase=pre hookSource=annotation hookTimeout="{30s}" hookType=exec logSource="github.com/vmware-tanzu/velero@v1.18.3/pkg/podexec/pod_command_executor.go:133"
time="2026-11-21T15:45:13Z" level=info msg="stdout: " backup=velero/shop hookCommand="[/bin/sync]" hookContainer=web hookName="<from-annotation>" hookOnError=Continue hookPhase=pre hookSource=annotation hookTimeout="{30s}" hookType=exec
time="2026-11-21T15:45:13Z" level=error msg="Error executing hook" backup=velero/shop error="no exec found for container \"web\"" hookPhase=pre hookSource=annotation hookType=exec logSource="github.com/vmware-tanzu/velero@v1.18.3/internal/hook/item_hook_handler.go:239"
{"backup":"velero/shop","hookCommand":["fsfreeze","--freeze","/data"],"hookContainer":"db","hookName":"freeze","hookOnError":"Fail","hookPhase":"pre","hookSource":"spec","hookTimeout":"5s","hookType":"exec","level":"info","msg":"running exec hook","time":"2026-11-21T15:45:14Z"}
time="2026-11-21T15:45:14Z" level=error msg="Error executing hook" backup=velero/shop error="no such container" hookPhase=post hookSource=spec hookType=exec
time="2026-11-21T15:45:24Z" level=warning msg="VolumeSnapshotter plugin doesn't support data movement." backup=velero/shop name=pv-2 namespace= persistentVolume=pv-2 resource=persistentvolumes
time="2026-11-21T15:45:24Z" level=info msg="hookSource is no field here" backup=velero/shop
`

func hookedSpec() object {
	exec := func(command ...any) object {
		return object{"exec": object{"container": "db", "command": command, "timeout": "5s"}}
	}
	return object{"hooks": object{"resources": []any{object{
		"name": "freeze", "includedNamespaces": []any{"shop"}, "excludedNamespaces": []any{"bank"},
		"labelSelector": object{"matchLabels": object{"app": "db"}, "matchExpressions": []any{
			object{"key": "tier", "operator": "In", "values": []any{"a", "b"}}, object{"key": "x", "operator": "Exists"}, object{"key": "y", "operator": "DoesNotExist"},
		}},
		"pre": []any{exec("fsfreeze", "--freeze", "/data")}, "post": []any{exec("fsfreeze", "--unfreeze", "/data")},
	}}}}
}

func TestHooksOfTheSpec(t *testing.T) {
	t.Parallel()
	hooks := specHooks(object{"spec": hookedSpec()})
	if len(hooks) != 2 || hooks[0].When != backup.HookPre || hooks[1].When != backup.HookPost || hooks[0].Timeout != "5s" || hooks[0].Container != "db" {
		t.Fatalf("%+v", hooks)
	}
	if want := "namespaces shop; not in namespaces bank; pods with app=db,tier in (a,b),x,!y"; hooks[0].Pods != want {
		t.Errorf("pods %q, want %q", hooks[0].Pods, want)
	}
	restore := specHooks(object{"spec": object{"hooks": object{"resources": []any{object{"name": "after", "postHooks": []any{
		object{"exec": object{"command": []any{"true"}, "execTimeout": "1m0s"}},
		object{"init": object{"timeout": "0s", "initContainers": []any{object{"name": "wait", "command": []any{"sleep"}}}}},
	}}}}}})
	if len(restore) != 2 || restore[0].Timeout != "1m0s" || restore[0].Pods != "all pods" || restore[1].When != backup.HookInit || restore[1].Container != "wait" || restore[1].Timeout != "" {
		t.Errorf("%+v", restore)
	}
	if odd := specHooks(object{"spec": object{"hooks": object{"resources": "none"}}}); odd != nil {
		t.Errorf("hooks of another form: %+v", odd)
	}
}

func TestHooksOfAnnotations(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		annotations map[string]string
		want        []string // when: command
	}{
		"none":             {map[string]string{"pre.hook.backup.velero.io/container": "web"}, nil},
		"before and after": {map[string]string{"pre.hook.backup.velero.io/command": `["a","b"]`, "post.hook.backup.velero.io/command": "c d"}, []string{"pre: a|b", "post: c d"}},
		"the older keys":   {map[string]string{"hook.backup.velero.io/command": "[not json"}, []string{"pre: [not json"}},
		"both":             {map[string]string{"hook.backup.velero.io/command": "old", "pre.hook.backup.velero.io/command": "new"}, []string{"pre: new"}},
	} {
		var got []string
		for _, hook := range podHooks("shop/web-0", test.annotations) {
			got = append(got, string(hook.When)+": "+strings.Join(hook.Command, "|"))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// hooked is the backup "shop" with pods that are annotated, and a log.
func hooked(t *testing.T, pods ...string) files {
	t.Helper()
	all := files{
		"backups/shop/shop-logs.gz": zippedText(t, hookLines),
		"backups/shop/shop-results.gz": zipped(t, object{
			"errors":   object{"velero": []any{` message: /Error executing hook error: /no exec found for container "web"`}},
			"warnings": object{"cluster": []any{" resource: /persistentvolumes name: /pv-2 message: /VolumeSnapshotter plugin doesn't support data movement.", "of no line"}},
		}),
		"backups/shop/shop-resource-list.json.gz": zipped(t, object{}),
		"backups/shop/velero-backup.json": marshalled(t, object{
			"apiVersion": "velero.io/v1", "kind": "Backup", "metadata": object{"name": "shop"}, "spec": hookedSpec(),
			"status": object{"phase": "PartiallyFailed", "errors": 1, "hookStatus": object{"hooksAttempted": 3, "hooksFailed": 2}},
		}),
	}
	entries := []entry{{"metadata/version", "1.1.0"}}
	for _, name := range pods {
		entries = append(entries, entry{"resources/pods/namespaces/shop/" + name + ".json", object{
			"metadata": object{"namespace": "shop", "name": name, "annotations": object{"pre.hook.backup.velero.io/command": `["/bin/sync"]`}},
		}})
	}
	all["backups/shop/shop.tar.gz"] = tarball(t, entries...)
	return all
}

func TestHooksAndTheirRuns(t *testing.T) {
	t.Parallel()
	bucket := hooked(t, "web-1", "web-2", "web-3", "web-4", "web-5", "web-6", "web-7").bucket(t)
	archive := ReadBackup(context.Background(), bucket, Layout{}, "shop", Options{Explain: true, At: testAt()})
	if len(archive.Hooks) != 4 {
		t.Fatalf("%+v", archive.Hooks)
	}
	pre, post, annotated, unknown := archive.Hooks[0], archive.Hooks[1], archive.Hooks[2], archive.Hooks[3]
	if pre.Ran != 1 || pre.Failed != 0 || pre.OnError != "Fail" || post.Ran != 0 || post.Read != backup.Yes {
		t.Errorf("of the spec: %+v, %+v", pre, post)
	}
	if want := "shop/web-1, shop/web-2, shop/web-3, shop/web-4, shop/web-5, …"; annotated.Pods != want || annotated.Ran != 1 || annotated.Failed != 1 || annotated.Timeout != "30s" {
		t.Errorf("of annotations: %+v", annotated)
	}
	if unknown.Failed != 1 || unknown.Ran != 0 || unknown.Error != "no such container" {
		t.Errorf("one that failed before it ran: %+v", unknown)
	}
}

func TestMessagesGetTheirLines(t *testing.T) {
	t.Parallel()
	archive := ReadBackup(context.Background(), hooked(t).bucket(t), Layout{}, "shop", Options{Explain: true, At: testAt()})
	var lines []string
	for _, m := range archive.Messages {
		text := "none"
		if m.Line != nil {
			text = m.Line.Message
		}
		lines = append(lines, text)
	}
	if want := []string{"Error executing hook", "VolumeSnapshotter plugin doesn't support data movement.", "none"}; !slices.Equal(lines, want) {
		t.Errorf("%q, want %q", lines, want)
	}
	if log := archive.Log; log == nil || log.Lines != 7 || log.Errors != 2 || log.Warnings != 1 || len(log.Notable) != 3 {
		t.Errorf("%+v", archive.Log)
	}
}

func TestTheLogIsReadOnlyWhereItExplains(t *testing.T) {
	t.Parallel()
	counted := object{"hooksAttempted": int64(2)}
	for name, test := range map[string]struct {
		spec, status object
		want         bool
	}{
		"nothing to explain":      {object{}, object{"phase": "Completed", "hookStatus": object{}}, false},
		"no hooks":                {object{}, object{"errors": int64(0), "hookStatus": object{"hooksAttempted": int64(0)}}, false},
		"warnings":                {object{}, object{"warnings": 2, "hookStatus": object{}}, true},
		"hooks":                   {object{}, object{"hookStatus": counted}, true},
		"hooks of the spec":       {hookedSpec(), object{"hookStatus": object{}}, true},
		"nobody counted hooks":    {object{}, object{"phase": "Completed"}, true},
		"an object without state": {object{}, nil, true},
	} {
		all := files{
			"restores/back/restore-back-logs.gz": zippedText(t, hookLines),
		}
		manifest := object{"spec": test.spec}
		if test.status != nil {
			manifest["status"] = test.status
		}
		archive := ReadRestore(context.Background(), all.bucket(t), Layout{}, "back", Options{Explain: true, Object: manifest, At: testAt()})
		if read := archive.Log != nil; read != test.want {
			t.Errorf("%s: the log was read: %t", name, read)
		}
		without := ReadRestore(context.Background(), all.bucket(t), Layout{}, "back", Options{Object: manifest, At: testAt()})
		if without.Log != nil {
			t.Errorf("%s: the log was read though nobody asked", name)
		}
	}
}

func TestADamagedLogIsSaid(t *testing.T) {
	t.Parallel()
	all := hooked(t)
	all["backups/shop/shop-logs.gz"] = all["backups/shop/shop-logs.gz"][:100]
	archive := ReadBackup(context.Background(), all.bucket(t), Layout{}, "shop", Options{Explain: true, At: testAt()})
	if state := archive.File(backup.FileLog).State; state != backup.FileTruncated || archive.Log != nil {
		t.Errorf("log %v, state %s", archive.Log, state)
	}
	for _, hook := range archive.Hooks {
		if hook.Read != backup.Unknown || hook.Ran != 0 {
			t.Errorf("%+v", hook)
		}
	}
}

func marshalled(t *testing.T, value any) []byte {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
